import type { Stop } from '../types.ts'

// What happens to the document while a restricted screen is on show. The last turn of it, which is what observers have
// not been told yet, may already be the next screen: React and Svelte let go of a component when what replaces it is in.

/** The changes since observers were last told. */
export interface LastChanges {
  /** Came with them and was not there before, nor was what it is in. */
  isNew(node: Node): boolean
  /** What they took out. It may come back, for an animation of its leaving. */
  readonly removed: readonly Node[]
}

export interface RestrictedChanges {
  /** Begins anew; returns the end. */
  watch(): Stop
  /** Ends the turn. If it was a replacement, what came and the words that were changed in it are the next screen's. */
  takeLast(isReplacement: boolean): LastChanges
  /** Texts that a restricted screen has changed in place. */
  texts(): readonly Text[]
  forgetTexts(): void
}

export function createRestrictedChanges(): RestrictedChanges {
  let texts = new Set<Text>()
  /** Each is the top of what was put in or taken out. */
  let earlier = new WeakSet<Node>()
  let observer: MutationObserver | null = null

  const note = (records: readonly MutationRecord[]): void => {
    for (const { type, target, addedNodes, removedNodes } of records) {
      if (type === 'characterData') texts.add(target as Text)
      for (const node of [...addedNodes, ...removedNodes]) earlier.add(node)
    }
  }

  return {
    watch() {
      texts = new Set()
      earlier = new WeakSet()
      observer?.disconnect()
      const own = new MutationObserver(note)
      own.observe(document, { subtree: true, childList: true, characterData: true })
      observer = own
      return () => own.disconnect()
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
        for (const { target } of records) texts.delete(target as Text)
      } else note(records)
      return { isNew: (node) => isReplacement && isNew(node), removed: [...removed] }
    },
    texts: () => [...texts],
    forgetTexts() {
      texts = new Set()
    },
  }
}
