import type { Outcome } from './outcome.ts'

// The pace of sending, and the fate of a batch. Both are pure: facts in, verdict out.

/** How fast to go on, for the destination as a whole and for each lane of batches. Times are on the monotonic clock. */
export interface Pace {
  /** Failures in a row that pass by themselves. */
  readonly failures: number
  /** Refusals in a row. */
  readonly refusals: number
  /** No attempt before this, by our own judgement. */
  readonly notBefore: number
  /** No attempt before this, by the server's word. Nothing lifts it early. */
  readonly floor: number
  readonly lastFailureAt: number
}

export const FRESH_PACE: Pace = {
  failures: 0,
  refusals: 0,
  notBefore: 0,
  floor: 0,
  lastFailureAt: Number.NEGATIVE_INFINITY,
}

const SHORTEST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000
/** Even with the worst luck, an outage costs less than the 40 requests a minute that it may. */
const LEAST_SLOW_WAIT_MS = 2_000
/** Twelve refused requests a minute at most, then fewer. */
const FIRST_REFUSAL_WAIT_MS = 5_000
/** The same for a connection that flaps. */
const WAKE_GAP_MS = 2_000
const MOST_QUICK_RETRIES = 2
const POISON_TRIES = 2

export interface PaceFacts {
  readonly now: number
  /** From 0 to below 1. */
  readonly random: number
  /** The `flushMaxRetries` option, see `backoffMs`. */
  readonly quickRetries: number
}

/** The pace after an outcome. */
export function nextPace(pace: Pace, outcome: Outcome, { now, random, quickRetries }: PaceFacts): Pace {
  switch (outcome.kind) {
    case 'accepted':
    case 'skipped':
    case 'throttled':
    case 'killed':
    case 'too-large':
      return { ...FRESH_PACE, floor: pace.floor, lastFailureAt: pace.lastFailureAt }
    case 'refused': {
      const refusals = pace.refusals + 1
      const notBefore = now + refusalWaitMs(refusals, random)
      return { ...pace, refusals, notBefore, floor: laterFloor(pace, outcome, now), lastFailureAt: now }
    }
    case 'unknown':
      if (outcome.reason === 'beacon') return pace
      break
    case 'retry':
    case 'poison':
      break
    default:
      return outcome satisfies never
  }
  const failures = pace.failures + 1
  const notBefore = now + backoffMs(failures, quickRetries, random)
  return { ...pace, failures, notBefore, floor: laterFloor(pace, outcome, now), lastFailureAt: now }
}

/** The time from which an attempt is allowed. */
export function readyAt({ notBefore, floor }: Pace): number {
  return Math.max(notBefore, floor)
}

/** The pace when the network is back: waits for it end, what the server asked for stays. */
export function wakePace(pace: Pace, now: number): Pace {
  if (pace.failures === 0 || pace.refusals > 0) return pace
  const notBefore = Math.min(pace.notBefore, Math.max(now, pace.lastFailureAt + WAKE_GAP_MS))
  return { ...pace, failures: 1, notBefore }
}

/** The page is going away: is one more try polite? */
export function mayTryOnExit(pace: Pace, now: number): boolean {
  if (now < pace.floor) return false
  if (pace.refusals > 0) return now >= pace.notBefore
  return pace.failures === 0 || now >= pace.lastFailureAt + WAKE_GAP_MS
}

/**
 * Exponential back-off with jitter between 1 s and 60 s, never zero. `flushMaxRetries` (0 to 2, more counts
 * as 2) only bounds how many quick retries come before the slow cadence: with 2 the first waits are at most
 * 2, 4, 8 s; with 0 they begin at most 8 s. It never decides about dropping, and 0 does not mean "never send".
 */
export function backoffMs(failures: number, quickRetries: number, random: number): number {
  const quick = Math.min(MOST_QUICK_RETRIES, Math.max(0, Math.trunc(quickRetries) || 0))
  const cap = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** (failures + MOST_QUICK_RETRIES - quick))
  const least = Math.max(SHORTEST_WAIT_MS, Math.min(LEAST_SLOW_WAIT_MS, cap / 4))
  return least + random * (cap - least)
}

/** From 5 s on, half as long again each time, up to 60 s; jitter only adds. */
export function refusalWaitMs(refusals: number, random: number): number {
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_REFUSAL_WAIT_MS * 1.5 ** (refusals - 1))
  return waitMs * (1 + random * 0.2)
}

export type BatchVerdict =
  /** The server has it or will never keep it: delete the record. */
  | 'forget'
  | 'again'
  | 'halve'
  /** Leave it out so that the following can go on. */
  | 'set-aside'
  /** Delete all that is queued for the session. */
  | 'end-session'

/** What becomes of a batch. The number of failed tries plays no part; `poisonTries` counts "cannot be read". */
export function decideBatch(outcome: Outcome, poisonTries: number): BatchVerdict {
  switch (outcome.kind) {
    case 'accepted':
    case 'skipped':
    case 'throttled':
      return 'forget'
    case 'killed':
      return 'end-session'
    case 'too-large':
      return 'halve'
    case 'poison':
      return poisonTries >= POISON_TRIES ? 'set-aside' : 'again'
    case 'retry':
    case 'refused':
    case 'unknown':
      return 'again'
    default:
      return outcome satisfies never
  }
}

function laterFloor(pace: Pace, outcome: Outcome, now: number): number {
  const afterMs = 'afterMs' in outcome ? (outcome.afterMs ?? 0) : 0
  return Math.max(pace.floor, now + afterMs)
}
