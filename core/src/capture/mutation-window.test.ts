import { describe, expect, it } from 'vitest'
import type { MutationBudget } from './mutation-budget.ts'
import { createMutationWindow, WIDEST_WINDOW_MS, WINDOW_MS } from './mutation-window.ts'

const NO_LIMITS = { turnPage() {}, spend: () => undefined } as unknown as MutationBudget

/** A page whose elements change all at once, each millisecond. */
function createRig(budget: MutationBudget | undefined) {
  let at = 0
  let due: { at: number; run: () => void } | undefined
  const told: number[] = []
  const window = createMutationWindow({
    budget,
    startTimer(run, delayMs) {
      due = { at: at + delayMs, run }
      return () => {
        due = undefined
      }
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
  window.observe(Observer as unknown as typeof MutationObserver, () => told.push(at))
  return {
    /** When they were told, in ms, if so many change. */
    animate(elements: number, forMs: number): number[] {
      const targets = Array.from({ length: elements }, () => ({}))
      for (const until = at + forMs; at < until; at++) {
        if (due && at >= due.at) {
          const { run } = due
          due = undefined
          run()
        }
        change(targets.map((target) => ({ type: 'attributes', attributeName: 'style', target }) as never))
      }
      return told.splice(0)
    },
  }
}

describe('the window', () => {
  it('is as wide as usual for a few values', () => {
    expect(createRig(NO_LIMITS).animate(10, 200)).toEqual([0, WINDOW_MS, 2 * WINDOW_MS, 3 * WINDOW_MS])
  })

  it('is wider where more values change at once, within limits', () => {
    expect(createRig(NO_LIMITS).animate(100, 301)).toEqual([0, 100, 200, 300])
    expect(createRig(NO_LIMITS).animate(400, 300)).toEqual([0, WIDEST_WINDOW_MS])
  })

  it('is as wide as usual again when fewer values change', () => {
    const { animate } = createRig(NO_LIMITS)
    animate(100, 1)
    animate(0, 199)
    expect(animate(10, 101)).toEqual([200, 250, 300])
  })

  it('stays as it is where the budget is turned off', () => {
    expect(createRig(undefined).animate(100, 101)).toEqual([0, WINDOW_MS, 2 * WINDOW_MS])
  })
})
