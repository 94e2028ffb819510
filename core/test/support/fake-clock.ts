import type { Clock } from '../../src/upload/clock.ts'

/** A clock that only moves when told to. `random` is settable; 0 is the shortest jitter. */
export interface FakeClock extends Clock {
  random: () => number
  /** Moves on, running timers in order and letting promises settle after each. */
  advance(ms: number): Promise<void>
  /** Timers that are set. */
  timers(): number
}

export function createFakeClock(startEpoch = 1_700_000_000_000): FakeClock {
  let now = 1_000
  let timers: { at: number; run: () => void }[] = []
  // One turn of the real event loop runs every promise that is ready, however long the chain.
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return {
    now: () => now,
    epoch: () => startEpoch + now,
    random: () => 0,
    after(delayMs, run) {
      const timer = { at: now + Math.max(0, delayMs), run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    timers: () => timers.length,
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0]
        if (!due) break
        timers = timers.filter((other) => other !== due)
        now = Math.max(now, due.at)
        due.run()
        await settle()
      }
      now = end
      await settle()
    },
  }
}
