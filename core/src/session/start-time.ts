import type { SessionId } from '../types.ts'

/** A start is needed until its session's last batch has left; sessions older than this are not sent any more. */
const KEEP_MS = 72 * 3_600_000

/**
 * When each session was first captured, kept over reloads in web storage (`AMP_SR_START_<key>_<session>`).
 * Starts of ended sessions stay, because batches of theirs may still wait for their verdict. Storage that is denied
 * leaves a start known to this page alone.
 */
export function createStartTimes(
  apiKey: string,
  storage: () => Storage | null | undefined,
  now: () => number = Date.now,
) {
  const prefix = `AMP_SR_START_${apiKey.slice(0, 10)}_`
  const known = new Map<string, number>()

  function stored(name: string): number | undefined {
    try {
      const startedAt = Number(storage()?.getItem(name) ?? Number.NaN)
      return Number.isFinite(startedAt) ? startedAt : undefined
    } catch {
      return undefined
    }
  }

  const startedAt = (sessionId: SessionId): number | undefined => {
    const name = prefix + sessionId
    return known.get(name) ?? stored(name)
  }

  return {
    startedAt,
    /** The start of this session: now, unless an earlier page or call has begun it. None is later than now. */
    begin(sessionId: SessionId): number {
      const name = prefix + sessionId
      const start = Math.min(startedAt(sessionId) ?? now(), now())
      known.set(name, start)
      try {
        storage()?.setItem(name, String(start))
      } catch {
        // Known to this page alone.
      }
      return start
    },
    /** Removes starts that nobody can ask for any more. */
    prune(): void {
      try {
        const store = storage()
        if (!store) return
        const names = Array.from({ length: store.length }, (_, index) => store.key(index) ?? '')
        for (const name of names) {
          // Written so that an unreadable time goes as well.
          if (name.startsWith(prefix) && !(now() - Number(store.getItem(name)) < KEEP_MS))
            store.removeItem(name)
        }
      } catch {
        // Nothing kept, nothing to remove.
      }
    },
  }
}
