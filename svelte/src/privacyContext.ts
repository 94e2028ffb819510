import type { BlockProps, MaskProps, UnmaskProps } from '@session-replay-kit/core/props'
import { createContext } from 'svelte'

/** The attributes of masking, unmasking and blocking, as far as each is set. */
export type PrivacyProps = MaskProps & UnmaskProps & BlockProps

/** Read `props` where they are spread: they follow the boundary. */
export interface PrivacyScope {
  readonly props: PrivacyProps
}

const [getScope, setScope] = createContext<PrivacyScope>()

export { setScope }

/**
 * The attributes of the `<ReplayPrivacyBoundary>`s around this component, for the root element of a portal:
 * attributes on the page's elements do not reach it. Call it in the component's script.
 *
 * @example
 * const privacy = usePrivacyProps()
 * // <div {@attach toBody} {...privacy.props}>…</div>
 */
export function usePrivacyProps(): PrivacyScope {
  try {
    return getScope()
  } catch {
    return NONE
  }
}

const NONE: PrivacyScope = Object.freeze({ props: Object.freeze({}) })

/** From lax to strict. The bare attribute masks everything, also what no level covers. */
const MASKS = ['light', 'medium', 'conservative', ''] as const

/** Both sets of attributes on one element; where both mask, the stricter one wins. */
export function mergePrivacy(outer: PrivacyProps, own: PrivacyProps): PrivacyProps {
  const merged = { ...outer, ...own }
  const ranks = [outer, own].flatMap(({ 'data-amp-mask': mask }) =>
    mask === undefined ? [] : MASKS.indexOf(mask),
  )
  const mask = MASKS[Math.max(...ranks)]
  if (mask !== undefined) merged['data-amp-mask'] = mask
  return merged
}
