/**
 * Reads of the live tree that a page cannot mislead: a form field named `parentNode` or `matches` hides
 * the form's own property of that name, so everything is read through the prototypes.
 */

type Owner = 'Node' | 'Element' | 'Text' | 'Document'

/** A read through the prototype, looked up at the first use: a server has no prototypes. */
function reader<Value>(owner: Owner, name: string): (target: Node) => Value {
  let getter: ((this: Node) => Value) | undefined
  return (target) => {
    getter ??= Object.getOwnPropertyDescriptor(globalThis[owner].prototype, name)?.get ?? absent
    return getter.call(target)
  }
}

function absent(): undefined {}

export const ELEMENT = 1
const TEXT = 3
export const DOCUMENT = 9
const FRAGMENT = 11

export const nodeTypeOf = reader<number>('Node', 'nodeType')

export function isElement(node: Node | null): node is Element {
  return node !== null && nodeTypeOf(node) === ELEMENT
}

export function isDocument(node: Node): node is Document {
  return nodeTypeOf(node) === DOCUMENT
}

/** The parent in one tree; `null` at a shadow root or document. */
export const parentOf = reader<Node | null>('Node', 'parentNode')

const localName = reader<string>('Element', 'localName')
const slotOfElement = reader<Node | null>('Element', 'assignedSlot')
const slotOfText = reader<Node | null>('Text', 'assignedSlot')

export const firstElementChildOf = reader<Element | null>('Element', 'firstElementChild')
export const nextElementSiblingOf = reader<Element | null>('Element', 'nextElementSibling')
export const textOf = reader<string | null>('Node', 'textContent')
export const shadowOf = reader<ShadowRoot | null>('Element', 'shadowRoot')
export const documentOf = reader<Document | null>('Node', 'ownerDocument')
const focusOf = reader<Element | null>('Document', 'activeElement')

/** What has the focus, inside open shadow trees too. */
export function focusedIn(document: Document): Element | null {
  let focused = focusOf(document)
  for (let inner = focused; inner; inner = shadowOf(inner)?.activeElement ?? null) focused = inner
  return focused
}

/** The lower-case name without prefix. */
export function tagOf(element: Element): string {
  return localName(element).toLowerCase()
}

export function attributeOf(element: Element, name: string): string | null {
  return Element.prototype.getAttribute.call(element, name)
}

export function matches(element: Element, selector: string): boolean {
  return Element.prototype.matches.call(element, selector)
}

/**
 * One step up the tree as it is displayed: the slot that shows the node, else the parent, the host of a
 * shadow root, the frame element of a document. `null` at the top and where another origin begins.
 */
export function composedParent(node: Node, type = nodeTypeOf(node)): Node | null {
  const slot = type === ELEMENT ? slotOfElement(node) : type === TEXT ? slotOfText(node) : null
  if (slot) return slot
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
