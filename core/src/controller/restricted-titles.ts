import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'
import { QUARANTINE } from './suspects.ts'

/**
 * The title of a restricted page often stays until the next page has one of its own, and some frameworks write an
 * earlier one anew after that page is there. Whatever a title said while the page was restricted is left out, for as long
 * as the title in the head says the same words.
 */
export interface RestrictedTitles {
  /** Learns what titles say from now on; with `all`, also what they say already. */
  learn(all: boolean): Stop
  add(words: readonly string[]): void
  isRestricted(words: string): boolean
  /** From now on, and what the title says now. */
  leaveOut(): void
  /** Watches no longer, until `leaveOut`. */
  stop(): void
}

export function watchTitles(report: Report): RestrictedTitles {
  const restricted = new Set<string>()
  const titles = (): HTMLTitleElement[] => [...document.head.querySelectorAll('title')]
  const wordsOf = (title: HTMLTitleElement): string => title.text.trim()
  const observe = (run: () => void): MutationObserver => {
    const observer = new MutationObserver(run)
    observer.observe(document.head, { childList: true, characterData: true, subtree: true })
    return observer
  }

  const look = guard('titles', report, () => {
    for (const title of titles()) title.toggleAttribute(QUARANTINE, restricted.has(wordsOf(title)))
  })
  let watching: MutationObserver | undefined

  return {
    learn(all) {
      const harmless = new Set(all ? [] : titles().map(wordsOf))
      const note = guard('titles', report, () => {
        for (const words of titles().map(wordsOf)) if (!harmless.has(words)) restricted.add(words)
      })
      note()
      const observer = observe(note)
      let isLearning = true
      return () => {
        // What came last in the same task; later titles are those of other pages.
        if (isLearning) note()
        isLearning = false
        observer.disconnect()
      }
    },
    add(words) {
      for (const one of words) restricted.add(one)
    },
    isRestricted: (words) => restricted.has(words),
    leaveOut() {
      if (restricted.size === 0) return
      look()
      // There before the recorder's own, so it is told first.
      watching?.disconnect()
      watching = observe(look)
    },
    stop: () => watching?.disconnect(),
  }
}
