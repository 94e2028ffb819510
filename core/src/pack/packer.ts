import { guard, type Report } from '../errors.ts'
import { isVisible } from '../platform/page.ts'
import type { BatchChunk, BatchHeader, CloseReason, Stop } from '../types.ts'
import { type BatcherSettings, createBatcher, type EventMeta } from './batcher.ts'
import { createCompressor } from './compressor.ts'
import { type CapturedEvent, createEventTexts, type DroppedEvent, type DropReason } from './event-texts.ts'
import { createHoldBack } from './hold-back.ts'
import type { PackableEvent } from './serialize.ts'
import { startTimer } from './timer.ts'
import { createWorkQueue } from './work-queue.ts'
import { type PackerKind, type WorkerCandidate, workerCandidates } from './worker-candidates.ts'

// The way of an event through this stage: add() only queues it. In idle time it is joined with its neighbours and
// stringified, once, then goes through the batcher to the compressor. What must happen "after everything captured
// so far" (a flush, a close) waits in the same queue, so capture order is the order of everything.

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
  /** A chunk with an event leaves at most this long after its capture, and after it was held back, ms. */
  readonly durableWithinMs: number
  /** So long after its capture an event can be taken back for certain, ms: it is not packed before. */
  readonly holdBackMs: number
}

export interface PackerDeps {
  readonly settings: PackerSettings
  readonly tabId: string
  /** Called in order: the chunks of a batch, and the batches of a channel. */
  onChunk(header: BatchHeader, chunk: BatchChunk): void
  /** The replay has a hole now: a fresh full snapshot is needed. */
  onDrop(reason: DropReason, event: DroppedEvent): void
  readonly report: Report
  /** Monotonic, ms. @default performance.now */
  now?(): number
  /** @default whether the page can be seen */
  isHidden?(): boolean
  /** Ways to get a worker. @default by the settings */
  readonly candidates?: readonly WorkerCandidate[]
}

export interface PackerStatus {
  readonly worker: PackerKind
  /** Captured, and not packed yet. */
  readonly queuedEvents: number
  /** Those that cannot be sent. */
  readonly droppedEvents: number
}

export interface Packer {
  /** Takes an event; it must not be changed afterwards. Costs next to nothing. */
  add(event: PackableEvent, meta: EventMeta): void
  /**
   * Resolves when all that was captured before has been handed to `onChunk` and closed. What is held back stays so,
   * except at the end of its session.
   */
  close(reason: CloseReason): Promise<void>
  /** All of it, before it returns: for an exit of the page. */
  closeSync(reason: CloseReason): void
  /** Forgets all that has not been handed on. */
  discard(): void
  /** Forgets what was captured in the last `spanMs` and has not been handed on. */
  discardRecent(spanMs: number): void
  /** Resolves when nothing is held back any more. */
  settled(): Promise<void>
  status(): PackerStatus
  /** Ends worker and timers. What is still open is lost: close first. */
  stop(): void
}

/** Part of the allowed time that an event may wait here; the rest is for packing and storing. */
const WAITING_SHARE = 0.6

/** Timers may come late. Then the next event does their work. */
const OVERDUE_MS = 1000

/**
 * A hidden page's timers come up to a minute late (Chrome's intensive throttling), and it is killed without a word:
 * what happens there is handed on at once, but not more often than this, ms.
 */
const HIDDEN_GAP_MS = 50

export function createPacker(deps: PackerDeps): Packer {
  const { settings, tabId, report, now = () => performance.now(), isHidden = () => !isVisible() } = deps
  const { maxEventBytes, idleTimeoutMs } = settings
  const candidates = settings.useWebWorker ? (deps.candidates ?? workerCandidates(settings.workerUrl)) : []
  const compressor = createCompressor({
    candidates,
    report,
    now,
    onChunk: (sequence, chunk) => batcher.receive(sequence, chunk),
  })
  const batcher = createBatcher({
    settings,
    tabId,
    compressor,
    report,
    now,
    onChunk: guard('pack.chunk', report, deps.onChunk),
  })
  const texts = createEventTexts({
    mergeMutations: settings.mergeMutations,
    maxEventBytes,
    report,
    onText: batcher.add,
    onDrop: deps.onDrop,
  })
  const queue = createWorkQueue<CapturedEvent>({
    work: texts.work,
    idleTimeoutMs,
    report,
    now,
  })
  const newest = createHoldBack<CapturedEvent>({
    holdBackMs: settings.holdBackMs,
    pass: enqueue,
    report,
    now,
  })
  let stopFlushTimer: Stop | undefined
  let flushDueAt = 0
  let hiddenFlushAt = Number.NEGATIVE_INFINITY
  let stopped = false

  function flush(): void {
    endFlushTimer()
    queue.whenReached(batcher.flush)
  }

  function enqueue(captured: CapturedEvent): void {
    queue.push(captured)
    if (!settings.idle) queue.drainNow()
    const at = now()
    if (isHidden() && at - hiddenFlushAt >= HIDDEN_GAP_MS) {
      hiddenFlushAt = at
      // Not within the recorder's own step, and with all that this step still captures.
      queueMicrotask(flushNow)
    } else if (!stopFlushTimer) {
      const delayMs = settings.durableWithinMs * WAITING_SHARE
      flushDueAt = at + delayMs
      stopFlushTimer = startTimer(delayMs, report, flush)
    } else if (at > flushDueAt + OVERDUE_MS) flush()
  }

  const flushNow = guard('pack.hidden', report, (): void => {
    if (stopped) return
    endFlushTimer()
    queue.drainNow()
    batcher.flush()
  })

  function endFlushTimer(): void {
    stopFlushTimer?.()
    stopFlushTimer = undefined
  }

  return {
    add(event, meta) {
      if (stopped) return
      newest.push({ event, meta, capturedAt: now() })
      if (newest.length() > 0 && isHidden()) newest.release()
    },
    close(reason) {
      if (stopped) return Promise.resolve()
      if (reason === 'session-change') newest.release()
      endFlushTimer()
      return new Promise((resolve) => queue.whenReached(() => resolve(batcher.close(reason))))
    },
    closeSync(reason) {
      if (stopped) return
      newest.release()
      endFlushTimer()
      queue.drainNow()
      batcher.closeNow(reason)
    },
    discard() {
      newest.remove(() => true)
      endFlushTimer()
      queue.remove(() => true)
      batcher.discard()
      // Only now: who waits for a close finds nothing left to hand on.
      queue.clear()
    },
    discardRecent(spanMs) {
      const since = now() - spanMs
      const isRecent = ({ capturedAt }: CapturedEvent): boolean => capturedAt >= since
      newest.remove(isRecent)
      queue.remove(isRecent)
      batcher.discardSince(since)
    },
    settled: newest.emptied,
    status: () => ({
      worker: compressor.kind(),
      queuedEvents: newest.length() + queue.length(),
      droppedEvents: texts.droppedEvents(),
    }),
    stop() {
      stopped = true
      newest.remove(() => true)
      endFlushTimer()
      batcher.stop()
      compressor.stop()
      queue.clear()
      queue.stop()
    },
  }
}
