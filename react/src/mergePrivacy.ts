import type { BlockProps, MaskProps, UnmaskProps } from '@session-replay-kit/core/props'
import { isDevelopment, warnOnce } from './development.ts'

/** The attributes of masking, unmasking and blocking, as far as each is set. */
export type PrivacyProps = MaskProps & UnmaskProps & BlockProps

/** From lax to strict. The bare attribute masks everything, also what no level covers. */
const MASKS: readonly unknown[] = ['light', 'medium', 'conservative', '']

/** Both sets of attributes on one element; where both mask, the stricter one wins. */
export function mergePrivacy(theirs: PrivacyProps, ours: PrivacyProps): PrivacyProps {
  const masks = [theirs, ours].map((each) => each['data-amp-mask']).filter((mask) => mask != null)
  const merged: PrivacyProps = { ...ours }
  if (masks.length > 0) {
    merged['data-amp-mask'] = masks
      .map(readMask)
      .reduce((a, b) => (MASKS.indexOf(a) > MASKS.indexOf(b) ? a : b))
  }
  for (const name of ['data-amp-unmask', 'data-amp-block'] as const) {
    if (theirs[name] != null) merged[name] = ''
  }
  return merged
}

/** Whatever is written there is a mask, as it is for the recorder. */
function readMask(mask: unknown): NonNullable<MaskProps['data-amp-mask']> {
  if (mask === false && isDevelopment) {
    warnOnce(
      'FALSE_ATTRIBUTE',
      'data-amp-mask={false} counts as yes. Write {...maskProps(condition)} instead.',
    )
  }
  return MASKS.includes(mask) ? (mask as '') : ''
}
