import type { MaskLevel } from './types.ts'

/** From lax to strict. */
export const MASK_LEVELS: readonly MaskLevel[] = ['light', 'medium', 'conservative']

export const isMaskLevel = (value: unknown): value is MaskLevel => MASK_LEVELS.includes(value as MaskLevel)

/** Higher hides more; 0 means no level is asked for. */
export function strictness(level: MaskLevel | null | undefined): number {
  return level == null ? 0 : MASK_LEVELS.indexOf(level) + 1 || 3
}

/** The level that hides more. */
export function stricter(a: MaskLevel | null, b: MaskLevel | null): MaskLevel | null {
  return strictness(a) >= strictness(b) ? a : b
}
