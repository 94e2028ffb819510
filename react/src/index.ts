'use client'

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
export { PauseReplay, type PauseReplayProps } from './PauseReplay.ts'
export {
  Block,
  type BlockElementProps,
  Mask,
  type MaskElementProps,
  Unmask,
  type UnmaskElementProps,
} from './privacy.tsx'
export { ReplayPrivacyBoundary, type ReplayPrivacyBoundaryProps } from './ReplayPrivacyBoundary.tsx'
export { SessionReplayProvider, type SessionReplayProviderProps } from './SessionReplayProvider.tsx'
export { type PauseScope, type UsePauseReplayOptions, usePauseReplay } from './usePauseReplay.ts'
export { usePrivacyProps } from './usePrivacyProps.ts'
export { type SessionReplay, type UseSessionReplayOptions, useSessionReplay } from './useSessionReplay.ts'
export { useSessionReplayClient } from './useSessionReplayClient.ts'
