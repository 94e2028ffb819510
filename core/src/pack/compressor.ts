import { ReplayError, type Report } from '../errors.ts'
import type { BatchChunk, Channel } from '../types.ts'
import { bodyRest } from './body-stream.ts'
import { endStream } from './gzip.ts'
import { createMainEngine, createWorkerEngine, type PackEngine } from './pack-engine.ts'
import { startTimer } from './timer.ts'
import type { PackerKind, WorkerCandidate } from './worker-candidates.ts'
import type { PackAnswer, PackPosition } from './worker-protocol.ts'

// Turns the texts of a batch into chunks, in a worker or here. The page keeps each text until the chunk that
// holds it has come back, and every chunk says where its gzip stream then stands. So a batch can at any moment
// be taken from a worker that is late, dead or forbidden and be carried on here: nothing is lost or doubled.

export interface PackedText {
  readonly text: string
  /** Epoch ms of the event. */
  readonly at: number
}

export interface Compressor {
  open(batch: number, channel: Channel): void
  add(batch: number, texts: readonly PackedText[]): void
  /** Asks for a chunk of what was added; none comes if that is nothing. */
  flush(batch: number): void
  /** Asks for the last chunk. */
  close(batch: number): void
  /** Gives the last chunk before it returns, without help from a worker. */
  closeNow(batch: number): void
  /** Nothing more is wanted of this batch. */
  forget(batch: number): void
  /** Uncompressed size; of what is in no chunk yet, characters stand for bytes. */
  rawBytes(batch: number): number
  kind(): PackerKind
  stop(): void
}

export interface CompressorDeps {
  /** Ways to get a worker, best first; empty to pack on the main thread. */
  readonly candidates: readonly WorkerCandidate[]
  onChunk(batch: number, chunk: BatchChunk): void
  readonly report: Report
  /** Monotonic, ms. */
  now(): number
}

/**
 * How long a worker that is still loading may keep data waiting. Short, because that data is not on disk yet;
 * a worker that gets ready later still takes the batches from then on.
 */
const BOOT_PATIENCE_MS = 400

/** How long a running worker may be silent, plus the time that the text it has to pack may take a slow phone. */
const SILENCE_LIMIT_MS = 2000
const SLOWEST_CHARACTERS_PER_MS = 1000

/** A timer later than this says that the page itself was blocked or frozen, not that the worker is silent. */
const LATE_TIMER_MS = 200

interface LiveBatch {
  readonly channel: Channel
  engine: PackEngine
  /** Where the newest chunk left the stream. */
  position: PackPosition
  chunks: number
  newestAt: number
  /** Texts that are in no chunk yet. */
  held: PackedText[]
  heldLength: number
  /** Flushes asked for and not answered. */
  owed: number
  closing: boolean
}

