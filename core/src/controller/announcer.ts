import { guard, type Report } from '../errors.ts'
import type { ReplayLifecycleEvent } from './types.ts'

/** Tells listeners late: once per burst, in a microtask. */
export interface Announcer {
  subscribe(onChange: () => void): () => void
  /** Something changed; listeners are called soon. */
  changed(event?: ReplayLifecycleEvent): void
  clear(): void
}

/**
 * Bindings change holds inside React's insertion effects, where scheduling an update is an error; so nobody is
 * called in the same task step, neither listeners nor `onEvent`.
 */
export function createAnnouncer(deps: {
  microtask(run: () => void): void
  onEvent: ((event: ReplayLifecycleEvent) => void) | undefined
  /** True when listeners have something new to read. */
  isNews(): boolean
  /** Called after each burst. */
  afterwards(): void
  report: Report
}): Announcer {
  const listeners = new Set<{ call: () => void }>()
  let events: ReplayLifecycleEvent[] = []
  let scheduled = false
  const tell = guard('onEvent', deps.report, (event: ReplayLifecycleEvent) => deps.onEvent?.(event))

  const announce = (): void => {
    scheduled = false
    const told = events
    events = []
    for (const event of told) tell(event)
    if (deps.isNews()) for (const listener of [...listeners]) if (listeners.has(listener)) listener.call()
    deps.afterwards()
  }

  return {
    subscribe(onChange) {
      const listener = { call: guard('subscriber', deps.report, onChange) }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    changed(event) {
      if (event !== undefined) events.push(event)
      if (scheduled) return
      scheduled = true
      deps.microtask(announce)
    },
    clear: () => listeners.clear(),
  }
}
