import { type BatchChunk, type BatchHeader, type BatchKey, keyText, type PackedBatch } from '../types.ts'
import type { WeighedBatch } from './budget.ts'

/** One unsent batch of this tab. */
export interface HeldBatch {
  readonly header: BatchHeader
  /** Null once the memory copy was let go: the batch is on disk alone. */
  chunks: BatchChunk[] | null
  /** Newest piece, without its bytes. */
  last: Omit<BatchChunk, 'bytes'>
  /** Compressed bytes of all pieces, wherever they are. */
  bytes: number
  /** How many pieces are known to be on disk. */
  durableChunks: number
  /** Taken off the full disk: memory alone has it, and memory's budget decides about it. */
  evicted: boolean
  /** Ms on a clock that never jumps, when the first piece came. */
  readonly keptAtMs: number
}

/** This tab's unsent batches, in the order in which they were opened. */
export interface Memory {
  /** Adds a piece; null if the batch was dropped or removed before, so that no stream lacks its beginning. */
  keep(header: BatchHeader, chunk: BatchChunk): HeldBatch | null
  get(key: BatchKey): HeldBatch | undefined
  all(): HeldBatch[]
  /** Lets the memory copy go. */
  release(batch: HeldBatch): void
  remove(key: BatchKey): void
  bytes(): number
}

export function createMemory(elapsedMs: () => number): Memory {
  const batches = new Map<string, HeldBatch>()
  let totalBytes = 0

  function begin(header: BatchHeader, last: HeldBatch['last']): HeldBatch | null {
    if (last.index > 0) return null
    const keptAtMs = elapsedMs()
    const batch = { header, chunks: [], last, bytes: 0, durableChunks: 0, evicted: false, keptAtMs }
    batches.set(keyText(header), batch)
    return batch
  }

  return {
    keep(header, chunk) {
      const { bytes, ...last } = chunk
      const batch = batches.get(keyText(header)) ?? begin(header, last)
      if (!batch?.chunks || chunk.index !== batch.chunks.length) return null
      batch.chunks.push({ ...chunk, bytes: ownBytes(bytes) })
      batch.last = last
      batch.bytes += bytes.byteLength
      totalBytes += bytes.byteLength
      return batch
    },
    get: (key) => batches.get(keyText(key)),
    all: () => [...batches.values()],
    release(batch) {
      if (batch.chunks) totalBytes -= batch.bytes
      batch.chunks = null
    },
    remove(key) {
      const batch = batches.get(keyText(key))
      if (batch?.chunks) totalBytes -= batch.bytes
      batches.delete(keyText(key))
    },
    bytes: () => totalBytes,
  }
}

export function isDurable(batch: HeldBatch): boolean {
  return batch.durableChunks > batch.last.index
}

/** As budgets see it: what is on disk alone weighs nothing here. */
export function weigh({ header, chunks, bytes, last }: HeldBatch): WeighedBatch {
  return { header, bytes: chunks ? bytes : 0, events: last.events }
}

/** Joins the pieces to a request body; null while the stream is open. */
export function packedBatch(header: BatchHeader, chunks: readonly BatchChunk[]): PackedBatch | null {
  const last = chunks.at(-1)
  if (!last?.closed) return null
  const body = new Uint8Array(chunks.reduce((sum, { bytes }) => sum + bytes.byteLength, 0))
  let offset = 0
  for (const { bytes } of chunks) {
    body.set(bytes, offset)
    offset += bytes.byteLength
  }
  return { header, body, rawBytes: last.rawBytes, events: last.events, lastEventAt: last.lastEventAt }
}

/** A view into a larger buffer would keep, and on disk copy, all of that buffer. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
}
