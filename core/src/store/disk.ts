import type { BatchChunk, BatchHeader, BatchKey, PackedBatch } from '../types.ts'
import { type DatabaseOptions, type DBSchema, type DiskFault, openDatabase, together } from './idb.ts'
import { decideClaim, type Lease, type LeaseClaim } from './leases.ts'
import { packedBatch } from './memory.ts'
import type { CloseStream } from './store.ts'

// The only file that knows the schema of the kit's own database.
//
//   batches  one small row per batch: header, sizes. Listing them never loads a body.
//   chunks   [tab, sequence, index]: the pieces. Each carries its check values, so that a stream
//            can be ended after any piece, whatever became of the later ones.
//   leases   who owns which tab's batches, where Web Locks cannot tell.

/** What a listing tells of a batch. */
export interface BatchRow {
  readonly header: BatchHeader
  /** Compressed bytes of all pieces. */
  readonly bytes: number
  readonly events: number
  readonly lastEventAt: number
  readonly closed: boolean
  /** Number of pieces. */
  readonly chunks: number
  /** Epoch ms of the last write. */
  readonly writtenAt: number
}

type ChunkRow = BatchChunk & BatchKey

interface DiskSchema extends DBSchema {
  batches: { key: [string, number]; value: BatchRow }
  chunks: { key: [string, number, number]; value: ChunkRow }
  leases: { key: string; value: Lease }
}

type Upgrade = DatabaseOptions<DiskSchema>['upgrade']
/** Brings a database from one version to the next. */
export type Migration = (db: Parameters<Upgrade>[0], transaction: Parameters<Upgrade>[2]) => void

/** Entry n leads from version n to n + 1. Only ever append: databases of every age are out there. */
export const MIGRATIONS: readonly Migration[] = [
  (db) => {
    db.createObjectStore('batches', { keyPath: ['header.tabId', 'header.sequence'] })
    db.createObjectStore('chunks', { keyPath: ['tabId', 'sequence', 'index'] })
    db.createObjectStore('leases', { keyPath: 'tabId' })
  },
]

/** The batches of all tabs. Every method rejects with a `DiskError` and begins its work before it returns. */
export interface Disk {
  put(row: BatchRow, chunks: readonly BatchChunk[]): Promise<void>
  /** Null: not there, still open, or with a piece missing. */
  read(key: BatchKey): Promise<PackedBatch | null>
  /** Ends the stream after its last whole piece. Removes the batch and gives null if no event is in it. */
  finish(key: BatchKey, closeStream: CloseStream): Promise<BatchRow | null>
  /** Gives the bytes that became free. */
  remove(keys: readonly BatchKey[]): Promise<number>
  /** Rows of one tab or of all, by tab and sequence. */
  list(tabId?: string): Promise<BatchRow[]>
  claimLease(lease: Lease, now: number): Promise<LeaseClaim>
  /** Renews what `owner` still holds; gives the tabs that somebody else has taken. */
  renewLeases(leases: readonly Lease[]): Promise<string[]>
  readLease(tabId: string): Promise<Lease | undefined>
  close(): void
}

/** The database of one project. Ten characters of the key, as in the official SDK's names. */
export function databaseName(apiKey: string): string {
  return `session_replay_kit_${apiKey.slice(0, 10)}`
}

