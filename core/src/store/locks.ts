import { withWatchdog } from './watchdog.ts'

/** A lock request answers within this time or counts as silent. Measured in Chromium: about 1 ms. */
export const LOCK_LIMIT_MS = 2000

/** Web Locks by tab: a lock lives exactly as long as the page that holds it, crash included. */
export interface TabLocks {
  /** True: held from now on. Rejects if the browser does not answer. */
  claim(tabId: string): Promise<boolean>
  /** Queues for a lock that another page holds; `onFree` is called when it has become ours. */
  waitFor(tabId: string): void
  release(tabId: string): void
  releaseAll(): void
}

/** Null where the browser has no Web Locks, or refuses them (opaque origins). */
export function findTabLocks(database: string, onFree: (tabId: string) => void): TabLocks | null {
  try {
    const manager: LockManager | undefined = navigator.locks
    return manager ? createTabLocks(manager, database, onFree) : null
  } catch {
    return null
  }
}

function createTabLocks(manager: LockManager, database: string, onFree: (tabId: string) => void): TabLocks {
  const held = new Map<string, () => void>()
  const waiting = new Map<string, AbortController>()

  /** Settles with the answer; the lock is then kept until `release`. */
  function request(tabId: string, options: LockOptions, isWanted: () => boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      manager
        .request(`session-replay-kit:${database}:${tabId}`, options, (lock) => {
          resolve(lock !== null)
          if (!lock || !isWanted()) return undefined
          return new Promise<void>((release) => held.set(tabId, release))
        })
        .catch(reject)
    })
  }

  return {
    async claim(tabId) {
      if (held.has(tabId)) return true
      let wanted = true
      try {
        const request_ = request(tabId, { ifAvailable: true }, () => wanted)
        return await withWatchdog(request_, LOCK_LIMIT_MS, () => new Error('Web Locks do not answer'))
      } catch (cause) {
        wanted = false
        throw cause
      }
    },
    waitFor(tabId) {
      if (held.has(tabId) || waiting.has(tabId)) return
      const abort = new AbortController()
      waiting.set(tabId, abort)
      request(tabId, { signal: abort.signal }, () => !abort.signal.aborted).then(
        () => {
          waiting.delete(tabId)
          if (held.has(tabId)) onFree(tabId)
        },
        () => waiting.delete(tabId),
      )
    },
    release(tabId) {
      held.get(tabId)?.()
      held.delete(tabId)
    },
    releaseAll() {
      for (const abort of waiting.values()) abort.abort()
      for (const release of held.values()) release()
      waiting.clear()
      held.clear()
    },
  }
}
