// The door for Server Components: nothing in here uses hooks or context, so no 'use client'.
export type { BlockProps, MaskProps, PrivacySwitch, UnmaskProps } from '@session-replay-kit/core/props'
export { blockProps, maskProps, unmaskProps } from '@session-replay-kit/core/props'
export {
  Block,
  type BlockElementProps,
  Mask,
  type MaskElementProps,
  Unmask,
  type UnmaskElementProps,
} from './privacy.tsx'
