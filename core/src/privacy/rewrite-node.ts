import { type AttributeRules, areOptionsHidden, rewriteAttributes } from './attributes.ts'
import { sanitizeCss } from './css.ts'
import type { Decision, Scope } from './decide.ts'
import { attributeOf, isDocument, isElement, parentOf, tagOf } from './dom.ts'
import { type Attributes, type NodeMirror, NodeType, type SerializedNode } from './events.ts'
import { type FieldFacts, fieldFacts, fieldValue } from './fields.ts'
import { isHidden } from './levels.ts'
import { maskText } from './mask.ts'
import { cssRules } from './style-attribute.ts'

export interface NodeRules extends AttributeRules {
  applyBackgroundColor: boolean
  /** Called with each document and shadow root that is recorded. */
  onRoot(root: Node): void
}

/** What one event needs to be made private. */
export interface Rewriting {
  decision: Decision
  mirror: NodeMirror
  rules: NodeRules
  /** Where the pointer was before that, as an offset in ms to the event, is judged by marks that are gone. */
  pointerFrom(): number
}

/** Facts about an element whose live node may be gone. */
export function factsOf(node: SerializedNode, live: Node | null): FieldFacts {
  if (isElement(live)) return fieldFacts(live)
  const { attributes = {}, tagName = '' } = node
  return {
    tag: tagName.toLowerCase(),
    attribute: (name) => (typeof attributes[name] === 'string' ? attributes[name] : null),
    live: null,
  }
}

/** Makes a serialised node with all it contains private, in place. Each node costs one step downwards. */
export function rewriteTree(node: SerializedNode, above: Scope, rewriting: Rewriting, slotted = false): void {
  const { decision, mirror, rules } = rewriting
  const live = mirror.getNode(node.id)
  switch (node.type) {
    case NodeType.Document: {
      const scope = live && isDocument(live) ? decision.of(live) : decision.unknown
      if (live) rules.onRoot(live)
      rewriteChildren(node, scope, rewriting)
      return
    }
    case NodeType.Element: {
      const scope = !isElement(live)
        ? decision.unknown
        : slotted
          ? decision.of(live)
          : decision.step(live, above)
      if (node.isShadowHost && live) {
        decision.keep(live, scope)
        const root = (live as Element).shadowRoot
        if (root) rules.onRoot(root)
      }
      rewriteElement(node, live, scope, rewriting)
      return
    }
    case NodeType.Text: {
      const scope = !live ? decision.unknown : slotted ? decision.of(live) : above
      node.textContent = rewriteText(node.textContent ?? '', live, scope, rewriting)
      return
    }
    case NodeType.DocumentType: {
      // Only what tells browsers apart how to draw the page.
      const { publicId = '', systemId = '' } = node
      if (!/^-\/\/(?:w3c|ietf)\//i.test(publicId)) node.publicId = ''
      if (!/^(?:https?:\/\/www\.w3\.org\/|about:legacy-compat$)/i.test(systemId)) node.systemId = ''
      return
    }
    default:
      node.textContent = ''
  }
}

function rewriteElement(node: SerializedNode, live: Node | null, scope: Scope, rewriting: Rewriting): void {
  const { rules } = rewriting
  if (scope.blocked) {
    node.attributes = boxOf(node.attributes ?? {}, live, rules.applyBackgroundColor)
    node.childNodes = []
    return
  }
  // rrweb adds the pixels of a picture that loads late to its own copy, when nobody looks any more.
  if (node.tagName === 'img' && isHidden('pixels', scope.regime)) node.attributes = { ...node.attributes }
  rewriteAttributes(node.attributes ?? {}, factsOf(node, live), scope, rules)
  if (scope.content === 'never') node.childNodes = []
  else rewriteChildren(node, scope, rewriting)
}

function rewriteChildren(node: SerializedNode, scope: Scope, rewriting: Rewriting): void {
  for (const child of node.childNodes ?? []) {
    // Children of a shadow host are shown where its slots are, so that is where their rules come from.
    rewriteTree(child, scope, rewriting, node.isShadowHost === true && !child.isShadow)
  }
}

/** An empty box of the element's size. */
export function boxOf(attributes: Attributes, live: Node | null, colored: boolean): Attributes {
  const box: Attributes = {
    class: attributes.class,
    rr_width: attributes.rr_width,
    rr_height: attributes.rr_height,
  }
  if (box.class === undefined) delete box.class
  // A marker stays, so that a replay can tell an element that was left out from an empty one.
  const isMarked = ['data-amp-block', 'data-amp-quarantine'].some(
    (name) => isElement(live) && attributeOf(live, name) !== null,
  )
  if (isMarked) box['data-amp-block'] = ''
  if (typeof box.rr_width !== 'string' && isElement(live)) {
    const { width, height } = Element.prototype.getBoundingClientRect.call(live)
    box.rr_width = `${width}px`
    box.rr_height = `${height}px`
  }
  if (colored) {
    // The first is what Amplitude's player reads; rrweb's own needs a style.
    box.rr_background_color = 'lightgrey'
    box.style = 'background-color: lightgrey'
  }
  return box
}

/** What becomes of a text, wherever it turns up. */
export function rewriteText(
  text: string,
  live: Node | null,
  scope: Scope,
  { decision, rules }: Rewriting,
): string {
  if (text === '' || scope.blocked || scope.content === 'never') return ''
  const parent = live && parentOf(live)
  switch (scope.content) {
    case 'css':
      if (isPiece(parent) && isHidden('cssString', scope.regime) && !isWholeCss(text)) return ''
      return sanitizeCss(text, cssRules(scope, rules.url))
    case 'field':
      return isElement(parent) ? fieldValue(fieldFacts(parent), text, scope.regime) : maskText(text)
    case 'options':
    case 'secretOptions':
      return areOptionsHidden(scope) ? maskText(text) : text
    case 'editable':
      return isHidden('editableText', scope.regime) ? maskText(text) : text
  }
  const hidden = isHidden('text', scope.regime) || (isElement(parent) && isHiddenTitle(parent, decision))
  return hidden ? maskText(text) : text
}

/** A string may begin in one text node of a style element and end in the next. */
function isPiece(style: Node | null): boolean {
  return style !== null && style.childNodes.length > 1
}

/** Complete rules: nothing in it can be the middle of a string that begins elsewhere. */
function isWholeCss(text: string): boolean {
  const bare = text.replace(/"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/g, '')
  const opened = bare.split('{').length
  return opened > 1 && opened === bare.split('}').length && !/["']/.test(bare)
}

/** The title of a document tells about its body: what masks the body masks the title. */
export function isHiddenTitle(title: Element, decision: Decision): boolean {
  if (tagOf(title) !== 'title' || title.namespaceURI !== 'http://www.w3.org/1999/xhtml') return false
  const body = title.ownerDocument.body
  if (!body) return false
  const { blocked, regime } = decision.of(body)
  return blocked || isHidden('text', regime)
}
