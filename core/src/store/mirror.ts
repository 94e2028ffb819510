import { ReplayError, type Report } from '../errors.ts'
import { type BatchChunk, type BatchKey, keyText } from '../types.ts'
import { type BatchRow, type Disk, openDisk } from './disk.ts'
import { createDiskLink, type DiskLink } from './disk-link.ts'
import { DiskError, type DiskFault } from './idb.ts'
import { type HeldBatch, isDurable, type Memory } from './memory.ts'
import type { TrimResult } from './shedding.ts'

/**
 * Keeps on disk what memory holds. While the disk is away, memory alone has it, and what was removed is
 * remembered; when the disk comes back, both are brought to the same state.
 */
export interface Mirror extends Pick<DiskLink, 'current' | 'opened' | 'suspend' | 'join' | 'close'> {
  connect(): Promise<void>
  connectIfDue(): void
  /** Writes one piece; the transaction has begun when this returns. Never rejects. */
  write(batch: HeldBatch, chunk: BatchChunk): Promise<void>
  /** Removes batches, now or when the disk is back. Never rejects. */
  remove(keys: readonly BatchKey[]): Promise<void>
  /** Removed, but perhaps not from disk yet. */
  isRemoved(key: BatchKey): boolean
  /** Runs `work` on the disk; undefined if there is none or it failed, which takes it out of use. */
  ask<Result>(work: (disk: Disk) => Promise<Result>): Promise<Result | undefined>
  bytes(): number
}

export interface MirrorDeps {
  database: string
  memory: Memory
  report: Report
  budgets: { readonly diskBytes: number }
  now(): number
  elapsedMs(): number
  /** Whether this tab's rows are this page's to write. */
  claimOwn(): Promise<boolean>
  onWrite(): void
  /** Neither memory nor disk has it any more. */
  onVanished(batch: HeldBatch): void
  /** The disk is in use again after it was lost or silent: it may hold what nobody has taken over yet. */
  onBack(): void
  trimMemory(): void
  trimDisk(disk: Disk, goalBytes: number, which: 'finished' | 'growing-too'): Promise<TrimResult>
}

/** Room made at least when the disk is full, so that the next piece does not meet the same wall. */
const ROOM_BYTES = 1_000_000

const LOST: Record<DiskFault, string> = {
  absent: 'is not available',
  silent: 'does not answer',
  newer: 'is in use by a newer version of this page',
  full: 'is full',
  closed: 'was closed or deleted',
  broken: 'failed',
}

export function createMirror(deps: MirrorDeps): Mirror {
  const { memory } = deps
  /** Removed while the disk was away. */
  const unremoved = new Map<string, BatchKey>()
  let diskBytes = 0
  let trimming = false

  const link = createDiskLink({
    open: (onLost) => openDisk(deps.database, onLost),
    moveOver,
    onLost({ fault, cause }) {
      for (const batch of memory.all()) if (batch.chunks) batch.durableChunks = 0
      const text = `Session Replay: browser storage ${LOST[fault]}. Recording goes on in memory; what is unsent when the page closes may be lost.`
      deps.report(new ReplayError('STORE_FAILED', text, { cause }))
      deps.trimMemory()
    },
    onBack: deps.onBack,
    elapsedMs: deps.elapsedMs,
  })

  async function moveOver(disk: Disk, use: () => void): Promise<void> {
    if (!(await deps.claimOwn())) return
    const rows = await disk.list()
    diskBytes = rows.reduce((sum, { bytes }) => sum + bytes, 0)
    const stored = new Map(rows.map((row) => [keyText(row.header), row]))
    for (const batch of memory.all()) {
      const row = stored.get(keyText(batch.header))
      const whole = row?.chunks === batch.last.index + 1
      if (batch.chunks) batch.durableChunks = whole ? row.chunks : 0
      else if (!whole) deps.onVanished(batch)
    }
    for (;;) {
      const late = [...unremoved.values()]
      const missing = memory.all().find((batch) => batch.chunks && !batch.evicted && !isDurable(batch))
      if (late.length > 0) {
        const freedBytes = await disk.remove(late)
        diskBytes -= freedBytes
        for (const key of late) unremoved.delete(keyText(key))
      } else if (missing?.chunks) {
        const row = rowOf(missing)
        await disk.put(row, missing.chunks)
        missing.durableChunks = row.chunks
        diskBytes += row.bytes - (stored.get(keyText(row.header))?.bytes ?? 0)
        stored.set(keyText(row.header), row)
      } else return use()
    }
  }

  function rowOf({ header, bytes, last }: HeldBatch): BatchRow {
    const { events, lastEventAt, index, closed } = last
    return { header, bytes, events, lastEventAt, closed, chunks: index + 1, writtenAt: deps.now() }
  }

  /** Tries once more after making room, if the disk is full. */
  async function putPiece(disk: Disk, batch: HeldBatch, row: BatchRow, chunk: BatchChunk): Promise<void> {
    try {
      await disk.put(row, [chunk])
    } catch (cause) {
      if (!(cause instanceof DiskError) || cause.fault !== 'full') throw cause
      const goalBytes = diskBytes - Math.max(row.bytes, ROOM_BYTES)
      const { freedBytes, totalBytes } = await deps.trimDisk(disk, goalBytes, 'finished')
      diskBytes = totalBytes
      if (freedBytes === 0 || !memory.get(batch.header)) throw cause
      await disk.put(row, [chunk])
    }
  }

  async function trimIfOverBudget(disk: Disk): Promise<void> {
    if (diskBytes <= deps.budgets.diskBytes || trimming) return
    trimming = true
    try {
      // What goes is subtracted as it goes.
      diskBytes = (await deps.trimDisk(disk, deps.budgets.diskBytes, 'growing-too')).totalBytes
    } finally {
      trimming = false
    }
  }

  async function ask<Result>(work: (disk: Disk) => Promise<Result>): Promise<Result | undefined> {
    const disk = link.current()
    try {
      return disk ? await work(disk) : undefined
    } catch (cause) {
      // Another disk may have come meanwhile; it is not to blame.
      if (disk === link.current()) link.fail(cause)
      return undefined
    }
  }

  return {
    ...link,
    ask,
    async write(batch, chunk) {
      await ask(async (disk) => {
        deps.onWrite()
        const row = rowOf(batch)
        await putPiece(disk, batch, row, chunk)
        if (link.current() !== disk) return
        batch.durableChunks = Math.max(batch.durableChunks, row.chunks)
        diskBytes += chunk.bytes.byteLength
        deps.trimMemory()
        await trimIfOverBudget(disk)
      })
    },
    async remove(keys) {
      for (const key of keys) unremoved.set(keyText(key), key)
      await ask(async (disk) => {
        const freedBytes = await disk.remove(keys)
        diskBytes -= freedBytes
        for (const key of keys) unremoved.delete(keyText(key))
      })
    },
    isRemoved: (key) => unremoved.has(keyText(key)),
    bytes: () => (link.opened() ? diskBytes : 0),
  }
}
