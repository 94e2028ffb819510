import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'
import { DOCUMENT, isElement, nodeTypeOf } from './dom.ts'

/** Editable elements that were typed into, for their whole life. */
const typedInto = new WeakSet<Element>()

export const wasTypedInto = (element: Element): boolean => typedInto.has(element)

export interface TypingWatch {
  /** Listens in one more document; shadow roots and known documents cost nothing. */
  add(root: Node): void
  stop: Stop
}

/** Notices where people type, before the page can react to it. */
export function watchTyping(report: Report): TypingWatch {
  let listening = new AbortController()
  const notice = guard('noticing input', report, (event: Event) => {
    const target = event.composedPath()[0] as Node
    if (isElement(target) && !typedInto.has(target) && (target as HTMLElement).isContentEditable) {
      typedInto.add(target)
    }
  })
  return {
    add(root) {
      if (nodeTypeOf(root) !== DOCUMENT) return
      const { signal } = listening
      // What the page has stopped in a listener of its own counts too.
      root.addEventListener('input', notice, { capture: true, passive: true, signal })
    },
    stop() {
      listening.abort()
      listening = new AbortController()
    },
  }
}
