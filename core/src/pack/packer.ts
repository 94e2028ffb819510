import { guard, ReplayError, type Report } from '../errors.ts'
import { whenIdle } from '../platform/page.ts'
import type { BatchChunk, BatchHeader, CloseReason, ReplayEvent, Stop } from '../types.ts'
import { type BatcherSettings, createBatcher, type EventMeta } from './batcher.ts'
import { createCompressor } from './compressor.ts'
import { isMutation, MERGE_WINDOW_MS, type MergedEvent, mergeMutations } from './merge-mutations.ts'
import { type PackableEvent, serializeEvent, utf8Bytes } from './serialize.ts'
import { startTimer } from './timer.ts'
import { type PackerKind, type WorkerCandidate, workerCandidates } from './worker-candidates.ts'

// The way of an event through this stage: add() only queues it. In idle time, a few milliseconds at once, it is
// joined with its neighbours, stringified once, and handed to the batcher. What must happen "after everything
// captured so far" (a flush, a close) is queued too, so capture order is the order of everything.

export interface PackerSettings extends BatcherSettings {
  /** Stringify in idle time; `false` does it at once. */
  readonly idle: boolean
  /** Longest wait for idle time, ms. */
  readonly idleTimeoutMs: number
  readonly useWebWorker: boolean
  /** Where the worker's file lies, if not beside the chunks of this package. */
  readonly workerUrl?: string
  /** A larger event, in bytes of JSON, is dropped. */
  readonly maxEventBytes: number
  readonly mergeMutations: boolean
  /** A chunk with an event leaves at most this long after its capture, ms. */
  readonly durableWithinMs: number
}

export type DropReason = 'event-too-large' | 'event-not-serializable'

const DROP_MESSAGES: Record<DropReason, string> = {
  'event-too-large':
    'Session Replay: an event larger than maxSingleEventSizeBytes was dropped; a fresh snapshot mends the replay.',
  'event-not-serializable':
    'Session Replay: an event without a JSON form was dropped; a fresh snapshot mends the replay.',
}

export interface DroppedEvent extends EventMeta {
  readonly type: unknown
  readonly timestamp: number
}

export interface PackerDeps {
  readonly settings: PackerSettings
  readonly tabId: string
  /** Called in order: the chunks of a batch, and batches by their closing. */
  onChunk(header: BatchHeader, chunk: BatchChunk): void
  /** The replay has a hole now: a fresh full snapshot is needed. */
  onDrop(reason: DropReason, event: DroppedEvent): void
  readonly report: Report
  /** Monotonic, ms. */
  now(): number
  /** Ways to get a worker. @default from the settings */
  readonly candidates?: readonly WorkerCandidate[]
}

export interface PackerStatus {
  readonly worker: PackerKind
  readonly queuedEvents: number
  readonly openBatches: number
  readonly openRawBytes: number
  /** Compressed bytes handed on so far. */
  readonly packedBytes: number
  readonly packedEvents: number
  readonly droppedEvents: number
  readonly lastClose: CloseReason | null
}

export interface Packer {
  /** Takes an event; it must not be changed afterwards. Costs next to nothing. */
  add(event: PackableEvent, meta: EventMeta): void
  /** Resolves when all that was captured before has been handed to `onChunk` and closed. */
  close(reason: CloseReason): Promise<void>
  /** The same before it returns: for an exit of the page. */
  closeSync(reason: CloseReason): void
  /** Forgets all that has not been handed on. */
  discard(): void
  status(): PackerStatus
  /** Ends worker and timers. What is still open is lost: close first. */
  stop(): void
}

type QueueItem =
  | { readonly kind: 'event'; readonly event: PackableEvent; readonly meta: EventMeta }
  | { readonly kind: 'flush' }
  | { readonly kind: 'close'; readonly reason: CloseReason; readonly done: (closed?: Promise<void>) => void }

/** Work on the main thread at one time, ms; leaves two thirds of a frame to the page. */
const SLICE_MS = 5

/** Part of the allowed time that an event may wait here; the rest is for packing and storing. */
const WAITING_SHARE = 0.6

/** So many events in one merge: a bound for the length of a slice. */
const MOST_MERGED = 50

/** A hidden page's timers come late. Then the next event does their work. */
const OVERDUE_MS = 1000

