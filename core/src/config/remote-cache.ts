import { isRecord } from './rules.ts'

/** A stored answer stands in for a server out of reach for one day, not for ever: a "no" must get through. */
export const CACHE_MAX_AGE_MS = 24 * 3_600_000
/** A clock that was set back a little makes no answer look as if it came from the future. */
const CLOCK_SKEW_MS = 60_000

/** Web storage, as far as it is needed; asked for at each use, because asking may throw. */
export type GetStorage = () => Pick<Storage, 'getItem' | 'setItem'> | null | undefined

/**
 * The server's last whole answer. Name and shape are those of the Browser SDK, which shares the entry:
 * `{ remoteConfig, lastFetch }` under the first ten characters of the API key.
 */
export function createRemoteCache(apiKey: string, storage: GetStorage, now: () => number) {
  const key = `AMP_remote_config_${apiKey.slice(0, 10)}`
  return {
    /** Undefined if there is none, or none of the last day. */
    read(): unknown {
      try {
        const stored: unknown = JSON.parse(storage()?.getItem(key) ?? 'null')
        if (!isRecord(stored)) return undefined
        const ageMs = now() - Date.parse(String(stored.lastFetch))
        // Written so that NaN, an unreadable date, fails.
        return ageMs >= -CLOCK_SKEW_MS && ageMs <= CACHE_MAX_AGE_MS ? stored.remoteConfig : undefined
      } catch {
        return undefined
      }
    },
    write(remoteConfig: unknown): void {
      try {
        const lastFetch = new Date(now()).toISOString()
        storage()?.setItem(key, JSON.stringify({ remoteConfig, lastFetch }))
      } catch {
        // Storage denied or full: the next page asks again.
      }
    },
  }
}
