import { type ReplayController, ReplayError } from '@session-replay-kit/core'
import { createContext, useContext } from 'react'

export const ReplayContext = /* @__PURE__ */ createContext<ReplayController | null>(null)

/** The controller of the provider above; `caller` is what the error names if there is none. */
export function useReplayContext(caller: string): ReplayController {
  const client = useContext(ReplayContext)
  if (client) return client
  throw new ReplayError(
    'NO_PROVIDER',
    `[session-replay] ${caller} was used outside <SessionReplayProvider>. Wrap the part of the tree that uses it.`,
  )
}
