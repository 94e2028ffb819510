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
    now: Pick<MinDurationFacts, 'minSessionDurationMs' | 'currentSessionId'>,
  ): 'yes' | 'wait' | 'never'
  stop: Stop
}

export function createSessionLength(apiKey: string, storage: () => Storage | null): SessionLength {
  const starts = createStartTimes(apiKey, storage)
  let timer: ReturnType<typeof setTimeout> | undefined
  starts.prune()
  return {
    begin(sessionId, minSessionDurationMs, onLongEnough) {
      clearTimeout(timer)
      const leftMs = starts.begin(sessionId) + minSessionDurationMs - Date.now()
      if (leftMs > 0) timer = setTimeout(onLongEnough, leftMs)
    },
    judge: ({ sessionId }, lastEventAt, now) =>
      decideMinDuration({
        ...{ ...now, sessionId, lastEventAt, now: Date.now() },
        startedAt: starts.startedAt(sessionId),
      }),
    stop: () => clearTimeout(timer),
  }
}
