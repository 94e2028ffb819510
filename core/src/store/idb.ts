import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb'
import { withWatchdog } from './watchdog.ts'

export type { DBSchema }

/** Opening answers within this time or counts as silent. Source: the official SDK's limit. */
export const OPEN_LIMIT_MS = 2000
/** A transaction ends within this time or counts as silent. Source: the official SDK's limit. */
export const TRANSACTION_LIMIT_MS = 5000

/** What can be wrong with a database. `newer`: another tab runs a later schema, this page must not write. */
export type DiskFault = 'absent' | 'silent' | 'newer' | 'full' | 'closed' | 'broken'

/** A database that cannot be used, or a transaction that failed. */
export class DiskError extends Error {
  override readonly name = 'DiskError'
  readonly fault: DiskFault

  constructor(fault: DiskFault, cause?: unknown) {
    super(`IndexedDB is ${fault}`, { cause })
    this.fault = fault
  }
}

/** One transaction as `work` sees it. */
export type Transaction<Schema extends DBSchema, Mode extends IDBTransactionMode> = IDBPTransaction<
  Schema,
  StoreNames<Schema>[],
  Mode
>

/** An open database whose every answer is waited for with a limit. */
export interface Database<Schema extends DBSchema> {
  readonly version: number
  /**
   * Runs `work` in a transaction that has begun when `run` returns; resolves once it is committed.
   * Rejects with a `DiskError`.
   */
  run<Result, Mode extends 'readonly' | 'readwrite'>(
    stores: StoreNames<Schema>[],
    mode: Mode,
    work: (transaction: Transaction<Schema, Mode>) => Promise<Result>,
  ): Promise<Result>
  close(): void
}

export interface DatabaseOptions<Schema extends DBSchema> {
  name: string
  /** Left out: whatever version is there. */
  version?: number
  /** Lays out what is missing. Must not await anything but the transaction's own requests. */
  upgrade(
    db: IDBPDatabase<Schema>,
    oldVersion: number,
    transaction: IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>,
  ): void
  /** Called once if the browser or another tab takes the open database away. */
  onLost(fault: DiskFault): void
  /** An opening that takes longer counts as silent. Infinity: it may take any time. @default OPEN_LIMIT_MS */
  openLimitMs?: number
}

/** Opens a database; rejects with a `DiskError` and leaves nothing open if that cannot be done in time. */
export async function openDatabase<Schema extends DBSchema>({
  name,
  version,
  upgrade,
  onLost,
  openLimitMs = OPEN_LIMIT_MS,
}: DatabaseOptions<Schema>): Promise<Database<Schema>> {
  let state: 'opening' | 'open' | 'over' = 'opening'
  const lose = (fault: DiskFault): void => {
    if (state === 'over') return
    state = 'over'
    onLost(fault)
  }
  // In an async function, so that a getter or a call that throws becomes a rejection.
  const opening = (async () => {
    if (!globalThis.indexedDB) throw new DiskError('absent')
    return openDB<Schema>(name, version, {
      upgrade: (db, oldVersion, _newVersion, transaction) => {
        transaction.done.catch(ignore) // The request fails as well; this twin would go unhandled.
        upgrade(db, oldVersion, transaction)
      },
      blocking: (currentVersion, blockedVersion, event) => {
        ;(event.target as IDBDatabase).close() // Else the other tab, or a deletion, waits for us forever.
        lose(blockedVersion !== null && blockedVersion > currentVersion ? 'newer' : 'closed')
      },
      terminated: () => lose('closed'),
    })
  })()
  opening.then((db) => state === 'over' && db.close(), ignore) // An answer that came too late.

  let db: IDBPDatabase<Schema>
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

async function run<Schema extends DBSchema, Result, Mode extends 'readonly' | 'readwrite'>(
  db: IDBPDatabase<Schema>,
  stores: StoreNames<Schema>[],
  mode: Mode,
  work: (transaction: Transaction<Schema, Mode>) => Promise<Result>,
): Promise<Result> {
  try {
    // Relaxed: written to the system, not flushed to the medium. A browser crash loses nothing by it.
    const transaction = db.transaction(stores, mode, { durability: 'relaxed' })
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
