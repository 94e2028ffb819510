import { beginTransaction, type Schema, type StoreName, settled, type Transaction } from './idb-promises.ts'
import { withWatchdog } from './watchdog.ts'

/** Opening answers within this time or counts as silent. Source: the official SDK's limit. */
export const OPEN_LIMIT_MS = 2000
/** A transaction ends within this time or counts as silent. Source: the official SDK's limit. */
export const TRANSACTION_LIMIT_MS = 5000

/** What can be wrong with a database. `newer`: another tab runs a later schema, this page must not write. */
export type DiskFault = 'absent' | 'silent' | 'newer' | 'full' | 'closed' | 'broken'

/** A database that can not be used, or a transaction that failed. */
export class DiskError extends Error {
  override readonly name = 'DiskError'
  readonly fault: DiskFault

  constructor(fault: DiskFault, cause?: unknown) {
    super(`IndexedDB is ${fault}`, { cause })
    this.fault = fault
  }
}

/** An open database whose every answer is waited for with a limit. */
export interface Database<Stores extends Schema> {
  readonly version: number
  /**
   * Runs `work` in a transaction that has begun when `run` returns; resolves once it is committed.
   * Rejects with a `DiskError`.
   */
  run<Result, Mode extends 'readonly' | 'readwrite'>(
    stores: StoreName<Stores>[],
    mode: Mode,
    work: (transaction: Transaction<Stores, Mode>) => Promise<Result>,
  ): Promise<Result>
  close(): void
}

export interface DatabaseOptions {
  name: string
  /** Left out: whatever version is there. */
  version?: number
  /** Lays out what is missing. Must not await anything but the transaction's own requests. */
  upgrade(db: IDBDatabase, oldVersion: number, transaction: IDBTransaction): void
  /** Called once if the browser or another tab takes the open database away. */
  onLost(fault: DiskFault): void
  /** An opening that takes longer counts as silent. Infinity: it may take any time. @default OPEN_LIMIT_MS */
  openLimitMs?: number
}

/** Opens a database; rejects with a `DiskError` and leaves nothing open if that can not be done in time. */
export async function openDatabase<Stores extends Schema>({
  name,
  version,
  upgrade,
  onLost,
  openLimitMs = OPEN_LIMIT_MS,
}: DatabaseOptions): Promise<Database<Stores>> {
  let state: 'opening' | 'open' | 'over' = 'opening'
  const lose = (fault: DiskFault): void => {
    if (state === 'over') return
    state = 'over'
    onLost(fault)
  }
  // In an async function, so that a getter or a call that throws becomes a rejection.
  const opening = (async () => {
    if (!globalThis.indexedDB) throw new DiskError('absent')
    const request = indexedDB.open(name, version)
    request.onupgradeneeded = ({ oldVersion }) => {
      // Never null while the database is upgraded.
      upgrade(request.result, oldVersion, request.transaction as IDBTransaction)
    }
    const db = await settled(request)
    db.onversionchange = ({ oldVersion, newVersion }) => {
      db.close() // Else the other tab, or a deletion, waits for us forever.
      lose(newVersion !== null && newVersion > oldVersion ? 'newer' : 'closed')
    }
    db.onclose = () => lose('closed')
    return db
  })()
  opening.then((db) => state === 'over' && db.close(), ignore) // An answer that came too late.

  let db: IDBDatabase
  try {
    db = await withWatchdog(opening, openLimitMs, () => new DiskError('silent'))
  } catch (cause) {
    state = 'over'
    throw asDiskError(cause)
  }
  state = 'open'
  return {
    version: db.version,
    run: (stores, mode, work) => run(db, stores, mode, work),
    close() {
      state = 'over'
      db.close()
    },
  }
}

/** `Promise.all` over calls; the first that throws ends the row and leaves no other's failure unhandled. */
export function together<Results extends unknown[]>(
  ...calls: { [Place in keyof Results]: () => Promise<Results[Place]> }
): Promise<Results> {
  const started: Promise<unknown>[] = []
  try {
    for (const call of calls) started.push(call())
  } catch (cause) {
    for (const promise of started) promise.catch(ignore)
    throw cause
  }
  return Promise.all(started) as Promise<Results>
}

async function run<Stores extends Schema, Result, Mode extends 'readonly' | 'readwrite'>(
  db: IDBDatabase,
  stores: StoreName<Stores>[],
  mode: Mode,
  work: (transaction: Transaction<Stores, Mode>) => Promise<Result>,
): Promise<Result> {
  try {
    const transaction = beginTransaction<Stores, Mode>(db, stores, mode)
    const working = start(work, transaction)
    working.catch(() => quietly(() => transaction.abort())) // Half a write must not be committed.
    const ended = Promise.allSettled([working, transaction.done])
    const [result, done] = await withWatchdog(ended, TRANSACTION_LIMIT_MS, () => {
      quietly(() => transaction.abort())
      return new DiskError('silent')
    })
    // When the browser aborted, the transaction knows why (full, say) and its requests do not; when `work`
    // failed, it is the other way round.
    if (done.status === 'rejected' && nameOf(done.reason) !== 'AbortError') throw done.reason
    if (result.status === 'rejected') throw result.reason
    if (done.status === 'rejected') throw done.reason
    return result.value
  } catch (cause) {
    throw asDiskError(cause)
  }
}

/** Calls `work` at once, and makes what it throws a rejection. */
async function start<Input, Result>(work: (input: Input) => Promise<Result>, input: Input): Promise<Result> {
  return work(input)
}

function asDiskError(cause: unknown): DiskError {
  if (cause instanceof DiskError) return cause
  const name = nameOf(cause)
  if (name === 'QuotaExceededError') return new DiskError('full', cause)
  if (name === 'VersionError') return new DiskError('newer', cause)
  if (name === 'SecurityError') return new DiskError('absent', cause)
  if (name === 'InvalidStateError') return new DiskError('closed', cause)
  return new DiskError('broken', cause)
}

function nameOf(cause: unknown): string {
  return cause instanceof Error || cause instanceof DOMException ? cause.name : ''
}

function quietly(run: () => void): void {
  try {
    run()
  } catch {
    // The transaction was over already.
  }
}

function ignore(): void {}
