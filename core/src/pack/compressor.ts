import type { BatchChunk, Channel } from '../types.ts'
import { bodyRest } from './body-stream.ts'
import { createEngineChoice, type EngineChoiceDeps } from './engine-choice.ts'
import { endStream } from './gzip.ts'
import type { PackEngine } from './pack-engine.ts'
import type { PackerKind } from './worker-candidates.ts'
import type { PackAnswer, PackPosition } from './worker-protocol.ts'

// Turns the texts of a batch into chunks, in a worker or here. The page keeps each text until the chunk that
// holds it has come back, and every chunk says where its gzip stream then stands. So a batch can at any moment
// be taken from a worker that is late, dead or forbidden and be carried on here: nothing is lost or doubled.

export interface PackedText {
  readonly text: string
  /** Epoch ms of the event. */
  readonly at: number
  /** When it was captured; monotonic, ms. */
  readonly capturedAt: number
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
  /** Takes out what was captured since then and is in no chunk yet. `false`: nothing at all is left. */
  takeBack(batch: number, sinceMs: number): boolean
  /** Nothing more is wanted of this batch. */
  forget(batch: number): void
  /** Uncompressed size; of what is in no chunk yet, characters stand for bytes. */
  rawBytes(batch: number): number
  kind(): PackerKind
  stop(): void
}

export interface CompressorDeps extends Pick<EngineChoiceDeps, 'candidates' | 'report' | 'now'> {
  onChunk(batch: number, chunk: BatchChunk): void
}

interface LiveBatch {
  readonly id: number
  readonly channel: Channel
  engine: PackEngine
  /** Names its stream at the engine; another one whenever it begins anew, so that late answers find nobody. */
  stream: number
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
  const byStream = new Map<number, LiveBatch>()
  let streams = 0
  const { candidates, report, now } = deps
  const engines = createEngineChoice({
    candidates,
    report,
    now,
    onAnswer: receive,
    owedBy(engine) {
      const owing = [...live.values()].filter(
        (batch) => batch.engine === engine && (batch.closing || batch.owed > 0),
      )
      return owing.length === 0 ? null : owing.reduce((sum, { heldLength }) => sum + heldLength, 0)
    },
    onReplaced(from, to) {
      for (const batch of live.values()) if (batch.engine === from) carryOn(batch, to)
    },
  })

  /** Begins a stream where the newest chunk ended, with all that is held. */
  function carryOn(batch: LiveBatch, engine: PackEngine): void {
    leave(batch)
    streams += 1
    const stream = streams
    batch.engine = engine
    batch.stream = stream
    batch.owed = Math.min(batch.owed, 1)
    byStream.set(stream, batch)
    engine.send({ kind: 'open', stream, channel: batch.channel, from: batch.position })
    if (batch.held.length > 0) engine.send({ kind: 'add', stream, texts: batch.held.map(({ text }) => text) })
    if (batch.closing) engine.send({ kind: 'close', stream })
    else if (batch.owed > 0) engine.send({ kind: 'flush', stream })
  }

  function leave({ engine, stream }: LiveBatch): void {
    if (byStream.delete(stream)) engine.send({ kind: 'forget', stream })
  }

  function receive(answer: PackAnswer): void {
    const batch = answer.kind === 'piece' && byStream.get(answer.stream)
    if (batch) accept(batch, answer)
  }

  function accept(batch: LiveBatch, piece: Omit<BatchChunk, 'index' | 'lastEventAt'>): void {
    for (const { text, at } of batch.held.splice(0, piece.events - batch.position.events)) {
      batch.heldLength -= text.length
      batch.newestAt = Math.max(batch.newestAt, at)
    }
    const { bytes, crc, rawBytes, events, closed } = piece
    batch.position = { crc, rawBytes, events }
    batch.owed = Math.max(0, batch.owed - 1)
    if (closed) {
      live.delete(batch.id)
      byStream.delete(batch.stream)
    }
    if (bytes.length === 0) return
    const chunk = { index: batch.chunks, bytes, crc, rawBytes, events, lastEventAt: batch.newestAt, closed }
    batch.chunks += 1
    deps.onChunk(batch.id, chunk)
  }

  function close(batch: LiveBatch): void {
    if (batch.closing) return
    batch.closing = true
    batch.engine.send({ kind: 'close', stream: batch.stream })
    engines.asked(batch.engine)
  }

  return {
    open(id, channel) {
      const batch: LiveBatch = {
        id,
        channel,
        engine: engines.active(),
        stream: 0,
        position: { crc: 0, rawBytes: 0, events: 0 },
        chunks: 0,
        newestAt: 0,
        held: [],
        heldLength: 0,
        owed: 0,
        closing: false,
      }
      live.set(id, batch)
      carryOn(batch, batch.engine)
    },
    add(id, texts) {
      const batch = live.get(id)
      if (!batch) return
      for (const packed of texts) {
        batch.held.push(packed)
        batch.heldLength += packed.text.length
      }
      batch.engine.send({ kind: 'add', stream: batch.stream, texts: texts.map(({ text }) => text) })
    },
    flush(id) {
      const batch = live.get(id)
      if (!batch || batch.closing || batch.held.length === 0) return
      batch.owed += 1
      batch.engine.send({ kind: 'flush', stream: batch.stream })
      engines.asked(batch.engine)
    },
    close(id) {
      const batch = live.get(id)
      if (batch) close(batch)
    },
    closeNow(id) {
      const batch = live.get(id)
      if (batch?.engine === engines.main) close(batch)
      else if (batch) {
        leave(batch)
        const { position, channel, held } = batch
        const texts = held.map(({ text }) => text)
        const end = endStream(position, bodyRest(channel, position, texts))
        accept(batch, { ...end, events: position.events + texts.length, closed: true })
        engines.settled()
      }
    },
    takeBack(id, sinceMs) {
      const batch = live.get(id)
      if (!batch) return false
      const kept = batch.held.filter(({ capturedAt }) => capturedAt < sinceMs)
      if (kept.length < batch.held.length) {
        batch.held = kept
        batch.heldLength = kept.reduce((sum, { text }) => sum + text.length, 0)
        carryOn(batch, batch.engine)
      }
      return batch.position.events + kept.length > 0
    },
    forget(id) {
      const batch = live.get(id)
      if (!batch) return
      leave(batch)
      live.delete(id)
      engines.settled()
    },
    rawBytes(id) {
      const batch = live.get(id)
      return batch ? batch.position.rawBytes + batch.heldLength : 0
    },
    kind: () => engines.active().kind,
    stop() {
      engines.stop()
      live.clear()
      byStream.clear()
    },
  }
}
