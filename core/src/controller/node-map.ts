/** A map of nodes that can be walked through and keeps no node alive. */
export interface NodeMap<Value> {
  get(node: Node): Value | undefined
  set(node: Node, value: Value): void
  /** Of the nodes that are still held by somebody else. */
  entries(): [Node, Value][]
}

/** Below so many nodes it is not worth looking for those that are gone. */
const FEW = 1000

export function createNodeMap<Value>(): NodeMap<Value> {
  const values = new WeakMap<Node, Value>()
  let refs: WeakRef<Node>[] = []
  let sweepAt = FEW

  return {
    get: (node) => values.get(node),
    set(node, value) {
      if (!values.has(node)) refs.push(new WeakRef(node))
      values.set(node, value)
      if (refs.length < sweepAt) return
      refs = refs.filter((ref) => ref.deref() !== undefined)
      sweepAt = FEW + refs.length * 2
    },
    entries: () =>
      refs.flatMap((ref) => {
        const node = ref.deref()
        return node === undefined ? [] : [[node, values.get(node) as Value]]
      }),
  }
}
