import type { Report } from '../errors.ts'
import type { Stop } from '../types.ts'
import { startTimer } from './timer.ts'

// What is packed cannot be taken back. So the newest events wait here, in order, until they are old enough.

export interface HoldBack<Item> {
  push(item: Item): void
  /** Passes on all at once, whatever their age. */
  release(): void
  /** Takes items out. */
  remove(isUnwanted: (item: Item) => boolean): void
  length(): number
  /** Resolves when nothing waits here. */
  emptied(): Promise<void>
}

export interface HoldBackDeps<Item> {
  /** Age at which an item is passed on, in ms. 0: at once. */
  readonly holdBackMs: number
  pass(item: Item): void
  readonly report: Report
  /** Monotonic, ms. */
  now(): number
}

export function createHoldBack<Item extends { readonly capturedAt: number }>(
  deps: HoldBackDeps<Item>,
): HoldBack<Item> {
  const { holdBackMs, pass, report, now } = deps
  let items: Item[] = []
  let stopTimer: Stop | undefined
  const emptyings: (() => void)[] = []

  function passThose(areOlderThan: number): void {
    const count = items.findIndex(({ capturedAt }) => capturedAt > areOlderThan)
    for (const item of items.splice(0, count < 0 ? items.length : count)) pass(item)
    schedule()
  }

  function schedule(): void {
    stopTimer?.()
    stopTimer = undefined
    const [oldest] = items
    if (!oldest) {
      for (const resolve of emptyings.splice(0)) resolve()
      return
    }
    const dueInMs = oldest.capturedAt + holdBackMs - now()
    stopTimer = startTimer(dueInMs, report, () => passThose(now() - holdBackMs))
  }

  return {
    push(item) {
      if (holdBackMs === 0) return pass(item)
      items.push(item)
      if (!stopTimer) schedule()
    },
    release: () => passThose(Number.POSITIVE_INFINITY),
    remove(isUnwanted) {
      items = items.filter((item) => !isUnwanted(item))
      schedule()
    },
    length: () => items.length,
    emptied: () =>
      new Promise((resolve) => {
        if (items.length > 0) emptyings.push(resolve)
        else resolve()
      }),
  }
}
