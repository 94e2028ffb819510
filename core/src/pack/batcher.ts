import type { Report } from '../errors.ts'
import {
  type BatchChunk,
  type BatchHeader,
  type Channel,
  type CloseReason,
  EventType,
  type Identity,
  type Stop,
} from '../types.ts'
import type { Compressor, PackedText } from './compressor.ts'
import { closesInMs } from './flush-interval.ts'
import { createRhythm, type Intervals } from './rhythm.ts'
import { createSettlement } from './settlement.ts'
import { startTimer } from './timer.ts'

// Grows one open batch per channel and decides when it is closed. Sequence numbers are given when a batch opens
// and name it everywhere, so that its chunks can be stored before it is complete.

export interface EventMeta {
  readonly identity: Identity
  readonly channel: Channel
  /** Already made private. */
  readonly pageUrl: string
  readonly sampleRate: number
}

export interface BatcherSettings extends Intervals {
  /** Uncompressed size that closes a batch. */
  readonly maxBatchBytes: number
  /** Compressed size that closes a batch, so that a page exit always finds it small enough to send. */
  readonly maxCompressedBytes: number
  /** After which full snapshots the batch closes, so that they leave at once. */
  readonly eagerFullSnapshotSend: 'first' | 'every' | 'none'
  /** How long interactions may be gathered. @default 30 000 growing to 60 000, as the Browser SDK */
  readonly interactionIntervals?: Intervals
}

export interface BatcherDeps {
  readonly settings: BatcherSettings
  readonly tabId: string
  readonly compressor: Compressor
  onChunk(header: BatchHeader, chunk: BatchChunk): void
  readonly report: Report
  /** Monotonic, ms. */
  now(): number
}

export interface Batcher {
  /** Adds one event; it goes to the compressor with the next flush or close, or when much has been gathered. */
  add(event: PackedText & { readonly type: unknown }, meta: EventMeta): void
  /** Asks for chunks of everything that was added. */
  flush(): void
  /** Resolves when the last chunks of all batches that were begun have been handed on. */
  close(reason: CloseReason): Promise<void>
  closeNow(reason: CloseReason): void
  discard(): void
  /** Takes out what was captured since then (monotonic, ms) and has not been handed on. */
  discardSince(sinceMs: number): void
  /** From the compressor. */
  receive(sequence: number, chunk: BatchChunk): void
  stop(): void
}

interface OpenBatch {
  header: BatchHeader
  readonly openedAt: number
  readonly intervalMs: number
  addedAt: number
  /** Not given to the compressor yet. */
  gathered: PackedText[]
  gatheredLength: number
  flushed: boolean
  /** Of its chunks so far: compressed, and not. */
  packedBytes: number
  packedRawBytes: number
  /** `meta` = a snapshot is announced; `content` = it is here, or something that needs an earlier one. */
  segment: 'none' | 'meta' | 'content'
  stopTimer: Stop
}

/**
 * Flushing at least this often keeps the compressed size known before it is far over its limit. Less is not handed on
 * by itself: a message to the worker for every few events costs more than packing them.
 */
const FLUSH_EVERY_CHARACTERS = 64 * 1024

/** What a chunk should come to in a worker, where packing more at once stalls nobody: each costs a storage transaction. */
const CHUNK_BYTES = 24 * 1024

/** What gzip leaves of recorded events, roughly, and from how many bytes on a batch knows better itself. */
const USUAL_SHARE = 1 / 8
const SAMPLE_BYTES = 32 * 1024

const INTERACTION_INTERVALS = { minIntervalMs: 30_000, maxIntervalMs: 60_000 }

