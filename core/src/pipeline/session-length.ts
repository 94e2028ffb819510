import { type Clock, pageTime } from '../capture/clock.ts'
import { decideMinDuration, type MinDurationFacts } from '../session/min-duration.ts'
import { createStartTimes } from '../session/start-time.ts'
import type { BatchHeader, SessionId, Stop } from '../types.ts'

/** How long sessions have lasted, for batches that wait until theirs is long enough. */
export interface SessionLength {
  /** The session is recorded from now on, if not from an earlier page on; `onLongEnough` is called when it reaches the minimum. */
  begin(sessionId: SessionId, minSessionDurationMs: number, onLongEnough: () => void): void
  /** Whether a batch may leave. `lastEventAt`: epoch ms of the newest event known of its session. */
  judge(
    header: Pick<BatchHeader, 'sessionId'>,
    lastEventAt: number,
    minimum: Pick<MinDurationFacts, 'minSessionDurationMs' | 'currentSessionId'>,
  ): 'yes' | 'wait' | 'never'
  stop: Stop
}

/**
 * Whether a session was once long enough is kept beside its start: what of it is sent, and so not there to be measured
 * any more, must not make the rest too short.
 */
const longEnough = (sessionId: SessionId): string => `${sessionId}_long`

export function createSessionLength(
  apiKey: string,
  storage: () => Storage | null,
  now: Clock = pageTime,
): SessionLength {
  const starts = createStartTimes(apiKey, storage, now)
  let timer: ReturnType<typeof setTimeout> | undefined
  starts.prune()
  return {
    begin(sessionId, minSessionDurationMs, onLongEnough) {
      clearTimeout(timer)
      const leftMs = starts.begin(sessionId) + minSessionDurationMs - now()
      if (leftMs > 0) timer = setTimeout(onLongEnough, leftMs)
    },
    judge({ sessionId }, lastEventAt, minimum) {
      const startedAt = starts.startedAt(sessionId)
      if (minimum.minSessionDurationMs <= 0 || startedAt === undefined) return 'yes'
      if (starts.startedAt(longEnough(sessionId)) !== undefined) return 'yes'
      const verdict = decideMinDuration({ ...minimum, sessionId, lastEventAt, startedAt, now: now() })
      if (verdict === 'yes') starts.begin(longEnough(sessionId))
      return verdict
    },
    stop: () => clearTimeout(timer),
  }
}
