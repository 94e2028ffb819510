/** A tab's word, in a database row, that it lives: the fall-back where Web Locks do not answer. */
export interface Lease {
  readonly tabId: string
  /** The page that holds it; a taker writes its own. */
  readonly owner: string
  /** Epoch ms; 0 = given up on purpose. */
  readonly expiresAt: number
}

/** `busy` names the epoch ms at which asking again makes sense. */
export type LeaseClaim = { free: true } | { free: false; askAgainAt: number }

/** A lease lives this long without being renewed. */
export const LEASE_MS = 30_000
/** Hidden pages run timers once a minute (Chrome's intensive throttling), so their leases last longer. */
export const HIDDEN_LEASE_MS = 90_000
/** How often a lease is renewed. */
export const HEARTBEAT_MS = 10_000

export interface LeaseFacts {
  lease: Lease | undefined
  /** Epoch ms of the tab's newest write: a write speaks for the tab as long as a lease does. */
  lastWriteAt: number
  owner: string
  now: number
}

/** May `owner` take the tab's batches? */
export function decideClaim({ lease, lastWriteAt, owner, now }: LeaseFacts): LeaseClaim {
  if (lease?.owner === owner || lease?.expiresAt === 0) return { free: true }
  const aliveUntil = Math.max(lease?.expiresAt ?? 0, lastWriteAt + LEASE_MS)
  // Farther ahead than any lease goes: written before the wall clock was set back.
  const plausible = aliveUntil <= now + HIDDEN_LEASE_MS
  return aliveUntil > now && plausible ? { free: false, askAgainAt: aliveUntil } : { free: true }
}
