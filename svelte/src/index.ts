export type {
  HoldInfo,
  MaskLevel,
  ReplayController,
  ReplayOptions,
  ReplaySnapshot,
  ReplayStatus,
  RouteConfig,
} from '@session-replay-kit/core'
export { createSessionReplay } from '@session-replay-kit/core'
export { blockProps, maskProps, type PrivacyProps, unmaskProps } from '@session-replay-kit/core/props'
export { ampBlock, ampMask } from './attachments.ts'
export { default as Block } from './Block.svelte'
export { default as Mask } from './Mask.svelte'
export type {
  BlockElementProps,
  MaskElementProps,
  ReplayPrivacyBoundaryProps,
  UnmaskElementProps,
} from './marked-props.ts'
export { default as PauseReplay } from './PauseReplay.svelte'
export { type PauseReplayOptions, pauseReplay } from './pause-replay.svelte.ts'
export { type PrivacyScope, usePrivacyProps } from './privacyContext.ts'
export type { SessionReplayProviderProps } from './provider-props.ts'
export { default as ReplayPrivacyBoundary } from './ReplayPrivacyBoundary.svelte'
export { default as SessionReplayProvider } from './SessionReplayProvider.svelte'
export { default as Unmask } from './Unmask.svelte'
export {
  type SessionReplay,
  type UseSessionReplayOptions,
  useSessionReplay,
} from './useSessionReplay.svelte.ts'
