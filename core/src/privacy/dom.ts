/**
 * Reads of the live tree that a page can not mislead: a form field named `parentNode` or `matches` hides
 * the form's own property of that name, so everything is read through the prototypes.
 */

const getters = new Map<string, (this: unknown) => unknown>()

function read(owner: 'Node' | 'Element' | 'Text' | 'ShadowRoot', name: string, target: unknown): unknown {
  const key = `${owner}.${name}`
  let getter = getters.get(key)
  if (!getter) {
    const prototype = (globalThis as unknown as Record<string, { prototype: object } | undefined>)[owner]
      ?.prototype
    const found = prototype && Object.getOwnPropertyDescriptor(prototype, name)?.get
    getter = found ?? (() => undefined)
    getters.set(key, getter)
  }
  return getter.call(target)
}

const ELEMENT = 1
const TEXT = 3
const DOCUMENT = 9
const FRAGMENT = 11

export function nodeTypeOf(node: Node): number {
  return read('Node', 'nodeType', node) as number
}

export function isElement(node: Node | null): node is Element {
  return node !== null && nodeTypeOf(node) === ELEMENT
}

export function isDocument(node: Node): node is Document {
  return nodeTypeOf(node) === DOCUMENT
}

/** The parent in one tree; `null` at a shadow root or document. */
export function parentOf(node: Node): Node | null {
  return read('Node', 'parentNode', node) as Node | null
}

/** The lower-case name without prefix. */
export function tagOf(element: Element): string {
  return (read('Element', 'localName', element) as string).toLowerCase()
}

export function attributeOf(element: Element, name: string): string | null {
  return Element.prototype.getAttribute.call(element, name)
}

export function matches(element: Element, selector: string): boolean {
  return Element.prototype.matches.call(element, selector)
}

export function shadowRootOf(element: Element): ShadowRoot | null {
  return read('Element', 'shadowRoot', element) as ShadowRoot | null
}

/**
 * One step up the tree as it is displayed: the slot that shows the node, else the parent, the host of a
 * shadow root, the frame element of a document. `null` at the top and where another origin begins.
 */
export function composedParent(node: Node): Node | null {
  const type = nodeTypeOf(node)
  if (type === ELEMENT || type === TEXT) {
    const slot = read(type === ELEMENT ? 'Element' : 'Text', 'assignedSlot', node)
    if (slot) return slot as Node
  }
  const parent = parentOf(node)
  if (parent) return parent
  if (type === FRAGMENT) return ((node as ShadowRoot).host as Element | undefined) ?? null
  if (type === DOCUMENT) {
    try {
      return (node as Document).defaultView?.frameElement ?? null
    } catch {
      return null
    }
  }
  return null
}

/** The nodes above `node` on that way, nearest first. */
export function* composedAncestors(node: Node): Generator<Node> {
  for (let above = composedParent(node); above; above = composedParent(above)) yield above
}
