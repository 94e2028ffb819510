import { isMaskLevel } from '../mask-levels.ts'
import type { MaskLevel } from '../types.ts'
import { attributeOf, composedParent, DOCUMENT, ELEMENT, matches, nodeTypeOf, tagOf } from './dom.ts'
import { fieldFacts, isSecretField } from './fields.ts'
import { type Regime, strictest } from './levels.ts'
import { EDITABLE, type Markers } from './selectors.ts'
import { wasTypedInto } from './typing.ts'

/** What the text below an element is, as far as that changes the rule for it. */
export type Content = 'plain' | 'editable' | 'options' | 'secretOptions' | 'field' | 'css' | 'never'

/** What holds at a node: its own markers and those above it, in the tree as displayed. */
export interface Scope {
  readonly blocked: boolean
  readonly masked: boolean
  readonly unmasked: boolean
  /** The least level, from `data-amp-mask="level"` or broken settings; unmask markers do not lift it. */
  readonly floor: MaskLevel | null
  readonly content: Content
  /** The outcome for what is not blocked. */
  readonly regime: Regime
  /** The outermost element that is masked or blocked by a marker. */
  readonly area: Element | null
}

/** Answers for one moment. Keeps what it found, so it must be thrown away with the event it served. */
export interface Decision {
  of(node: Node): Scope
  /** The scope of an element whose surroundings are known: no walk upwards. */
  step(element: Element, above: Scope): Scope
  /** Tells what a walk from above has found out. */
  keep(node: Node, scope: Scope): void
  /** Of nodes that are not in a page we can see: everything is masked. */
  readonly unknown: Scope
}

const LEVEL_MASK = 'data-amp-mask'

/** The one place where it is decided what is blocked, masked or shown. */
export function createDecider(markers: Markers, level: () => MaskLevel): (level?: MaskLevel) => Decision {
  const block = markers.block.join(',')
  const mask = markers.mask.join(',')
  const unmask = markers.unmask.join(',')
  const any = [block, mask, unmask, EDITABLE].join(',')
  const floor: MaskLevel | null = markers.broken ? 'conservative' : null

  return (page = level()) => {
    const known = new Map<Node, Scope>()
    const settle = (scope: Omit<Scope, 'regime'>): Scope => {
      const open: Regime = scope.unmasked ? 'unmasked' : page
      const regime =
        scope.masked || scope.blocked ? 'masked' : strictest<Regime>(open, scope.floor ?? 'unmasked')
      return { ...scope, regime }
    }
    const nothing = { blocked: false, masked: false, unmasked: false, content: 'plain', area: null } as const
    const top = settle({ ...nothing, floor })
    const unknown = settle({ ...nothing, floor, masked: true })

    const ownMask = (element: Element): boolean | MaskLevel => {
      if (!matches(element, mask)) return false
      const value = attributeOf(element, LEVEL_MASK)
      // Only the attribute alone can name a level: a class or selector on the same element is a full mask.
      if (!isMaskLevel(value) || value === 'conservative') return true
      return markers.mask.some((one) => one !== `[${LEVEL_MASK}]` && matches(element, one)) ? true : value
    }

    const judge = (element: Element, above: Scope): Scope => {
      const content = contentOf(element, above.content)
      if (!matches(element, any)) return content === above.content ? above : { ...above, content }
      const blocked = matches(element, block)
      const masks = ownMask(element)
      const masked = above.masked || masks === true
      return settle({
        blocked,
        masked,
        unmasked: above.unmasked || matches(element, unmask),
        floor: typeof masks === 'string' ? strictest<MaskLevel>(above.floor ?? masks, masks) : above.floor,
        content,
        area: above.area ?? (masked || blocked ? element : null),
      })
    }

    const step = (element: Element, above: Scope): Scope => {
      if (above.blocked || above.content === 'never') return above
      try {
        return judge(element, above)
      } catch {
        return unknown
      }
    }

    const of = (node: Node): Scope => {
      const found = known.get(node)
      if (found) return found
      const type = nodeTypeOf(node)
      const parent = composedParent(node, type)
      let scope: Scope
      if (parent) scope = type === ELEMENT ? step(node as Element, of(parent)) : of(parent)
      else scope = type === DOCUMENT && (node as Document).defaultView ? top : unknown
      if (type === DOCUMENT && scope.content !== 'never') {
        // A document in a frame is not edited together with what surrounds the frame.
        const content = (node as Document).designMode === 'on' ? 'editable' : 'plain'
        if (content !== scope.content) scope = { ...scope, content }
      }
      known.set(node, scope)
      return scope
    }

    return { of, step, unknown, keep: (node, scope) => void known.set(node, scope) }
  }
}

function contentOf(element: Element, above: Content): Content {
  switch (tagOf(element)) {
    case 'script':
    case 'noscript':
    case 'noembed':
    case 'noframes':
    case 'template':
      return 'never'
    case 'style':
      return isCss(element) ? 'css' : 'never'
    case 'textarea':
      return 'field'
    case 'select':
      return isSecretField(fieldFacts(element)) ? 'secretOptions' : 'options'
    case 'datalist':
    case 'option':
    case 'optgroup':
      return above === 'secretOptions' ? above : 'options'
  }
  if (above !== 'plain' && above !== 'editable') return above
  // What was typed stays there when editing ends.
  if (wasTypedInto(element)) return 'editable'
  const editable = attributeOf(element, 'contenteditable')?.toLowerCase()
  if (editable !== undefined && editable !== 'inherit') return editable === 'false' ? 'plain' : 'editable'
  const role = attributeOf(element, 'role')
  return role !== null && /(?:^|\s)(?:textbox|searchbox)(?:\s|$)/i.test(role) ? 'editable' : above
}

/** A style element of another type is a page's way to keep data. */
function isCss(style: Element): boolean {
  return /^\s*(?:text\/css)?\s*$/i.test(attributeOf(style, 'type') ?? '')
}
