export interface IntervalFacts {
  /** How long the last batch stayed open at most. */
  previousMs: number
  /** Time without any batch since then. */
  quietMs: number
  minIntervalMs: number
  maxIntervalMs: number
}

/**
 * How long the next batch stays open. While there is activity it grows by the minimum up to the maximum, so
 * that a visit starts prompt and goes on cheap; a pause as long as the maximum starts again from the minimum.
 */
export function decideInterval({ previousMs, quietMs, minIntervalMs, maxIntervalMs }: IntervalFacts): number {
  if (previousMs === 0 || quietMs >= maxIntervalMs) return Math.min(minIntervalMs, maxIntervalMs)
  return Math.min(maxIntervalMs, previousMs + minIntervalMs)
}

/** A batch is over when it is this old, or earlier when nothing was added for most of that time. */
export function closesInMs({
  ageMs,
  idleMs,
  intervalMs,
}: {
  ageMs: number
  idleMs: number
  intervalMs: number
}): number {
  return Math.min(intervalMs - ageMs, QUIET_SHARE * intervalMs - idleMs)
}

/** With the usual maximum of 10 s the last event of a burst leaves after 8 s: within 10 s it is delivered. */
const QUIET_SHARE = 0.8
