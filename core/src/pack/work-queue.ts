import { guard, type Report } from '../errors.ts'
import { whenIdle } from '../platform/page.ts'
import type { Stop } from '../types.ts'
import { startTimer } from './timer.ts'

// Work in the order in which it came, a few milliseconds at once, when the page has nothing to do. Somebody who
// waits for what is in the queue gets it in the next tasks instead.

export interface WorkQueue<Item> {
  push(item: Item): void
  /** Calls when everything that is in the queue now has been worked off, and makes the queue hurry until then. */
  whenReached(run: () => void): void
  /** Works everything off before it returns. */
  drainNow(): void
  /** Takes items out. What waits for its turn goes on waiting. */
  remove(isUnwanted: (item: Item) => boolean): void
  /** Takes everything out and calls at once what was waiting. */
  clear(): void
  length(): number
  stop(): void
}

/** The next items, while one is worked on. */
export interface Following<Item> {
  /** Undefined at the end, and where somebody waits. */
  peek(): Item | undefined
  take(): void
}

export interface WorkQueueDeps<Item> {
  work(item: Item, following: Following<Item>): void
  /** Longest wait for idle time, ms. */
  readonly idleTimeoutMs: number
  readonly report: Report
  /** Monotonic, ms. */
  now(): number
}

type Entry<Item> = { readonly item: Item } | { readonly reached: () => void }

/** Work on the main thread at one time, ms; leaves two thirds of a frame to the page. */
const SLICE_MS = 5

export function createWorkQueue<Item>(deps: WorkQueueDeps<Item>): WorkQueue<Item> {
  const { report, now } = deps
  const work = guard('pack.event', report, deps.work)
  let entries: Entry<Item>[] = []
  let head = 0
  let waiting = 0
  let working = false
  let stopped = false
  let stopSlice: Stop | undefined

  const following: Following<Item> = {
    peek() {
      const next = entries[head]
      return next && 'item' in next ? next.item : undefined
    },
    take() {
      head += 1
    },
  }

  function workFor(spanMs: number): void {
    // Work can lead to new work (a dropped event to a fresh snapshot): it waits for its turn.
    if (working) return
    working = true
    const until = now() + spanMs
    for (let entry = entries[head]; entry; entry = now() < until ? entries[head] : undefined) {
      // Before the work, so that an item that fails is not tried for ever.
      head += 1
      if ('item' in entry) work(entry.item, following)
      else reach(entry.reached)
    }
    if (head === entries.length) empty()
    working = false
  }

  function reach(run: () => void): void {
    waiting -= 1
    guard('pack.reached', report, run)()
  }

  function empty(): void {
    entries = []
    head = 0
  }

  function runSlice(): void {
    stopSlice = undefined
    workFor(SLICE_MS)
    schedule()
  }

  function schedule(): void {
    if (stopped || stopSlice || head === entries.length) return
    if (waiting > 0) stopSlice = startTimer(0, report, runSlice)
    else stopSlice = whenIdle(runSlice, deps.idleTimeoutMs, report)
  }

  function unschedule(): void {
    stopSlice?.()
    stopSlice = undefined
  }

  return {
    push(item) {
      entries.push({ item })
      schedule()
    },
    whenReached(run) {
      entries.push({ reached: run })
      waiting += 1
      unschedule()
      runSlice()
    },
    drainNow() {
      unschedule()
      workFor(Number.POSITIVE_INFINITY)
    },
    remove(isUnwanted) {
      entries = entries.slice(head).filter((entry) => !('item' in entry) || !isUnwanted(entry.item))
      head = 0
    },
    clear() {
      unschedule()
      const left = entries.slice(head)
      empty()
      for (const entry of left) if ('reached' in entry) reach(entry.reached)
    },
    length: () => entries.length - head,
    stop() {
      stopped = true
      unschedule()
      empty()
    },
  }
}
