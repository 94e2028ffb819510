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
export {
  type BlockProps,
  blockProps,
  type MaskProps,
  maskProps,
  type PrivacyProps,
  type PrivacySwitch,
  type UnmaskProps,
  unmaskProps,
} from '@session-replay-kit/core/props'
export type { RouteLike, RouterLike } from './connectVueRouter.ts'
export {
  createSessionReplayPlugin,
  type SessionReplayVuePlugin,
  type VueReplayOptions,
} from './createSessionReplayPlugin.ts'
export type { AmpDirective, SessionReplayDirectives } from './directives.ts'
export { sessionReplayKey } from './key.ts'
export { PauseReplay } from './PauseReplay.ts'
export { ReplayBlock, ReplayMask, ReplayPrivacyBoundary, ReplayUnmask } from './ReplayPrivacyBoundary.ts'
export { type PauseReplayHandle, type UsePauseReplayOptions, usePauseReplay } from './usePauseReplay.ts'
export { usePrivacyProps } from './usePrivacyProps.ts'
export { type SessionReplay, type UseSessionReplayOptions, useSessionReplay } from './useSessionReplay.ts'