export function createCompressor(deps: CompressorDeps): Compressor {
  const live = new Map<number, LiveBatch>()
  const candidates = [...deps.candidates]
  const main = createMainEngine((answer) => receive(main, answer))
  let active: PackEngine = main
  /** The worker that loads or runs, even while `active` is the main thread because it took too long. */
  let worker: PackEngine | undefined
  let workerReady = false
  let lastCause: unknown
  let stopWatch: () => void = () => {}
  let watching = false
  let stopped = false

  function startWorker(): void {
    const candidate = candidates.shift()
    workerReady = false
    worker = undefined
    if (candidate) {
      const { report } = deps
      const engine = createWorkerEngine(candidate, {
        answer: (answer) => receive(engine, answer),
        failed: replaceWorker,
        report,
      })
      worker = engine
    }
    active = worker ?? main
  }

  /** A worker that never ran may have a successor; one that broke while running is followed by the main thread. */
  function replaceWorker(cause: unknown): void {
    const failed = worker
    lastCause = cause
    if (workerReady) candidates.length = 0
    startWorker()
    if (!worker) reportLoss()
    for (const [id, batch] of live) if (batch.engine === failed) moveTo(active, id, batch)
    watch()
  }

  function reportLoss(): void {
    deps.report(
      new ReplayError(
        'WORKER_FAILED',
        'Session Replay: the compression worker is not available, so compression runs on the main thread. ' +
          "Allow it in the Content-Security-Policy (worker-src 'self' blob:) or set useWebWorker to false.",
        { cause: lastCause },
      ),
    )
  }

  function moveTo(engine: PackEngine, id: number, batch: LiveBatch): void {
    batch.engine.send({ kind: 'forget', batch: id })
    batch.engine = engine
    engine.send({ kind: 'open', batch: id, channel: batch.channel, from: batch.position })
    engine.send({ kind: 'add', batch: id, texts: batch.held.map(({ text }) => text) })
    batch.owed = Math.min(batch.owed, 1)
    if (batch.closing) engine.send({ kind: 'close', batch: id })
    else if (batch.owed > 0) engine.send({ kind: 'flush', batch: id })
  }

  function receive(engine: PackEngine, answer: PackAnswer): void {
    if (answer.kind === 'ready') {
      workerReady = true
      active = engine
    }
    if (answer.kind === 'piece') {
      const batch = live.get(answer.batch)
      // What a batch was taken away from, or what was closed without it, answers too late.
      if (batch?.engine === engine) accept(answer.batch, batch, answer)
    }
    if (engine === worker) watch()
  }

  function accept(id: number, batch: LiveBatch, piece: Omit<BatchChunk, 'index' | 'lastEventAt'>): void {
    for (const { text, at } of batch.held.splice(0, piece.events - batch.position.events)) {
      batch.heldLength -= text.length
      batch.newestAt = Math.max(batch.newestAt, at)
    }
    const { bytes, crc, rawBytes, events, closed } = piece
    batch.position = { crc, rawBytes, events }
    if (closed) live.delete(id)
    else batch.owed -= 1
    if (bytes.length === 0) return
    const chunk = { index: batch.chunks, bytes, crc, rawBytes, events, lastEventAt: batch.newestAt, closed }
    batch.chunks += 1
    deps.onChunk(id, chunk)
  }

  /** Gives the worker a time limit while it owes an answer; no timer otherwise. */
  function watch(again = false): void {
    stopWatch()
    watching = false
    const owed = [...live.values()].filter((batch) => batch.engine === worker && owes(batch))
    if (stopped || !worker || owed.length === 0) return
    const length = owed.reduce((sum, { heldLength }) => sum + heldLength, 0)
    const limitMs = workerReady ? SILENCE_LIMIT_MS + length / SLOWEST_CHARACTERS_PER_MS : BOOT_PATIENCE_MS
    const due = deps.now() + limitMs
    watching = true
    stopWatch = startTimer(limitMs, deps.report, () => {
      watching = false
      if (!again && deps.now() - due > LATE_TIMER_MS) {
        watch(true)
        return
      }
      if (workerReady) {
        worker?.stop()
        replaceWorker('the worker does not answer')
        return
      }
      active = main
      for (const [id, batch] of live) if (batch.engine === worker) moveTo(main, id, batch)
    })
  }

  function ask(id: number, wanted: 'flush' | 'close'): void {
    const batch = live.get(id)
    if (!batch || batch.closing || (wanted === 'flush' && batch.held.length === 0)) return
    if (wanted === 'close') batch.closing = true
    else batch.owed += 1
    batch.engine.send({ kind: wanted, batch: id })
    // Later questions do not give the worker more time for earlier ones.
    if (batch.engine === worker && !watching) watch()
  }

  startWorker()

  return {
    open(id, channel) {
      const position = { crc: 0, rawBytes: 0, events: 0 }
      const batch: LiveBatch = {
        ...{ channel, position, engine: active, chunks: 0, newestAt: 0 },
        ...{ held: [], heldLength: 0, owed: 0, closing: false },
      }
      live.set(id, batch)
      active.send({ kind: 'open', batch: id, channel, from: position })
    },
    add(id, texts) {
      const batch = live.get(id)
      if (!batch) return
      for (const packed of texts) {
        batch.held.push(packed)
        batch.heldLength += packed.text.length
      }
      batch.engine.send({ kind: 'add', batch: id, texts: texts.map(({ text }) => text) })
    },
    flush: (id) => ask(id, 'flush'),
    close: (id) => ask(id, 'close'),
    closeNow(id) {
      const batch = live.get(id)
      if (!batch) return
      if (batch.engine === main) {
        ask(id, 'close')
        return
      }
      batch.engine.send({ kind: 'forget', batch: id })
      const { position, channel, held } = batch
      const texts = held.map(({ text }) => text)
      const end = endStream(position, bodyRest(channel, position, texts))
      accept(id, batch, { ...end, events: position.events + texts.length, closed: true })
      watch()
    },
    forget(id) {
      live.get(id)?.engine.send({ kind: 'forget', batch: id })
      live.delete(id)
      watch()
    },
    rawBytes(id) {
      const batch = live.get(id)
      return batch ? batch.position.rawBytes + batch.heldLength : 0
    },
    kind: () => active.kind,
    stop() {
      stopped = true
      stopWatch()
      worker?.stop()
      live.clear()
    },
  }
}

const owes = ({ owed, closing }: LiveBatch): boolean => closing || owed > 0
