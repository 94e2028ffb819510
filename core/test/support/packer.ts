import { gunzipSync } from 'node:zlib'
import type { ReplayError } from '../../src/errors.ts'
import type { EventMeta } from '../../src/pack/batcher.ts'
import { closeStream, concat } from '../../src/pack/gzip.ts'
import { createPackHost } from '../../src/pack/pack-host.ts'
import { createPacker, type PackerDeps, type PackerSettings } from '../../src/pack/packer.ts'
import { BODY_TAIL } from '../../src/pack/serialize.ts'
import type { PackAnswer, PackMessage } from '../../src/pack/worker-protocol.ts'
import type { BatchChunk, BatchHeader, ReplayEvent } from '../../src/types.ts'

// What the tests of this folder share: a packer whose chunks are collected and checked, and workers that misbehave.

export const SETTINGS: PackerSettings = {
  idle: true,
  idleTimeoutMs: 2000,
  useWebWorker: false,
  minIntervalMs: 1000,
  maxIntervalMs: 10_000,
  maxBatchBytes: 2_000_000,
  maxCompressedBytes: 50_000,
  maxEventBytes: 9_000_000,
  eagerFullSnapshotSend: 'first',
  mergeMutations: true,
  durableWithinMs: 1000,
  holdBackMs: 0,
}

export const META: EventMeta = {
  identity: { deviceId: 'device', sessionId: 1 },
  channel: 'replay',
  pageUrl: 'https://example.com/',
  sampleRate: 1,
}

export const event = (type: number, timestamp: number, data: unknown = {}): ReplayEvent => ({
  type,
  timestamp,
  data,
})

/** An event that is never joined with its neighbours. */
export const move = (timestamp: number, payload: unknown = timestamp): ReplayEvent =>
  event(3, timestamp, { source: 1, payload })

/** A packer, and all that it gave out. Each chunk is checked to close into a valid body when it comes. */
export function collectPacker(
  deps: Partial<Omit<PackerDeps, 'settings'>> & { settings?: Partial<PackerSettings> } = {},
) {
  const batches = new Map<number, { header: BatchHeader; chunks: BatchChunk[] }>()
  const problems: ReplayError[] = []
  const drops: string[] = []
  const packer = createPacker({
    tabId: 'tab',
    onDrop: (reason) => drops.push(reason),
    report: (error) => problems.push(error),
    ...deps,
    settings: { ...SETTINGS, ...deps.settings },
    onChunk(header, chunk) {
      const batch = batches.get(header.sequence) ?? { header, chunks: [] }
      batches.set(header.sequence, batch)
      if (chunk.index !== batch.chunks.length) throw new Error(`chunk ${chunk.index} out of turn`)
      if (batch.chunks.at(-1)?.closed) throw new Error('a chunk after the last one')
      batch.chunks.push(chunk)
      const found = textsOf(batch.chunks).length
      if (found !== chunk.events) throw new Error(`${found} events, said to be ${chunk.events}`)
      deps.onChunk?.(header, chunk)
    },
  })
  return {
    packer,
    problems,
    drops,
    batches,
    headers: () => [...batches.values()].map(({ header }) => header),
    /** Events per batch, as they are on the wire; open batches are closed for reading. */
    wire: (): unknown[][] => [...batches.values()].map(({ chunks }) => textsOf(chunks)),
    /** Timestamps of all events, batch after batch. */
    timestamps: (): number[] =>
      [...batches.values()].flatMap(({ chunks }) => textsOf(chunks).map(timestampOf)),
    open: () => [...batches.values()].filter(({ chunks }) => !chunks.at(-1)?.closed).length,
  }
}

export function bodyOf(chunks: readonly BatchChunk[]): Uint8Array {
  const last = chunks.at(-1)
  const pieces = chunks.map(({ bytes }) => bytes)
  return concat(last && !last.closed ? [...pieces, closeStream(last, BODY_TAIL)] : pieces)
}

function textsOf(chunks: readonly BatchChunk[]): unknown[] {
  const text = gunzipSync(bodyOf(chunks)).toString()
  const last = chunks.at(-1)
  if (last?.closed && last.rawBytes !== Buffer.byteLength(text))
    throw new Error('rawBytes of the whole is wrong')
  return JSON.parse(text).events
}

const timestampOf = (element: unknown): number =>
  (typeof element === 'string' ? JSON.parse(element) : (element as { timestamp: number })).timestamp

/** A worker on this thread, whose answers come in later tasks. `obeys` decides about each message. */
export function fakeWorker(
  obeys: (message: PackMessage, worker: FakeWorker) => boolean = () => true,
): FakeWorker {
  const worker: FakeWorker = {
    onmessage: null,
    onerror: null,
    onmessageerror: null,
    terminated: false,
    said: [],
    postMessage(message) {
      worker.said.push(message)
      if (worker.terminated || !obeys(message, worker)) return
      queueMicrotask(() => host(message))
    },
    terminate() {
      worker.terminated = true
    },
    say(answer) {
      if (!worker.terminated) worker.onmessage?.({ data: answer })
    },
    ready() {
      worker.say({ kind: 'ready' })
    },
    die() {
      worker.onerror?.({ message: 'died', preventDefault() {} })
    },
  }
  const host = createPackHost(worker.say)
  return worker
}

export interface FakeWorker {
  onmessage: ((event: { data: PackAnswer }) => void) | null
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null
  onmessageerror: (() => void) | null
  terminated: boolean
  said: PackMessage[]
  postMessage(message: PackMessage): void
  terminate(): void
  say(answer: PackAnswer): void
  ready(): void
  die(): void
}

/** `fakeWorker` as a way to get a worker. */
export const candidate = (worker: FakeWorker, kind: 'file' | 'blob' = 'file') => ({
  kind,
  start: () => worker as unknown as Worker,
})
