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
export { blockProps, maskProps, unmaskProps } from '@session-replay-kit/core/props'
export { default as PauseReplay } from './PauseReplay.svelte'
export { type PauseReplayOptions, pauseReplay } from './pauseReplay.svelte.ts'
export type { SessionReplayProviderProps } from './provider-props.ts'
export { default as SessionReplayProvider } from './SessionReplayProvider.svelte'
export {
  type SessionReplay,
  type UseSessionReplayOptions,
  useSessionReplay,
} from './useSessionReplay.svelte.ts'
