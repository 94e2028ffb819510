import { ReplayError, type Report } from '../errors.ts'
import { createMainEngine, createWorkerEngine, type PackEngine } from './pack-engine.ts'
import { startTimer } from './timer.ts'
import type { WorkerCandidate } from './worker-candidates.ts'
import type { PackAnswer } from './worker-protocol.ts'

// Decides who packs: the best worker that can be had, and the main thread while there is none. A worker that
// fails, or stays silent while it owes an answer, is replaced once and for all.

export interface EngineChoice {
  readonly main: PackEngine
  /** Who takes new streams. */
  active(): PackEngine
  /** A question went to `engine`: it must answer in time. */
  asked(engine: PackEngine): void
  /** Something that was owed came, or is not wanted any more. */
  settled(): void
  stop(): void
}

export interface EngineChoiceDeps {
  /** Ways to get a worker, best first; empty to pack on the main thread. */
  readonly candidates: readonly WorkerCandidate[]
  onAnswer(answer: PackAnswer): void
  /** Characters in streams for which `engine` owes an answer; null if it owes none. */
  owedBy(engine: PackEngine): number | null
  /** Every stream of `from` must go on with `to`. */
  onReplaced(from: PackEngine, to: PackEngine): void
  readonly report: Report
  /** Monotonic, ms. */
  now(): number
}

/**
 * How long a worker that is still loading may keep data waiting. Short, because that data is not on disk yet;
 * a worker that gets ready later still takes the streams that open from then on.
 */
const BOOT_PATIENCE_MS = 400

/** How long a running worker may be silent, plus the time that a slow phone may need for what it was given. */
const SILENCE_LIMIT_MS = 2000
const SLOWEST_CHARACTERS_PER_MS = 1000

/** A timer that is later than this says that the page was blocked or frozen, not that the worker is silent. */
const LATE_TIMER_MS = 200

export function createEngineChoice(deps: EngineChoiceDeps): EngineChoice {
  const { report, now } = deps
  const candidates = [...deps.candidates]
  const main = createMainEngine(deps.onAnswer)
  let active: PackEngine = main
  /** Loads or runs, even while `active` is the main thread because loading took too long. */
  let worker: PackEngine | undefined
  let ready = false
  let stopped = false
  let stopWatch: (() => void) | undefined

  function startNext(): void {
    const candidate = candidates.shift()
    ready = false
    if (!candidate) {
      worker = undefined
      active = main
      return
    }
    const engine = createWorkerEngine(candidate, { answer: (answer) => hear(engine, answer), failed, report })
    worker = engine
    active = engine
  }

  function hear(engine: PackEngine, answer: PackAnswer): void {
    if (answer.kind === 'ready') {
      ready = true
      active = engine
    }
    deps.onAnswer(answer)
    watch()
  }

  /** A worker that never ran may have a successor; one that broke while running is followed by the main thread. */
  function failed(cause: unknown): void {
    const before = worker
    if (stopped || !before) return
    if (ready) candidates.length = 0
    startNext()
    if (!worker) {
      report(
        new ReplayError(
          'WORKER_FAILED',
          'Session Replay: the compression worker is not available, so the main thread compresses. Serve dist/worker.js ' +
            "of @session-replay-kit/core from your own origin and name it in workerUrl, with worker-src 'self' in the " +
            'Content-Security-Policy (or allow worker-src blob:; and trusted-types session-replay-kit where those are ' +
            'required), or set useWebWorker to false.',
          { cause },
        ),
      )
    }
    deps.onReplaced(before, active)
    watch()
  }

  /** Sets the worker a time limit while it owes an answer. Otherwise there is no timer. */
  function watch(blockedBefore = false): void {
    stopWatch?.()
    stopWatch = undefined
    const owedCharacters = worker && deps.owedBy(worker)
    if (stopped || owedCharacters == null) return
    const limitMs = ready ? SILENCE_LIMIT_MS + owedCharacters / SLOWEST_CHARACTERS_PER_MS : BOOT_PATIENCE_MS
    const dueAt = now() + limitMs
    stopWatch = startTimer(limitMs, report, () => {
      stopWatch = undefined
      if (!blockedBefore && now() - dueAt > LATE_TIMER_MS) watch(true)
      else if (ready) giveUp()
      else bridge()
    })
  }

  function giveUp(): void {
    worker?.stop()
    failed('the worker does not answer')
  }

  /** The main thread helps out until the worker has loaded. */
  function bridge(): void {
    active = main
    if (worker) deps.onReplaced(worker, main)
  }

  startNext()

  return {
    main,
    active: () => active,
    asked(engine) {
      // Later questions do not give more time for earlier ones.
      if (engine === worker && !stopWatch) watch()
    },
    settled: () => watch(),
    stop() {
      stopped = true
      stopWatch?.()
      worker?.stop()
    },
  }
}
