import type { BlockProps, MaskProps, UnmaskProps } from '@session-replay-kit/core/props'

/** The attributes that the recorder reads. A key that is absent leaves no attribute behind. */
export type PrivacyProps = Pick<MaskProps & UnmaskProps & BlockProps, (typeof MARKS)[number]>

export const MARKS = ['data-amp-mask', 'data-amp-unmask', 'data-amp-block'] as const

const MASK = 'data-amp-mask'

/** Both together. Of two masks the stricter one stays: the empty value masks everything. */
export function mergeMarks(
  a: Readonly<Record<string, unknown>> | null | undefined,
  b: PrivacyProps,
): PrivacyProps {
  const merged: Record<string, unknown> = {}
  for (const mark of MARKS) {
    const value = b[mark] ?? presentValue(a?.[mark])
    if (value !== undefined) merged[mark] = value
  }
  const other = presentValue(a?.[MASK])
  if (other !== undefined && other !== merged[MASK]) {
    merged[MASK] = [other, merged[MASK]].every((level) => level === 'light' || level === 'medium')
      ? 'medium'
      : ''
  }
  return merged as PrivacyProps
}

/** Vue writes any value but null and undefined as an attribute, and presence means yes. */
const presentValue = (value: unknown): unknown => value ?? undefined
