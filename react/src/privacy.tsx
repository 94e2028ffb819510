import {
  blockProps,
  isFullMask,
  maskProps,
  mergePrivacy,
  type PrivacyProps,
  unmaskProps,
} from '@session-replay-kit/core/props'
import {
  cloneElement,
  createElement,
  type ElementType,
  type HTMLAttributes,
  isValidElement,
  type ReactElement,
  type ReactNode,
} from 'react'
import { isDevelopment, warnOnce } from './development.ts'

// Attributes in the first render are the only protection that depends on no order of events. No hooks in here, so
// that these work in Server Components and are in the server's HTML.

/** `asChild` puts the attribute on the one child, if that is an element; otherwise an element is made. */
type Place =
  | { asChild: true; as?: never; children: ReactElement }
  | ({
      asChild?: false
      /** @default a `span` that takes no part in the layout (`display: contents`) */
      as?: ElementType
      children?: ReactNode
    } & Omit<HTMLAttributes<HTMLElement>, 'children'>)

interface Switch {
  /** The element stays when this changes; only its attribute comes and goes. @default true */
  when?: boolean
}

export type MaskElementProps = Switch & {
  /** Sets this level below instead of masking everything; it may only tighten. */
  level?: 'light' | 'medium' | 'conservative'
} & Place
export type UnmaskElementProps = Switch & Place
export type BlockElementProps = Switch & Place

/** Masks text, fields and text-bearing attributes of everything inside. */
export function Mask({ when = true, level, ...place }: MaskElementProps): ReactNode {
  return marked(maskProps(when && (level ?? true)), place, 'Mask')
}

/** Shows what is inside, unless a mask or block covers it. Passwords and cards stay hidden. */
export function Unmask({ when = true, ...place }: UnmaskElementProps): ReactNode {
  return marked(unmaskProps(when), place, 'Unmask')
}

/** Leaves everything inside out of the recording; its size is kept when `as` or `asChild` gives it a box. */
export function Block({ when = true, ...place }: BlockElementProps): ReactNode {
  return marked(blockProps(when), place, 'Block')
}

export function marked(privacy: PrivacyProps, place: Place, name: string): ReactNode {
  const { asChild, as: Element, children, ...rest } = place
  if (asChild && isValidElement<PrivacyProps>(children) && typeof children.type !== 'symbol') {
    const { 'data-amp-mask': mask } = children.props as Record<string, unknown>
    if (mask === false && isDevelopment) {
      warnOnce(
        'FALSE_ATTRIBUTE',
        'data-amp-mask={false} counts as yes. Write {...maskProps(condition)} instead.',
      )
    }
    if (typeof children.type === 'string')
      return cloneElement(children, mergePrivacy(children.props, privacy))
    return around(cloneElement(children, mergePrivacy(children.props, handedOn(privacy))), privacy)
  }
  if (asChild && isDevelopment) {
    warnOnce(
      'BAD_CHILD',
      `<${name} asChild> needs exactly one element as its child; text, fragments and lists cannot carry an attribute. An element was put around them.`,
    )
  }
  if (!Element || asChild) return around(children, privacy, rest)
  if (typeof Element === 'string')
    return createElement(Element, { ...rest, ...mergePrivacy(rest, privacy) }, children)
  const element = createElement(Element, { ...rest, ...mergePrivacy(rest, handedOn(privacy)) }, children)
  return around(element, privacy)
}

/** A component may need it for a portal, and may write it over marks of its own: only what loosens none of them. */
function handedOn({ 'data-amp-unmask': _, ...privacy }: PrivacyProps): PrivacyProps {
  if (!isFullMask(privacy['data-amp-mask'])) delete privacy['data-amp-mask']
  return privacy
}

/** Around components, as nobody knows whether they hand a mark on. */
const around = (
  children: ReactNode,
  privacy: PrivacyProps,
  rest: HTMLAttributes<HTMLElement> = {},
): ReactNode => (
  <span {...rest} style={{ display: 'contents', ...rest.style }} {...mergePrivacy(rest, privacy)}>
    {children}
  </span>
)
