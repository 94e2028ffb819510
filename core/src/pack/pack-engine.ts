import { guard, type Report } from '../errors.ts'
import { createPackHost } from './pack-host.ts'
import type { PackerKind, WorkerCandidate } from './worker-candidates.ts'
import type { PackAnswer, PackMessage } from './worker-protocol.ts'

/** Whoever packs at the moment, seen from the page. */
export interface PackEngine {
  readonly kind: PackerKind
  send(message: PackMessage): void
  stop(): void
}

/** Packs on this thread; the answer comes before `send` returns. */
export function createMainEngine(onAnswer: (answer: PackAnswer) => void): PackEngine {
  return { kind: 'main', send: createPackHost(onAnswer), stop() {} }
}

/**
 * Packs in a worker. Messages wait until there is one. `onFailed` is called at most once, for whatever reason:
 * it could not be made, loaded or understood, or it threw.
 */
export function createWorkerEngine(
  candidate: WorkerCandidate,
  on: { answer(answer: PackAnswer): void; failed(cause: unknown): void; report: Report },
): PackEngine {
  let worker: Worker | undefined
  let waiting: PackMessage[] = []
  let over = false

  function stop(): void {
    over = true
    waiting = []
    worker?.terminate()
  }
  function fail(cause: unknown): void {
    if (over) return
    stop()
    on.failed(cause)
  }
  /** Later, so that whoever speaks to the engine meets no change of engines in the middle of it. */
  function failLater(cause: unknown): void {
    queueMicrotask(guard('pack.worker', on.report, () => fail(cause)))
  }
  function post(to: Worker, message: PackMessage): void {
    try {
      to.postMessage(message)
    } catch (cause) {
      failLater(cause)
    }
  }
  function adopt(started: Worker): void {
    if (over) {
      started.terminate()
      return
    }
    worker = started
    started.onmessage = guard('pack.worker', on.report, ({ data }: MessageEvent<PackAnswer>) => {
      if (over) return
      if (data.kind === 'failed') fail(new Error(data.message))
      else on.answer(data)
    })
    started.onerror = guard('pack.worker', on.report, (event: ErrorEvent) => {
      // Handled here: the page's own error handlers must not hear of it.
      event.preventDefault()
      fail(event.message || 'the worker could not be loaded')
    })
    started.onmessageerror = guard('pack.worker', on.report, () => fail('a message could not be read'))
    for (const message of waiting) post(started, message)
    waiting = []
  }

  try {
    const started = candidate.start()
    if (started instanceof Promise) started.then(guard('pack.worker', on.report, adopt), fail)
    else adopt(started)
  } catch (cause) {
    failLater(cause)
  }

  return {
    kind: candidate.kind,
    send(message) {
      if (over) return
      if (worker) post(worker, message)
      else waiting.push(message)
    },
    stop,
  }
}