export function createBatcher(deps: BatcherDeps): Batcher {
  const { settings, compressor, now, report } = deps
  const open = new Map<Channel, OpenBatch>()
  /** Every batch whose last chunk has not come yet, oldest first. */
  const live = new Map<number, BatchHeader>()
  const settlement = createSettlement()
  const { interactionIntervals = INTERACTION_INTERVALS } = settings
  const rhythm = createRhythm({ replay: settings, interaction: interactionIntervals }, now)
  let sequence = 0
  let sawSnapshot = false

  function begin(meta: EventMeta, type: unknown, at: number): OpenBatch {
    const { identity, channel, pageUrl, sampleRate } = meta
    const { deviceId, sessionId } = identity
    sequence += 1
    const header: BatchHeader = {
      tabId: deps.tabId,
      sequence,
      deviceId,
      sessionId,
      channel,
      openedAt: at,
      startsSegment: type === EventType.Meta,
      pageUrl,
      sampleRate,
    }
    const openedAt = now()
    const batch: OpenBatch = {
      header,
      openedAt,
      addedAt: openedAt,
      intervalMs: rhythm.nextIntervalMs(channel),
      gathered: [],
      gatheredLength: 0,
      flushed: false,
      packedBytes: 0,
      packedRawBytes: 0,
      segment: 'none',
      stopTimer: () => {},
    }
    open.set(channel, batch)
    live.set(sequence, header)
    compressor.open(sequence, channel)
    watchAge(batch)
    return batch
  }

  function watchAge(batch: OpenBatch): void {
    const { openedAt, addedAt, intervalMs } = batch
    const dueInMs = closesInMs({ ageMs: now() - openedAt, idleMs: now() - addedAt, intervalMs })
    if (dueInMs < 1) end(batch, 'interval')
    else batch.stopTimer = startTimer(dueInMs, report, () => watchAge(batch))
  }

  function handOver(batch: OpenBatch): void {
    if (batch.gathered.length === 0) return
    compressor.add(batch.header.sequence, batch.gathered)
    batch.gathered = []
    batch.gatheredLength = 0
  }

  function flushBatch(batch: OpenBatch): void {
    handOver(batch)
    batch.flushed = true
    compressor.flush(batch.header.sequence)
  }

  /** Nothing is added to this batch any more. */
  function finish(batch: OpenBatch, reason: CloseReason): void {
    const { channel } = batch.header
    batch.stopTimer()
    handOver(batch)
    open.delete(channel)
    rhythm.batchEnded(channel, batch.intervalMs, reason === 'interval')
  }

  function end(batch: OpenBatch, reason: CloseReason): void {
    if (open.get(batch.header.channel) !== batch) return
    finish(batch, reason)
    compressor.close(batch.header.sequence)
  }

  /** A snapshot begins a batch, so that a full store can let go of whole playable segments. */
  function makeRoomForSegment(batch: OpenBatch): void {
    if (batch.flushed || batch.segment !== 'none') {
      end(batch, 'snapshot')
      return
    }
    batch.header = { ...batch.header, startsSegment: true }
    live.set(batch.header.sequence, batch.header)
  }

  function makeRoom(batch: OpenBatch, event: { text: string; type: unknown }, identity: Identity): void {
    const { deviceId, sessionId, sequence } = batch.header
    const rawBytes = compressor.rawBytes(sequence) + batch.gatheredLength + event.text.length
    if (deviceId !== identity.deviceId || sessionId !== identity.sessionId) end(batch, 'session-change')
    else if (event.type === EventType.Meta) makeRoomForSegment(batch)
    // Meta is never left alone: without its snapshot nothing can be played.
    else if (batch.segment !== 'meta' && isTooMuch(batch, rawBytes)) end(batch, 'bytes')
  }

  function isChunkFull({ gatheredLength, packedBytes, packedRawBytes }: OpenBatch): boolean {
    if (gatheredLength < FLUSH_EVERY_CHARACTERS) return false
    const isSampled = packedRawBytes >= SAMPLE_BYTES
    return (
      compressor.kind() === 'main' ||
      !isSampled ||
      gatheredLength * (packedBytes / packedRawBytes) >= CHUNK_BYTES
    )
  }

  /** A worker answers later than events come, so the compressed size of the newest is foreseen. */
  function isTooMuch({ packedBytes, packedRawBytes }: OpenBatch, rawBytes: number): boolean {
    const share = packedRawBytes < SAMPLE_BYTES ? USUAL_SHARE : packedBytes / packedRawBytes
    const foreseenBytes = packedBytes + (rawBytes - packedRawBytes) * share
    return rawBytes > settings.maxBatchBytes || foreseenBytes > settings.maxCompressedBytes
  }

  function settle(sequence: number): void {
    live.delete(sequence)
    settlement.settle(sequence)
  }

  const each = (run: (batch: OpenBatch) => void): void => {
    for (const batch of [...open.values()]) run(batch)
  }

  return {
    add(event, meta) {
      const before = open.get(meta.channel)
      if (before) makeRoom(before, event, meta.identity)
      const batch = open.get(meta.channel) ?? begin(meta, event.type, event.at)
      batch.gathered.push(event)
      batch.gatheredLength += event.text.length
      batch.addedAt = now()
      if (isChunkFull(batch)) flushBatch(batch)
      if (event.type === EventType.Meta) batch.segment = 'meta'
      if (event.type === EventType.Incremental) batch.segment = 'content'
      if (event.type !== EventType.FullSnapshot) return
      batch.segment = 'content'
      const eager = settings.eagerFullSnapshotSend
      if (eager === 'every' || (eager === 'first' && !sawSnapshot)) end(batch, 'snapshot')
      sawSnapshot = true
    },
    flush: () => each(flushBatch),
    close(reason) {
      each((batch) => end(batch, reason))
      return settlement.whenSettled(live.keys())
    },
    closeNow(reason) {
      each((batch) => finish(batch, reason))
      for (const sequence of [...live.keys()]) compressor.closeNow(sequence)
    },
    discardSince(sinceMs) {
      each((batch) => {
        handOver(batch)
        const { sequence, channel } = batch.header
        if (compressor.takeBack(sequence, sinceMs)) return
        batch.stopTimer()
        open.delete(channel)
        compressor.forget(sequence)
        settle(sequence)
      })
    },
    discard() {
      each((batch) => batch.stopTimer())
      open.clear()
      for (const sequence of live.keys()) compressor.forget(sequence)
      for (const sequence of [...live.keys()]) settle(sequence)
    },
    receive(sequence, chunk) {
      const header = live.get(sequence)
      if (!header) return
      deps.onChunk(header, chunk)
      if (chunk.closed) settle(sequence)
      const batch = open.get(header.channel)
      if (batch?.header.sequence !== sequence) return
      batch.packedBytes += chunk.bytes.length
      batch.packedRawBytes = chunk.rawBytes
      if (batch.packedBytes >= settings.maxCompressedBytes) end(batch, 'bytes')
    },
    stop() {
      each((batch) => batch.stopTimer())
      open.clear()
      for (const sequence of [...live.keys()]) settle(sequence)
    },
  }
}
