import { guard, type Report } from '../errors.ts'
import { QUARANTINE } from './suspects.ts'

/**
 * The title of a restricted page often stays until the next page has one of its own, and some frameworks write it anew
 * after that page is there. A title in the head is left out for as long as it says the same words.
 */
export interface RestrictedTitles {
  /** From now on, and what says them now. */
  leaveOut(words: readonly string[]): void
  /** Watches no longer, until the next words. */
  stop(): void
}

export function watchTitles(report: Report): RestrictedTitles {
  const restricted = new Set<string>()
  let observer: MutationObserver | undefined

  const look = guard('titles', report, () => {
    for (const title of document.head.querySelectorAll('title')) {
      title.toggleAttribute(QUARANTINE, restricted.has(title.text.trim()))
    }
  })

  return {
    leaveOut(words) {
      for (const one of words) restricted.add(one)
      if (restricted.size === 0) return
      look()
      // There before the recorder's own, so it is told first.
      observer ??= new MutationObserver(look)
      observer.observe(document.head, { childList: true, characterData: true, subtree: true })
    },
    stop: () => observer?.disconnect(),
  }
}
