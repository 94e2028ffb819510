import type { SessionId } from '../types.ts'

/** When the recording of a session began: later pages of the session, and later SDKs, go on from it. */
export interface StartTimes {
  /** Epoch ms. */
  get(sessionId: SessionId): number | undefined
  set(sessionId: SessionId, startedAt: number): void
  remove(sessionId: SessionId): void
  /** Forgets what is a day old or no time at all. */
  prune(): void
}

export interface StartTimesDeps {
  apiKey: string
  now?(): number
  /** @default the page's localStorage; where it can not be used, memory. */
  storage?(): Storage
}

/** As in the official SDK, which shares these entries. */
const LIFETIME_MS = 24 * 60 * 60 * 1000

export function createStartTimes({
  apiKey,
  now = Date.now,
  storage = () => localStorage,
}: StartTimesDeps): StartTimes {
  const prefix = `AMP_SR_START_${apiKey.slice(0, 10)}_`
  const remembered = new Map<string, string>()

  // Any access may throw: cookies blocked, storage full, a sandboxed frame.
  function ask<Result>(question: (storage: Storage) => Result): Result | undefined {
    try {
      return question(storage())
    } catch {
      return undefined
    }
  }

  function forget(key: string): void {
    remembered.delete(key)
    ask((stored) => stored.removeItem(key))
  }

  return {
    get(sessionId) {
      const key = prefix + sessionId
      return timeOf(ask((stored) => stored.getItem(key)) ?? remembered.get(key))
    },
    set(sessionId, startedAt) {
      const key = prefix + sessionId
      remembered.set(key, String(startedAt))
      ask((stored) => stored.setItem(key, String(startedAt)))
    },
    remove: (sessionId) => forget(prefix + sessionId),
    prune() {
      const keys = ask((stored) => Array.from({ length: stored.length }, (_, place) => stored.key(place)))
      for (const key of new Set([...(keys ?? []), ...remembered.keys()])) {
        if (!key?.startsWith(prefix)) continue
        const startedAt = timeOf(ask((stored) => stored.getItem(key)) ?? remembered.get(key))
        if (startedAt === undefined || now() - startedAt > LIFETIME_MS) forget(key)
      }
    },
  }
}

function timeOf(text: string | undefined): number | undefined {
  const time = Number(text)
  return Number.isFinite(time) && time > 0 ? time : undefined
}
