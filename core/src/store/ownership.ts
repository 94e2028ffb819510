import type { Disk } from './disk.ts'
import {
  decideClaim,
  HEARTBEAT_MS,
  HIDDEN_LEASE_MS,
  LEASE_MS,
  type Lease,
  type LeaseClaim,
} from './leases.ts'
import { findTabLocks } from './locks.ts'

/**
 * Which tabs' batches are this page's to send. Each page owns its own, and takes over those of tabs that
 * died. Web Locks tell the dead from the living without a doubt; where they are missing or silent, leases
 * in the database do so after some seconds. A page that uses locks respects the leases of one that cannot.
 */
export interface Ownership {
  /** True: ours until released. False: another page's; `onFree` is called when asking again makes sense. */
  claim(tabId: string): Promise<boolean>
  /** Something unsent is on disk: leases must be kept alive. */
  touch(): void
  release(tabId: string): void
  releaseAll(): void
}

export interface OwnershipDeps {
  database: string
  /** This page's own tab. */
  tabId: string
  disk(): Disk | null
  /** Whether anything unsent is left: without it no heartbeat runs. */
  hasUnsent(): boolean
  now(): number
  onFree(tabId: string): void
  /** A lease ran out unnoticed (the page was suspended, say) and another page has taken the batches. */
  onTaken(tabId: string): void
}

export function createOwnership(deps: OwnershipDeps): Ownership {
  const { tabId: owner, disk, now, onFree } = deps
  const locks = findTabLocks(deps.database, onFree)
  /** Locks as long as they answer; from then on leases speak for everything that is ours. */
  let means: 'locks' | 'leases' = locks ? 'locks' : 'leases'
  const mine = new Set<string>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  let heartbeat: ReturnType<typeof setInterval> | undefined

  /** Null: the browser does not answer. */
  async function askForLock(tabId: string): Promise<boolean | null> {
    try {
      return (await locks?.claim(tabId)) ?? null
    } catch {
      return null
    }
  }

  async function claim(tabId: string): Promise<boolean> {
    const locked = means === 'locks' ? await askForLock(tabId) : null
    if (locked === false) {
      locks?.waitFor(tabId)
      return false
    }
    if (locked === null) means = 'leases'
    const claim = locked ? await checkLease(tabId) : await takeLease(tabId)
    if (claim.free) {
      mine.add(tabId)
      touch()
    } else {
      locks?.release(tabId)
      askAgain(tabId, claim.askAgainAt)
    }
    return claim.free
  }

  async function checkLease(tabId: string): Promise<LeaseClaim> {
    const lease = tabId === owner ? undefined : await disk()?.readLease(tabId)
    return decideClaim({ lease, lastWriteAt: 0, owner, now: now() })
  }

  async function takeLease(tabId: string): Promise<LeaseClaim> {
    return (await disk()?.claimLease(leaseOf(tabId), now())) ?? { free: true }
  }

  function askAgain(tabId: string, askAt: number): void {
    clearTimeout(timers.get(tabId))
    timers.set(
      tabId,
      setTimeout(
        () => {
          timers.delete(tabId)
          onFree(tabId)
        },
        askAt - now() + 1,
      ),
    )
  }

  function leaseOf(tabId: string): Lease {
    const lives = typeof document !== 'undefined' && document.hidden ? HIDDEN_LEASE_MS : LEASE_MS
    return { tabId, owner, expiresAt: now() + lives }
  }

  async function beat(): Promise<void> {
    if (!deps.hasUnsent()) {
      clearInterval(heartbeat)
      heartbeat = undefined
      return
    }
    const taken = await disk()?.renewLeases([...mine].map(leaseOf))
    for (const tabId of taken ?? []) {
      mine.delete(tabId)
      deps.onTaken(tabId)
    }
  }

  function touch(): void {
    if (means === 'locks' || heartbeat !== undefined) return
    heartbeat = setInterval(() => {
      beat().catch(() => {}) // The disk tells its own failure at the next write.
    }, HEARTBEAT_MS)
  }

  function giveUp(tabIds: string[]): void {
    for (const tabId of tabIds) mine.delete(tabId)
    if (means === 'locks' || tabIds.length === 0) return
    disk()
      ?.renewLeases(tabIds.map((tabId) => ({ tabId, owner, expiresAt: 0 })))
      .catch(() => {}) // They run out by themselves.
  }

  return {
    claim,
    touch,
    release(tabId) {
      locks?.release(tabId)
      giveUp(mine.has(tabId) ? [tabId] : [])
    },
    releaseAll() {
      locks?.releaseAll()
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
      clearInterval(heartbeat)
      heartbeat = undefined
      giveUp([...mine])
    },
  }
}
