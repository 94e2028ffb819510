import { isMaskLevel, MASK_LEVELS } from './mask-levels.ts'
import type { MaskLevel } from './types.ts'

export { watchFalseAttributes } from './false-attributes.ts'

/** What a privacy helper may be switched with: `true`, a level, or nothing. `''` is yes, as the bare attribute is. */
export type PrivacySwitch = boolean | MaskLevel | '' | null | undefined

/** Attributes to spread on an element: `<p {...maskProps()}>`. Absent keys leave no attribute behind. */
export interface MaskProps {
  'data-amp-mask'?: '' | MaskLevel
}

export interface UnmaskProps {
  'data-amp-unmask'?: ''
}

export interface BlockProps {
  'data-amp-block'?: ''
}

/** The attributes of masking, unmasking and blocking, as far as each is set. */
export type PrivacyProps = Pick<MaskProps & UnmaskProps & BlockProps, (typeof PRIVACY_ATTRIBUTES)[number]>

export const PRIVACY_ATTRIBUTES = ['data-amp-mask', 'data-amp-unmask', 'data-amp-block'] as const

/** Masks text, fields and text-bearing attributes of this element and all below; a level may only tighten. */
export const maskProps = (when: PrivacySwitch = true): MaskProps =>
  hides(when) ? { 'data-amp-mask': when === true ? '' : when } : {}

/** Shows this element and all below, unless a mask or block covers it. Passwords and cards stay hidden. */
export const unmaskProps = (when: Exclude<PrivacySwitch, ''> = true): UnmaskProps =>
  when ? { 'data-amp-unmask': '' } : {}

/** Leaves this element out of the recording, with all it holds; its size is kept. */
export const blockProps = (when: PrivacySwitch = true): BlockProps =>
  hides(when) ? { 'data-amp-block': '' } : {}

/** Where it would show more, an empty string stays a no. */
const hides = (when: PrivacySwitch): when is true | MaskLevel | '' => when === '' || Boolean(when)

/**
 * The attributes of both on one element; where both mask, the stricter one wins. A value that is no level masks
 * everything, as it does for the recorder.
 */
export function mergePrivacy(outer: object | null | undefined, own: PrivacyProps): PrivacyProps {
  const merged: PrivacyProps = {}
  for (const each of [outer as PrivacyProps | null | undefined, own]) {
    const mask = each?.['data-amp-mask']
    if (mask != null && strictness(mask) > strictness(merged['data-amp-mask']))
      merged['data-amp-mask'] = isMaskLevel(mask) ? mask : ''
    if (each?.['data-amp-unmask'] != null) merged['data-amp-unmask'] = ''
    if (each?.['data-amp-block'] != null) merged['data-amp-block'] = ''
  }
  return merged
}

/**
 * Whether a value of `data-amp-mask` hides all that a mask can, as `conservative` does: written over another one it
 * loosens nothing.
 */
export const isFullMask = (mask: unknown): boolean => mask != null && mask !== 'light' && mask !== 'medium'

/** The bare attribute hides more than any level: also what no level covers. */
const strictness = (mask: unknown): number =>
  mask === undefined ? -1 : isMaskLevel(mask) ? MASK_LEVELS.indexOf(mask) : MASK_LEVELS.length