/** Waits for the database as long as it takes: a slow one is of use whenever it comes. */
export async function openDisk(
  name: string,
  onLost: (fault: DiskFault) => void,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<Disk> {
  const db = await openDatabase<DiskSchema>({
    name,
    version: migrations.length,
    upgrade: (opened, oldVersion, transaction) => {
      for (const migrate of migrations.slice(oldVersion)) migrate(opened, transaction)
    },
    onLost,
    openLimitMs: Number.POSITIVE_INFINITY,
  })

  return {
    put: (row, chunks) =>
      db.run(['batches', 'chunks'], 'readwrite', async (transaction) => {
        const { tabId, sequence } = row.header
        await together(
          ...chunks.map(
            (chunk) => () => transaction.objectStore('chunks').put({ ...chunk, tabId, sequence }),
          ),
          () => transaction.objectStore('batches').put(row),
          // Else the commit waits for answers that a page on its way out does not receive any more.
          async () => transaction.commit?.(),
        )
      }),

    read: (key) =>
      db.run(['batches', 'chunks'], 'readonly', async (transaction) => {
        const [row, chunks] = await together(
          () => transaction.objectStore('batches').get([key.tabId, key.sequence]),
          () => transaction.objectStore('chunks').getAll(piecesOf(key)),
        )
        return row ? packedBatch(row.header, wholeStart(chunks)) : null
      }),

    finish: (key, closeStream) =>
      db.run(['batches', 'chunks'], 'readwrite', async (transaction) => {
        const batches = transaction.objectStore('batches')
        const pieces = transaction.objectStore('chunks')
        const [row, stored] = await together(
          () => batches.get([key.tabId, key.sequence]),
          () => pieces.getAll(piecesOf(key)),
        )
        if (!row) return null
        const chunks = wholeStart(stored)
        const last = chunks.at(-1)
        if (last?.closed) return row
        await pieces.delete(
          IDBKeyRange.bound([key.tabId, key.sequence, chunks.length], [key.tabId, key.sequence, []]),
        )
        if (!last || last.events === 0) {
          await together(
            () => batches.delete([key.tabId, key.sequence]),
            () => pieces.delete(piecesOf(key)),
          )
          return null
        }
        const bytes = closeStream({ crc: last.crc, rawBytes: last.rawBytes }, STREAM_TAIL)
        const { tabId, sequence } = row.header
        const trailer: ChunkRow = { ...last, tabId, sequence, index: last.index + 1, bytes, closed: true }
        const closed: BatchRow = {
          ...row,
          bytes: chunks.reduce((sum, chunk) => sum + chunk.bytes.byteLength, bytes.byteLength),
          events: last.events,
          lastEventAt: last.lastEventAt,
          closed: true,
          chunks: chunks.length + 1,
        }
        await together(
          () => pieces.put(trailer),
          () => batches.put(closed),
        )
        return closed
      }),

    remove: (keys) =>
      db.run(['batches', 'chunks'], 'readwrite', async (transaction) => {
        const batches = transaction.objectStore('batches')
        const rows = await together(...keys.map((key) => () => batches.get([key.tabId, key.sequence])))
        await together(
          ...keys.flatMap((key) => [
            () => batches.delete([key.tabId, key.sequence]),
            () => transaction.objectStore('chunks').delete(piecesOf(key)),
          ]),
        )
        return rows.reduce((sum, row) => sum + (row?.bytes ?? 0), 0)
      }),

    list: (tabId) =>
      db.run(['batches'], 'readonly', (transaction) =>
        transaction.objectStore('batches').getAll(tabId === undefined ? undefined : batchesOf(tabId)),
      ),

    claimLease: (wanted, now) =>
      db.run(['batches', 'leases'], 'readwrite', async (transaction) => {
        const leases = transaction.objectStore('leases')
        const [lease, rows] = await together(
          () => leases.get(wanted.tabId),
          () => transaction.objectStore('batches').getAll(batchesOf(wanted.tabId)),
        )
        const lastWriteAt = rows.reduce((newest, row) => Math.max(newest, row.writtenAt), 0)
        const claim = decideClaim({ lease, lastWriteAt, owner: wanted.owner, now })
        if (claim.free) await leases.put(wanted)
        return claim
      }),

    renewLeases: (renewed) =>
      db.run(['leases'], 'readwrite', async (transaction) => {
        const leases = transaction.objectStore('leases')
        const lost = await together(
          ...renewed.map((lease) => async () => {
            const current = await leases.get(lease.tabId)
            if (current && current.owner !== lease.owner) return lease.tabId
            await leases.put(lease)
            return null
          }),
        )
        return lost.filter((tabId) => tabId !== null)
      }),

    readLease: (tabId) =>
      db.run(['leases'], 'readonly', (transaction) => transaction.objectStore('leases').get(tabId)),

    close: () => db.close(),
  }
}

/** What every body ends with: the end of the `events` array and of the object around it. */
const STREAM_TAIL = ']}'

// In the order of IndexedDB keys an array comes after every number and string.
function batchesOf(tabId: string): IDBKeyRange {
  return IDBKeyRange.bound([tabId], [tabId, []])
}

function piecesOf({ tabId, sequence }: BatchKey): IDBKeyRange {
  return IDBKeyRange.bound([tabId, sequence], [tabId, sequence, []])
}

/** The pieces up to the first that is missing, or up to the end of the stream. */
function wholeStart(chunks: readonly ChunkRow[]): BatchChunk[] {
  const whole: BatchChunk[] = []
  for (const { tabId, sequence, ...chunk } of chunks) {
    if (chunk.index !== whole.length) break
    whole.push(chunk)
    if (chunk.closed) break
  }
  return whole
}
