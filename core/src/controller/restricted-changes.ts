import type { Stop } from '../types.ts'
import { createNodeMap } from './node-map.ts'
import { isSilent, lookThrough } from './suspects.ts'

// What happens to the document while a restricted screen is on show. The last turn of it, which is what observers have
// not been told yet, may already be the next screen: React and Svelte let go of a component when what replaces it is in.

/** The changes since observers were last told. */
export interface LastChanges {
  /** Came with them and was not there before, nor was what it is in. */
  isNew(node: Node): boolean
  /** What they took out. It may come back, for an animation of its leaving. */
  readonly removed: readonly Node[]
}

/** Where words stand: in a text, or in an attribute of an element. */
export interface Wording {
  readonly node: Node
  /** null: the node is a text. */
  readonly attribute: string | null
}

export interface RestrictedChanges {
  /** Begins anew; returns the end. */
  watch(): Stop
  /** Watches no longer until the returned function is called; what says something else by then counts as changed. */
  pause(): () => void
  /** Ends the turn. If it was a replacement, what came and the words that were changed in it are the next screen's. */
  takeLast(isReplacement: boolean): LastChanges
  /** Where a restricted screen has changed words in place, and they do not say what they said before it. */
  changed(): Wording[]
  forgetChanged(): void
}

/**
 * The attributes that say something: what people read or hear, and addresses. Not among them is what only changes looks
 * or states (`class`, `style`, `aria-expanded`), which shells write all the time.
 */
const SPEAKING = [
  'title',
  'alt',
  'aria-label',
  'aria-description',
  'aria-valuetext',
  'placeholder',
  'label',
  'value',
  'href',
  'src',
  'srcset',
]

const OBSERVED: MutationObserverInit = {
  subtree: true,
  childList: true,
  characterData: true,
  characterDataOldValue: true,
  attributeFilter: SPEAKING,
  attributeOldValue: true,
}

export function createRestrictedChanges(): RestrictedChanges {
  /** What the words said before, by node and attribute. A list that lives changes thousands of rows, which then go. */
  let before = createNodeMap<Map<string | null, string | null>>()
  /** Each is the top of what was put in or taken out. */
  let earlier = new WeakSet<Node>()
  let observer: MutationObserver | null = null

  const noteWords = ({ node, attribute }: Wording, said: string | null): void => {
    const known = before.get(node) ?? new Map<string | null, string | null>()
    before.set(node, known)
    if (!known.has(attribute)) known.set(attribute, said)
  }

  const note = (records: readonly MutationRecord[]): void => {
    for (const { type, target, attributeName, oldValue, addedNodes, removedNodes } of records) {
      if (type !== 'childList') noteWords({ node: target, attribute: attributeName }, oldValue)
      for (const node of [...addedNodes, ...removedNodes]) earlier.add(node)
    }
  }

  const observe = (): void => {
    observer?.disconnect()
    observer = new MutationObserver(note)
    // Observing a document ends at shadow roots.
    for (const root of lookThrough(document, () => true).observable) observer.observe(root, OBSERVED)
  }

  const stop = (): void => observer?.disconnect()

  return {
    watch() {
      before = createNodeMap()
      earlier = new WeakSet()
      observe()
      return stop
    },
    pause() {
      note(observer?.takeRecords() ?? [])
      stop()
      const said = new WeakMap<Node, (string | null)[]>()
      eachNode((node) => said.set(node, wordingsOf(node).map(wordsOf)))
      return () => {
        eachNode((node) => {
          const then = said.get(node)
          wordingsOf(node).forEach((wording, index) => {
            const words = then?.[index]
            if (words !== undefined && words !== wordsOf(wording)) noteWords(wording, words)
          })
        })
        observe()
      }
    },
    takeLast(isReplacement) {
      const records = observer?.takeRecords() ?? []
      const added = new Set<Node>()
      const removed = new Set<Node>()
      for (const { addedNodes, removedNodes } of records) {
        // In order: a node that was taken out first has only been moved.
        for (const node of removedNodes) if (!added.has(node)) removed.add(node)
        for (const node of addedNodes) if (!removed.has(node)) added.add(node)
      }
      const isNew = (node: Node | null): boolean =>
        node !== null &&
        !earlier.has(node) &&
        !removed.has(node) &&
        (added.has(node) || isNew(node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null))
      if (isReplacement) {
        for (const { target, attributeName } of records) before.get(target)?.delete(attributeName)
      } else note(records)
      return { isNew: (node) => isReplacement && isNew(node), removed: [...removed] }
    },
    changed: () =>
      before.entries().flatMap(([node, words]) =>
        isSilent(node) || isSilent(node.parentNode)
          ? []
          : [...words].flatMap(([attribute, said]) => {
              const now = wordsOf({ node, attribute })
              return now === said || !/\S/.test(now ?? '') ? [] : { node, attribute }
            }),
      ),
    forgetChanged() {
      before = createNodeMap()
    },
  }
}

/** What stands there now. */
export const wordsOf = ({ node, attribute }: Wording): string | null =>
  // Through the prototype: a form may have a field of this name.
  attribute === null ? node.nodeValue : Element.prototype.getAttribute.call(node, attribute)

const wordingsOf = (node: Node): Wording[] =>
  node.nodeType === Node.TEXT_NODE
    ? [{ node, attribute: null }]
    : SPEAKING.map((attribute) => ({ node, attribute }))

const eachNode = (run: (node: Node) => void): void => {
  lookThrough(document, (node) => {
    run(node)
    return true
  })
}
