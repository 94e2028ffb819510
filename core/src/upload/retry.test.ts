import { describe, expect, it } from 'vitest'
import type { Outcome } from './outcome.ts'
import {
  backoffMs,
  decideBatch,
  FRESH_PACE,
  mayTryOnExit,
  nextPace,
  type Pace,
  readyAt,
  refusalWaitMs,
  wakePace,
} from './retry.ts'

const failed: Outcome = { kind: 'retry', status: 503 }
const lost: Outcome = { kind: 'unknown', reason: 'network' }
const refused: Outcome = { kind: 'refused', status: 403 }
const facts = (now: number, random = 0) => ({ now, random, quickRetries: 2 })

/** Requests in each minute when every request gets `outcome` and is made as early as allowed. */
function requestsPerMinute(outcome: Outcome, random: () => number, minutes: number): number[] {
  const counts = Array.from({ length: minutes }, () => 0)
  let pace: Pace = FRESH_PACE
  for (let now = 0; now < minutes * 60_000; now = Math.max(now, readyAt(pace))) {
    const minute = Math.floor(now / 60_000)
    counts[minute] = (counts[minute] ?? 0) + 1
    pace = nextPace(pace, outcome, { now, random: random(), quickRetries: 2 })
  }
  return counts
}

describe('back-off', () => {
  it.each([
    [1, 2, 1_000, 2_000],
    [2, 2, 1_000, 4_000],
    [3, 2, 2_000, 8_000],
    [6, 2, 2_000, 60_000],
    [500, 2, 2_000, 60_000],
    [1, 1, 1_000, 4_000],
    [1, 0, 2_000, 8_000],
    [1, 99, 1_000, 2_000],
    [1, Number.NaN, 2_000, 8_000],
  ])('failure %i with %d quick retries waits between %i and %i ms', (failures, quick, least, most) => {
    expect(backoffMs(failures, quick, 0)).toBe(least)
    expect(backoffMs(failures, quick, 1)).toBe(most)
  })

  it('keeps an outage under 40 requests a minute, even with the worst luck', () => {
    for (const luck of [0, 0.1, 0.5]) {
      for (const count of requestsPerMinute(lost, () => luck, 10)) expect(count).toBeLessThanOrEqual(40)
    }
  })

  it('refusals stay under 12 a minute and fall', () => {
    const counts = requestsPerMinute(refused, () => 0, 5)
    expect(counts[0]).toBeLessThanOrEqual(12)
    expect(counts[4]).toBeLessThan(counts[0] ?? 0)
    expect(refusalWaitMs(1, 0)).toBeGreaterThanOrEqual(5_000)
  })
})

describe('pace', () => {
  it('is free after an answer, but keeps to what the server asked for', () => {
    const told = nextPace(FRESH_PACE, { kind: 'retry', status: 503, afterMs: 30_000 }, facts(0))
    expect(readyAt(told)).toBe(30_000)
    // Another request was already under way and is accepted: the server's word stands.
    expect(readyAt(nextPace(told, { kind: 'accepted' }, facts(100)))).toBe(30_000)
    expect(readyAt(nextPace(nextPace(FRESH_PACE, failed, facts(0)), { kind: 'accepted' }, facts(10)))).toBe(0)
  })

  it('a shorter Retry-After does not shorten an earlier one', () => {
    const told = nextPace(FRESH_PACE, { kind: 'retry', status: 503, afterMs: 30_000 }, facts(0))
    expect(nextPace(told, { kind: 'retry', status: 503, afterMs: 1_000 }, facts(100)).floor).toBe(30_000)
  })

  it('Retry-After: 0 still waits a second', () => {
    const told = nextPace(FRESH_PACE, { kind: 'retry', status: 503, afterMs: 0 }, facts(5_000))
    expect(readyAt(told)).toBe(6_000)
  })

  it('an unanswered beacon changes nothing', () => {
    expect(nextPace(FRESH_PACE, { kind: 'unknown', reason: 'beacon' }, facts(0))).toBe(FRESH_PACE)
  })

  it('the network coming back ends back-off, but neither Retry-After nor a refusal', () => {
    let failing = FRESH_PACE
    for (let now = 0; now < 5; now += 1) failing = nextPace(failing, lost, facts(now, 0.9))
    expect(readyAt(wakePace(failing, 10_000))).toBe(10_000)
    const told = nextPace(failing, { kind: 'retry', status: 503, afterMs: 90_000 }, facts(10))
    expect(readyAt(wakePace(told, 10_000))).toBe(90_010)
    const no = nextPace(FRESH_PACE, refused, facts(0))
    expect(readyAt(wakePace(no, 100))).toBe(readyAt(no))
  })

  it('a flapping connection stays under 40 requests a minute', () => {
    let pace = FRESH_PACE
    let requests = 0
    for (let now = 0; now < 60_000; now += 100) {
      pace = wakePace(pace, now)
      if (readyAt(pace) > now) continue
      requests += 1
      pace = nextPace(pace, lost, facts(now, 0.5))
    }
    expect(requests).toBeLessThanOrEqual(40)
  })

  it.each([
    ['healthy', FRESH_PACE, 100, true],
    ['failed just now', nextPace(FRESH_PACE, failed, facts(0)), 100, false],
    ['failed a while ago', nextPace(FRESH_PACE, failed, facts(0, 0.99)), 2_000, true],
    [
      'told to wait',
      nextPace(FRESH_PACE, { kind: 'retry', status: 503, afterMs: 9_000 }, facts(0)),
      5_000,
      false,
    ],
    ['refused', nextPace(FRESH_PACE, refused, facts(0)), 3_000, false],
  ] as const)('on exit, %s', (_, pace, now, expected) => {
    expect(mayTryOnExit(pace, now)).toBe(expected)
  })
})

describe('fate of a batch', () => {
  it.each<[Outcome, number, string]>([
    [{ kind: 'accepted' }, 0, 'forget'],
    [{ kind: 'skipped', code: '1' }, 0, 'forget'],
    [{ kind: 'throttled', pauseMs: 1 }, 0, 'forget'],
    [{ kind: 'killed', code: '4005' }, 0, 'end-session'],
    [{ kind: 'too-large' }, 0, 'halve'],
    [{ kind: 'poison', status: 400 }, 1, 'again'],
    [{ kind: 'poison', status: 400 }, 2, 'set-aside'],
    [failed, 0, 'again'],
    [refused, 0, 'again'],
    [lost, 0, 'again'],
  ])('%j after %i unreadable tries: %s', (outcome, poisonTries, verdict) => {
    expect(decideBatch(outcome, poisonTries)).toBe(verdict)
  })
})
