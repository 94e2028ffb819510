import type { RecordedNode } from './recorded-text.ts'

/** What a mutation adds: rrweb writes each new node by itself, without its children. */
interface Add {
  parentId: number
  nextId: number | null
  node: RecordedNode
}

/** The text of a serialised node with everything in it; nothing of what is no node. */
export function textBelow(node: unknown): string {
  const open = new Set<unknown>()
  const read = (node: unknown): string => {
    const { type, textContent, childNodes } = (node ?? {}) as Partial<RecordedNode>
    if (type === 3 && typeof textContent === 'string') return textContent
    // What a recorder did wrong, or a page of an attacker's making, may lie inside itself.
    if (!Array.isArray(childNodes) || open.has(node)) return ''
    open.add(node)
    const text = childNodes.map(read).join('')
    open.delete(node)
    return text
  }
  return read(node)
}

/** Puts the nodes of one mutation together again. Gives the new children of each parent, in order. */
export function addedSiblings(adds: readonly Add[]): RecordedNode[][] {
  const nodes = new Map(adds.map(({ node }) => [node.id, { ...node, childNodes: childrenOf(node) }]))
  const lists = new Map<number, RecordedNode[]>()
  for (const { parentId, nextId, node } of adds) {
    const siblings = lists.get(parentId) ?? nodes.get(parentId)?.childNodes ?? []
    lists.set(parentId, siblings)
    // Those that come after are written first, unless they were on the page before.
    const next = siblings.findIndex((sibling) => sibling?.id === nextId)
    siblings.splice(next < 0 ? siblings.length : next, 0, nodes.get(node.id) ?? node)
  }
  return [...lists.values()]
}

function childrenOf({ childNodes }: RecordedNode): RecordedNode[] {
  return Array.isArray(childNodes) ? [...childNodes] : []
}