export function createPacker(deps: PackerDeps): Packer {
  const { settings, report, now } = deps
  const candidates = settings.useWebWorker ? (deps.candidates ?? workerCandidates(settings.workerUrl)) : []
  const compressor = createCompressor({
    ...{ candidates, report, now },
    onChunk: (sequence, chunk) => batcher.receive(sequence, chunk),
  })
  const batcher = createBatcher({
    ...{ settings, tabId: deps.tabId, compressor, report, now },
    onChunk: guard('pack.chunk', report, deps.onChunk),
  })
  const commit = guard('pack.commit', report, batcher.commit)
  const onDrop = guard('pack.drop', report, deps.onDrop)
  let queue: QueueItem[] = []
  let head = 0
  let stopSlice: Stop | undefined
  let stopFlushTimer: Stop | undefined
  let flushDueAt = 0
  /** Flushes and closes in the queue. */
  let urgent = 0
  let packedEvents = 0
  let droppedEvents = 0
  let draining = false
  let stopped = false

  function tryPack(event: PackableEvent, meta: EventMeta, standsFor: number): 'packed' | DropReason {
    let text: string
    try {
      text = serializeEvent(event)
    } catch {
      return 'event-not-serializable'
    }
    // A character is at most three bytes, so most events need no exact count.
    const { maxEventBytes } = settings
    if (text.length * 3 > maxEventBytes && utf8Bytes(text) > maxEventBytes) return 'event-too-large'
    batcher.add({ text, type: event.type, at: event.timestamp }, meta)
    packedEvents += standsFor
    return 'packed'
  }

  function packSingle(event: PackableEvent, meta: EventMeta): void {
    const result = tryPack(event, meta, 1)
    if (result === 'packed') return
    droppedEvents += 1
    report(new ReplayError('EVENT_DROPPED', DROP_MESSAGES[result]))
    onDrop(result, { ...meta, type: event.type, timestamp: event.timestamp })
  }

  function packMutations(events: readonly ReplayEvent[], meta: EventMeta): void {
    for (const { event, from } of joinSafely(events)) {
      if (from.length > 1 && tryPack(event, meta, from.length) === 'packed') continue
      for (const single of from) packSingle(single, meta)
    }
  }

  function joinSafely(events: readonly ReplayEvent[]): MergedEvent[] {
    if (events.length > 1) {
      try {
        return mergeMutations(events)
      } catch {
        // Not the shape that rrweb gives them: they go as they are.
      }
    }
    return events.map((event) => ({ event, from: [event] }))
  }

  /** The mutations that follow this one in the queue and may be joined with it. */
  function takeMutations(first: ReplayEvent, meta: EventMeta): ReplayEvent[] {
    const events = [first]
    while (events.length < MOST_MERGED) {
      const next = queue[head]
      if (next?.kind !== 'event' || !sameStream(next.meta, meta) || !isMutation(next.event)) break
      if (next.event.timestamp - first.timestamp > MERGE_WINDOW_MS) break
      events.push(next.event)
      head += 1
    }
    return events
  }

  const takeNext = guard('pack.event', report, () => {
    const item = queue[head] as QueueItem
    // First, so that an item that fails is not tried for ever.
    head += 1
    if (item.kind === 'flush') {
      urgent -= 1
      batcher.flush()
    } else if (item.kind === 'close') {
      urgent -= 1
      item.done(batcher.close(item.reason))
    } else if (settings.mergeMutations && item.meta.channel === 'replay' && isMutation(item.event)) {
      packMutations(takeMutations(item.event, item.meta), item.meta)
    } else {
      packSingle(item.event, item.meta)
    }
  })

  function drain(forMs: number): void {
    // onDrop may capture a snapshot and so come back here; its events wait for their turn.
    if (draining) return
    draining = true
    const until = now() + forMs
    while (head < queue.length) {
      takeNext()
      if (now() >= until) break
    }
    if (head === queue.length) {
      queue = []
      head = 0
    }
    draining = false
    commit()
  }

  function runSlice(): void {
    stopSlice = undefined
    drain(SLICE_MS)
    schedule()
  }

  /** The rest of the queue: in idle time, or in the next tasks if somebody waits for it. */
  function schedule(): void {
    if (stopped || stopSlice || head === queue.length) return
    if (urgent > 0) stopSlice = startTimer(0, report, runSlice)
    else stopSlice = whenIdle(runSlice, settings.idleTimeoutMs, report)
  }

  function hurry(item: Exclude<QueueItem, { kind: 'event' }>): void {
    queue.push(item)
    urgent += 1
    stopSlice?.()
    runSlice()
  }

  function requestFlush(): void {
    stopFlushTimer?.()
    stopFlushTimer = undefined
    hurry({ kind: 'flush' })
  }

  function clear(): void {
    stopSlice?.()
    stopFlushTimer?.()
    stopSlice = undefined
    stopFlushTimer = undefined
    for (const item of queue.slice(head)) if (item.kind === 'close') item.done()
    queue = []
    head = 0
    urgent = 0
  }

  return {
    add(event, meta) {
      if (stopped) return
      queue.push({ kind: 'event', event, meta })
      if (!settings.idle) drain(Number.POSITIVE_INFINITY)
      else schedule()
      if (!stopFlushTimer) {
        const delayMs = settings.durableWithinMs * WAITING_SHARE
        flushDueAt = now() + delayMs
        stopFlushTimer = startTimer(delayMs, report, requestFlush)
      } else if (now() > flushDueAt + OVERDUE_MS) requestFlush()
    },
    close(reason) {
      if (stopped) return Promise.resolve()
      return new Promise((done) => hurry({ kind: 'close', reason, done }))
    },
    closeSync(reason) {
      if (stopped) return
      stopFlushTimer?.()
      stopFlushTimer = undefined
      drain(Number.POSITIVE_INFINITY)
      batcher.closeNow(reason)
    },
    discard() {
      clear()
      batcher.discard()
    },
    status: () => ({
      ...{ worker: compressor.kind(), queuedEvents: queue.length - head, packedEvents, droppedEvents },
      ...batcher.status(),
    }),
    stop() {
      stopped = true
      clear()
      batcher.stop()
      compressor.stop()
    },
  }
}

function sameStream(one: EventMeta, other: EventMeta): boolean {
  if (one === other) return true
  const { identity } = one
  return (
    one.channel === other.channel &&
    identity.deviceId === other.identity.deviceId &&
    identity.sessionId === other.identity.sessionId
  )
}
