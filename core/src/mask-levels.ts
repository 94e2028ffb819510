import type { MaskLevel } from './types.ts'

/** From lax to strict. */
export const MASK_LEVELS: readonly MaskLevel[] = ['light', 'medium', 'conservative']

export const isMaskLevel = (value: unknown): value is MaskLevel => MASK_LEVELS.includes(value as MaskLevel)
