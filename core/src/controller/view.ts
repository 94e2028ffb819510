import { guard, type Report } from '../errors.ts'
import { IDLE, sameSnapshot } from './snapshot.ts'
import type { ReplayLifecycleEvent, ReplaySnapshot } from './types.ts'

/** What can be seen of the controller: one immutable snapshot, current at any time, and listeners told late. */
export interface View {
  get(): ReplaySnapshot
  subscribe(onChange: () => void): () => void
  /** Something may have changed; who listens is told in a microtask, once per burst. */
  changed(event?: ReplayLifecycleEvent): void
  whenIdle(): Promise<ReplaySnapshot>
  clear(): void
}

/**
 * Bindings change holds inside React's insertion effects, where scheduling an update is an error; so nobody is
 * called in the same step, neither listeners nor `onEvent`.
 */
export function createView(deps: {
  /** A fresh snapshot of all facts. The older object is kept while it says the same. */
  read(): ReplaySnapshot
  /** Nothing is under way that ends by itself. */
  isIdle(): boolean
  microtask(run: () => void): void
  onEvent: ((event: ReplayLifecycleEvent) => void) | undefined
  report: Report
}): View {
  const listeners = new Set<{ call: () => void }>()
  let snapshot = IDLE
  let told = IDLE
  let events: ReplayLifecycleEvent[] = []
  let waiting: ((snapshot: ReplaySnapshot) => void)[] = []
  let isScheduled = false
  const tell = guard('onEvent', deps.report, (event: ReplayLifecycleEvent) => deps.onEvent?.(event))

  const get = (): ReplaySnapshot => {
    const fresh = deps.read()
    if (!sameSnapshot(snapshot, fresh)) snapshot = Object.freeze(fresh)
    return snapshot
  }

  const announce = (): void => {
    isScheduled = false
    const due = events
    events = []
    for (const event of due) tell(event)
    if (told !== get()) {
      told = snapshot
      for (const listener of [...listeners]) if (listeners.has(listener)) listener.call()
    }
    if (!deps.isIdle()) return
    const ready = waiting
    waiting = []
    for (const resolve of ready) resolve(get())
  }

  return {
    get,
    subscribe(onChange) {
      const listener = { call: guard('a subscriber', deps.report, onChange) }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    changed(event) {
      if (event !== undefined) events.push(event)
      if (isScheduled) return
      isScheduled = true
      deps.microtask(announce)
    },
    whenIdle: () =>
      deps.isIdle() ? Promise.resolve(get()) : new Promise((resolve) => waiting.push(resolve)),
    clear: () => listeners.clear(),
  }
}
