import type { Disk } from './disk.ts'
import { DiskError, type DiskFault, OPEN_LIMIT_MS } from './idb.ts'
import { withWatchdog } from './watchdog.ts'

/**
 * First pause before a lost disk is tried again; doubles with each failure. One that was closed or deleted under us
 * (site data were cleared, say) is likely to be there at once.
 */
const REOPEN_AFTER_MS = 30_000
const REOPEN_CLOSED_AFTER_MS = 1_000
const REOPEN_AT_MOST_MS = 10 * 60_000

/** The connection to a disk that may be absent, get lost at any time, and come back. */
export interface DiskLink {
  /** The disk, while writes may go there. */
  current(): Disk | null
  /** The disk, if it is open at all. */
  opened(): Disk | null
  /** Tries to open it; resolves when it is in use or given up for now. One that opens later is used then. */
  connect(): Promise<void>
  /** Tries again if its time has come. No timer runs for this: without new data nothing is gained. */
  connectIfDue(): void
  /** No writes until `join` has brought over what came meanwhile. */
  suspend(): void
  join(): Promise<void>
  /** Takes the disk out of use. */
  fail(cause: unknown): void
  close(): void
}

export interface DiskLinkDeps {
  open(onLost: (fault: DiskFault) => void): Promise<Disk>
  /**
   * Brings over what memory holds, then calls `use` in the same breath in which it saw that nothing is
   * missing. Rejects if the disk fails.
   */
  moveOver(disk: Disk, use: () => void): Promise<void>
  /** Called at each loss, a failed opening included. */
  onLost(error: DiskError): void
  /** In use again after a loss, or for the first time after an opening that was given up for silent. */
  onBack(): void
  elapsedMs(): number
}

export function createDiskLink({ open, moveOver, onLost, onBack, elapsedMs }: DiskLinkDeps): DiskLink {
  let state: 'off' | 'joining' | 'on' | 'closed' = 'off'
  let disk: Disk | null = null
  let retryAtMs = 0
  let retryAfterMs = 0
  let wasLost = false

  function fail(cause: unknown): void {
    if (state === 'off' || state === 'closed') return
    const error = cause instanceof DiskError ? cause : new DiskError('broken', cause)
    state = 'off'
    wasLost = true
    disk?.close()
    disk = null
    // A newer schema or a missing IndexedDB does not go away while this page lives.
    const forGood = error.fault === 'newer' || error.fault === 'absent'
    const firstMs = error.fault === 'closed' ? REOPEN_CLOSED_AFTER_MS : REOPEN_AFTER_MS
    retryAfterMs = Math.min(Math.max(firstMs, retryAfterMs * 2), REOPEN_AT_MOST_MS)
    retryAtMs = forGood ? Number.POSITIVE_INFINITY : elapsedMs() + retryAfterMs
    onLost(error)
  }

  async function connect(): Promise<void> {
    if (state !== 'off') return
    state = 'joining'
    let joined: Promise<void> | undefined
    const opening = open((fault) => fail(new DiskError(fault))).then((opened) => {
      // An earlier attempt may have answered late, but first.
      if (disk || isClosed()) return opened.close()
      disk = opened
      state = 'joining'
      joined = join()
    })
    try {
      await withWatchdog(opening, OPEN_LIMIT_MS, () => new DiskError('silent'))
    } catch (cause) {
      if (!disk) fail(cause)
    }
    return joined
  }

  async function join(): Promise<void> {
    const joining = disk
    if (!joining || state !== 'joining') return
    try {
      await moveOver(joining, () => {
        if (disk !== joining || state !== 'joining') return
        state = 'on'
        if (wasLost) onBack()
        wasLost = false
      })
    } catch (cause) {
      if (disk === joining) fail(cause)
    }
  }

  // A function, because the state changes while `connect` waits.
  function isClosed(): boolean {
    return state === 'closed'
  }

  return {
    current: () => (state === 'on' ? disk : null),
    opened: () => disk,
    connect,
    connectIfDue() {
      if (state === 'off' && elapsedMs() >= retryAtMs) void connect()
    },
    suspend() {
      if (state === 'on') state = 'joining'
    },
    join,
    fail,
    close() {
      state = 'closed'
      disk?.close()
      disk = null
    },
  }
}
