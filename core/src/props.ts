import type { MaskLevel } from './types.ts'

export { watchFalseAttributes } from './false-attributes.ts'

/** `true`, a level, or nothing: what a privacy helper may be switched with. */
export type PrivacySwitch = boolean | MaskLevel | null | undefined

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

/** Masks text, fields and text-bearing attributes of this element and all below; a level may only tighten. */
export const maskProps = (when: PrivacySwitch = true): MaskProps =>
  when ? { 'data-amp-mask': when === true ? '' : when } : {}

/** Shows this element and all below, unless a mask or block covers it. Passwords and cards stay hidden. */
export const unmaskProps = (when: PrivacySwitch = true): UnmaskProps =>
  when ? { 'data-amp-unmask': '' } : {}

/** Leaves this element out of the recording, with all it holds; its size is kept. */
export const blockProps = (when: PrivacySwitch = true): BlockProps => (when ? { 'data-amp-block': '' } : {})
