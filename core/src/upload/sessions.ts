import type { SessionId } from '../types.ts'

/** What the server has said about whole sessions. Other sessions are never affected. */
export interface SessionVerdicts {
  isKilled(sessionId: SessionId): boolean
  kill(sessionId: SessionId): void
  /** 0 if the session is not paused. On the monotonic clock. */
  pausedUntil(sessionId: SessionId): number
  /** Only ever extends a pause: an answer to a request that was already under way does not lift it. */
  pause(sessionId: SessionId, until: number): void
}

/** Ids of each list that are remembered. Source: the vendor's SDK. */
const LIST_LIMIT = 256

export function createSessionVerdicts(): SessionVerdicts {
  const killed = new Set<string>()
  const pauses = new Map<string, number>()
  const pausedUntil = (sessionId: SessionId): number => pauses.get(String(sessionId)) ?? 0
  return {
    isKilled: (sessionId) => killed.has(String(sessionId)),
    kill(sessionId) {
      killed.add(String(sessionId))
      trim(killed)
    },
    pausedUntil,
    pause(sessionId, until) {
      pauses.set(String(sessionId), Math.max(until, pausedUntil(sessionId)))
      trim(pauses)
    },
  }
}

function trim(list: Set<string> | Map<string, number>): void {
  if (list.size > LIST_LIMIT) list.delete(list.keys().next().value as string)
}
