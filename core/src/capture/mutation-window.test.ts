import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../test/support/random.ts'
import { createMutationBudget, type MutationBudget } from './mutation-budget.ts'
import { createMutationWindow, WIDEST_WINDOW_MS, WINDOW_MS } from './mutation-window.ts'

const NO_LIMITS = { turnPage() {}, spend: () => undefined } as unknown as MutationBudget

/** A page whose elements change all at once, each millisecond. */
function createRig(makeBudget: (now: () => number) => MutationBudget | undefined) {
  let at = 0
  const timers = new Set<{ at: number; run: () => void }>()
  const told: { at: number; records: MutationRecord[] }[] = []
  const window = createMutationWindow({
    budget: makeBudget(() => at),
    startTimer(run, delayMs) {
      const timer = { at: at + delayMs, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    onGap() {},
    isHidden: () => false,
    now: () => at,
  })
  let change: (records: MutationRecord[]) => void = () => {}
  class Observer {
    constructor(deliver: (records: MutationRecord[]) => void) {
      change = deliver
    }
  }
  window.observe(Observer as unknown as typeof MutationObserver, (records) => told.push({ at, records }))
  /** What was told since the last call. */
  const takeTold = () => told.splice(0)
  /** A millisecond: timers that are due, then what the page does. */
  const tick = (work: () => MutationRecord[]): void => {
    for (const timer of [...timers]) {
      if (at >= timer.at && timers.delete(timer)) timer.run()
    }
    change(work())
    at++
  }
  return {
    window,
    tick,
    takeTold,
    /** When they were told, in ms, if so many change. */
    animate(elements: number, forMs: number): number[] {
      const targets = Array.from({ length: elements }, () => ({}))
      for (const until = at + forMs; at < until; )
        tick(() => targets.map((target) => ({ type: 'attributes', attributeName: 'style', target }) as never))
      return takeTold().map((one) => one.at)
    },
  }
}

describe('the window', () => {
  it('is as wide as usual for a few values', () => {
    expect(createRig(() => NO_LIMITS).animate(10, 200)).toEqual([0, WINDOW_MS, 2 * WINDOW_MS, 3 * WINDOW_MS])
  })

  it('is wider where more values change at once, within limits', () => {
    expect(createRig(() => NO_LIMITS).animate(100, 301)).toEqual([0, 100, 200, 300])
    expect(createRig(() => NO_LIMITS).animate(400, 300)).toEqual([0, WIDEST_WINDOW_MS])
  })

  it('is as wide as usual again when fewer values change', () => {
    const { animate } = createRig(() => NO_LIMITS)
    animate(100, 1)
    animate(0, 199)
    expect(animate(10, 101)).toEqual([200, 250, 300])
  })

  it('stays as it is where the budget is turned off', () => {
    expect(createRig(() => undefined).animate(100, 101)).toEqual([0, WINDOW_MS, 2 * WINDOW_MS])
  })

  it('is as narrow as it gets while the visitor scrolls', () => {
    const { animate, window, tick, takeTold } = createRig(() => NO_LIMITS)
    animate(200, 20)
    window.narrow()
    expect(animate(200, 40)).toEqual([WINDOW_MS])
    window.narrow()
    for (let n = 0; n < 80; n++) tick(() => [])
    expect(takeTold().map(({ at }) => at)).toEqual([2 * WINDOW_MS])
  })
})

it('tells an attribute that is never put off without what waits', () => {
  const { tick, takeTold } = createRig(() => NO_LIMITS)
  const record = (attributeName: string) => ({ type: 'attributes', attributeName, target: {} }) as never
  tick(() => [record('style')])
  tick(() => [record('style')])
  takeTold()
  tick(() => [record('class'), record('aria-valuenow')])
  expect(takeTold().map(({ records }) => records.map(({ attributeName }) => attributeName))).toEqual([
    ['aria-valuenow'],
  ])
  for (let n = 0; n < WINDOW_MS; n++) tick(() => [])
  expect(takeTold().map(({ records }) => records.length)).toEqual([2])
})

it('ends with the last value of a node that comes above its budget and below it again', () => {
  for (let seed = 1; seed <= 400; seed++) expect(endsRight(seed), `seed ${seed}`).toBe(true)
})

/** Random work on one class, some of it faster than its budget, and what a replay has at the end. */
function endsRight(seed: number): boolean {
  const random = randomFrom(seed)
  const limits = { sampleAbovePerSecond: 20, blockAbovePerSecond: 1e9 }
  const { tick, takeTold } = createRig((now) => createMutationBudget(limits, () => {}, now))
  const target = {}
  let live = 'off'
  let replayed = 'off'
  /** As rrweb does it: what is the same as before the record says nothing. */
  const replay = (): void => {
    for (const { records } of takeTold())
      for (const { oldValue } of records) if (oldValue !== live) replayed = live
  }
  const rest = (ms: number): void => {
    for (let left = ms; left > 0; left--) {
      tick(() => [])
      replay()
    }
  }
  for (let count = 0; count < 120; count++) {
    // Bursts, and slower work between them in which the node calms down.
    rest(random(count % 40 < 25 ? 8 : 200))
    tick(() => {
      replay()
      const oldValue = live
      live = live === 'on' ? 'off' : 'on'
      return [{ type: 'attributes', attributeName: 'class', target, oldValue } as never]
    })
    replay()
  }
  rest(3000)
  return replayed === live
}
