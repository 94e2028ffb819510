import type { Stop } from '../types.ts'

/** Time and chance, so that tests can own both. */
export interface Clock {
  /** Milliseconds on a clock that never jumps: waits survive a change of the wall clock. */
  now(): number
  /** Wall clock in epoch ms, for dates that a server names and for the status. */
  epoch(): number
  /** Calls `run` once, after `delayMs`. */
  after(delayMs: number, run: () => void): Stop
  /** From 0 to below 1. */
  random(): number
}

/** The page's own clock. */
export function pageClock(): Clock {
  return {
    now: () => performance.now(),
    epoch: () => Date.now(),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
    random: () => Math.random(),
  }
}
