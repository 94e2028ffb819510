/** The time of an event, in epoch ms. Later calls never give less. */
export type Clock = () => number

/**
 * The wall clock, except that it never runs backwards: when somebody sets it back, time goes on at its
 * natural pace (by the monotonic clock) until the wall clock has caught up. A replay is ordered by these times.
 */
export function createClock(
  wallMs: () => number = () => Date.now(),
  monotonicMs: () => number = () => performance.now(),
): Clock {
  let lastMs = 0
  let lastTickMs = 0
  return () => {
    const tickMs = monotonicMs()
    const passedMs = Math.max(0, tickMs - lastTickMs)
    const wall = wallMs()
    lastMs = wall >= lastMs ? wall : lastMs + passedMs
    lastTickMs = tickMs
    return Math.round(lastMs)
  }
}

/** The clock of all recordings of this page: a later one does not begin before the end of an earlier one. */
export const pageTime: Clock = createClock()
