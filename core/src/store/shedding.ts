import { ReplayError, type Report } from '../errors.ts'
import type { BatchChunk, BatchHeader, BatchKey } from '../types.ts'
import { type Budgets, cutSegments, decideTrim, type Segment } from './budget.ts'
import type { Disk } from './disk.ts'
import { type HeldBatch, isDurable, type Memory, weigh } from './memory.ts'
import type { StoreDropReason } from './store.ts'

/** Keeps the store within its budgets: decides in budget.ts, gives up here, counts and tells. */
export interface Shedder {
  /** Gives whole segments up for good. */
  drop(segments: readonly Segment[], reason: StoreDropReason): void
  /** Lets copies of durable batches go, then, if that is not enough, oldest segments that only memory has. */
  trimMemory(): void
  dropExpired(): void
  /** Takes oldest segments off the disk until it holds at most `goalBytes`. What memory has whole is not lost. */
  trimDisk(disk: Disk, goalBytes: number, which: 'finished' | 'growing-too'): Promise<TrimResult>
  /** True for what follows a segment that was given up: worthless until the next snapshot. */
  isInGap(header: BatchHeader, chunk: BatchChunk): boolean
  readonly dropped: Partial<Record<StoreDropReason, number>>
}

export interface TrimResult {
  /** Counted anew, before anything goes. */
  readonly totalBytes: number
  /** What is going. */
  readonly freedBytes: number
}

export interface SheddingDeps {
  tabId: string
  budgets: Budgets
  memory: Memory
  report: Report
  onGap(): void
  /** Null while writes do not go there. */
  disk(): Disk | null
  /** Whether the batches of a tab are this page's to give up. */
  owns(tabId: string): boolean
  /** Removes batches wherever else they are. */
  forget(keys: readonly BatchKey[]): void
  elapsedMs(): number
}

const DROPPED: Record<StoreDropReason, string> = {
  'memory-full': 'the memory budget for unsent data is full',
  'disk-full': 'the disk budget for unsent data is full',
  'too-old': 'it could not be delivered for days',
  'disk-lost': 'the browser deleted its storage',
  unreadable: 'it was damaged in browser storage',
}

export function createShedder(deps: SheddingDeps): Shedder {
  const { tabId, budgets, memory, disk } = deps
  const dropped: Shedder['dropped'] = {}
  /** By recorded session: what was counted last in the batch that is being refused. */
  const gaps = new Map<string, { reason: StoreDropReason; sequence: number; events: number }>()

  function count(reason: StoreDropReason, events: number): void {
    if (dropped[reason] === undefined) {
      const text = `Session Replay: some recorded events were given up: ${DROPPED[reason]}. Counts are in the status; recording goes on.`
      deps.report(new ReplayError('EVENT_DROPPED', text))
    }
    dropped[reason] = (dropped[reason] ?? 0) + events
  }

  function drop(segments: readonly Segment[], reason: StoreDropReason): void {
    if (segments.length === 0) return
    const batches = segments.flatMap((segment) => segment.batches)
    for (const { header, events } of batches) {
      memory.remove(header)
      count(reason, events)
    }
    deps.forget(batches.map(({ header }) => header))
    for (const segment of segments) {
      const last = segment.batches.at(-1)
      if (!segment.growing || !last) continue
      gaps.set(lineOf(last.header), { reason, sequence: last.header.sequence, events: last.events })
      deps.onGap()
    }
  }

  function ownSegments(): Segment[] {
    return cutSegments(memory.all().map(weigh), tabId)
  }

  return {
    drop,
    dropped,
    trimMemory() {
      if (memory.bytes() <= budgets.memoryBytes) return
      for (const batch of memory.all()) {
        if (memory.bytes() <= budgets.memoryBytes) return
        if (batch.chunks && batch.last.closed && isDurable(batch)) memory.release(batch)
      }
      // What a living disk is still writing can be released soon; the transaction limit bounds the wait.
      const onlyInMemory = (held: HeldBatch | undefined): boolean => held?.evicted === true || disk() === null
      const segments = ownSegments().filter(({ batches }) =>
        batches.every(({ header }) => onlyInMemory(memory.get(header))),
      )
      const totalBytes = segments.reduce((sum, { bytes }) => sum + bytes, 0)
      const goalBytes = budgets.memoryBytes
      drop(decideTrim({ segments, totalBytes, goalBytes, growingToo: true }), 'memory-full')
    },
    dropExpired() {
      const oldest = memory.all()[0]
      const limitMs = deps.elapsedMs() - budgets.ageMs
      if (!oldest || oldest.keptAtMs >= limitMs) return
      const expired = ownSegments().filter(({ batches }) =>
        batches.every(({ header }) => (memory.get(header)?.keptAtMs ?? 0) < limitMs),
      )
      drop(expired, 'too-old')
    },
    async trimDisk(current, goalBytes, which) {
      const rows = await current.list()
      const totalBytes = rows.reduce((sum, { bytes }) => sum + bytes, 0)
      const segments = cutSegments(rows, tabId).filter((segment) => deps.owns(segment.tabId))
      const going = decideTrim({ segments, totalBytes, goalBytes, growingToo: which === 'growing-too' })
      const kept = going.filter(({ batches, growing }) => !growing && batches.every(isHeld))
      for (const { header } of kept.flatMap(({ batches }) => batches)) {
        const held = memory.get(header)
        if (held) held.evicted = true
      }
      drop(
        going.filter((segment) => !kept.includes(segment)),
        'disk-full',
      )
      deps.forget(kept.flatMap(({ batches }) => batches.map(({ header }) => header)))
      const freedBytes = going.reduce((sum, { bytes }) => sum + bytes, 0)
      return { totalBytes, freedBytes }
    },
    isInGap(header, chunk) {
      const gap = header.channel === 'replay' ? gaps.get(lineOf(header)) : undefined
      if (!gap) return false
      if (header.startsSegment && chunk.index === 0) return !gaps.delete(lineOf(header))
      count(gap.reason, chunk.events - (gap.sequence === header.sequence ? gap.events : 0))
      gap.sequence = header.sequence
      gap.events = chunk.events
      return true
    },
  }

  function isHeld({ header }: { header: BatchHeader }): boolean {
    return Boolean(memory.get(header)?.chunks)
  }
}

function lineOf({ deviceId, sessionId }: BatchHeader): string {
  return JSON.stringify([deviceId, sessionId])
}
