import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'
import { composedAncestors, DOCUMENT, documentOf, focusedIn, isElement, nodeTypeOf, tagOf } from './dom.ts'
import { isField } from './fields.ts'

/** Browsers and password managers fill in so many fields at once, only one of which can have the focus. */
const MOST_FIELDS = 32
const LATELY_MS = 5_000

/** The fields of the last inputs and when these were, oldest first. */
const lately = new Map<Element, number>()

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
    if (!isElement(target)) return
    if (isField(tagOf(target))) rememberField(target)
    else if (!typedInto.has(target) && (target as HTMLElement).isContentEditable) typedInto.add(target)
  })
  return {
    add(root) {
      if (nodeTypeOf(root) !== DOCUMENT) return
      const { signal } = listening
      // What the page has stopped in a listener of its own counts too.
      root.addEventListener('input', notice, { capture: true, passive: true, signal })
    },
    stop() {
      lately.clear()
      listening.abort()
      listening = new AbortController()
    },
  }
}

function rememberField(field: Element): void {
  lately.delete(field)
  lately.set(field, performance.now())
  forgetFields()
}

function forgetFields(): void {
  const since = performance.now() - LATELY_MS
  for (const [field, at] of lately) {
    if (at >= since && lately.size <= MOST_FIELDS) return
    lately.delete(field)
  }
}

/** The fields below an element, in the tree as displayed, that are being typed into. */
export type FieldsWithin = (element: Element) => readonly Element[]

const NONE: readonly Element[] = []

/** Answers for one moment; looks upwards from each such field once, when first asked. */
export function createFieldsWithin(): FieldsWithin {
  const within = new Map<Node, Element[]>()
  const documents = new Set<Document | null>()
  const put = (field: Element): void => {
    for (const above of composedAncestors(field)) {
      const fields = within.get(above)
      if (fields) fields.push(field)
      else within.set(above, [field])
    }
  }
  return (element) => {
    if (documents.size === 0) {
      forgetFields()
      for (const field of lately.keys()) put(field)
    }
    const document = documentOf(element)
    if (!documents.has(document)) {
      documents.add(document)
      const focused = document && focusedIn(document)
      if (focused && isField(tagOf(focused)) && !lately.has(focused)) put(focused)
    }
    return within.get(element) ?? NONE
  }
}
