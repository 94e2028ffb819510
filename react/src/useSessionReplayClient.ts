import type { ReplayController } from '@session-replay-kit/core'
import { useReplayContext } from './context.ts'

/** The controller itself, without re-rendering on its changes. Throws `NO_PROVIDER` outside a provider. */
export function useSessionReplayClient(): ReplayController {
  return useReplayContext('useSessionReplayClient()')
}
