import type { SessionId } from '../types.ts'

export interface MinDurationFacts {
  /** From remote config; 0 means no minimum. */
  minSessionDurationMs: number
  /** Session of the batch. */
  sessionId: SessionId
  /** Epoch ms of the first capture of that session, on any page; undefined if it is not known any more. */
  startedAt: number | undefined
  /** Epoch ms of the newest event known of that session, in any of its batches. */
  lastEventAt: number
  /** The session that goes on in this page. */
  currentSessionId: SessionId | undefined
  /** Epoch ms. */
  now: number
}

/**
 * May a batch leave, given that sessions shorter than the minimum are not wanted? What is held back waits whole
 * and in order; it is given up only if its session has ended too soon. A session that goes on is measured by the
 * clock, a quiet page counts; one that has ended is as long as its events say. A clock that was set back says nothing.
 */
export function decideMinDuration(facts: MinDurationFacts): 'yes' | 'wait' | 'never' {
  const { minSessionDurationMs, startedAt, lastEventAt, now } = facts
  // Without a start its length is not known, and what was recorded is not thrown away on a guess.
  if (minSessionDurationMs <= 0 || startedAt === undefined) return 'yes'
  const goesOn = String(facts.sessionId) === String(facts.currentSessionId)
  const lengthMs = (goesOn ? Math.max(now, lastEventAt) : lastEventAt) - startedAt
  if (lengthMs >= minSessionDurationMs) return 'yes'
  return goesOn ? 'wait' : 'never'
}
