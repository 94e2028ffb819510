import { describe, expect, it } from 'vitest'
import { closesInMs, decideInterval } from './flush-interval.ts'

describe('decideInterval', () => {
  const limits = { minIntervalMs: 1000, maxIntervalMs: 10_000 }
  it.each([
    { previousMs: 0, quietMs: 0, expected: 1000, why: 'the first' },
    { previousMs: 1000, quietMs: 0, expected: 2000, why: 'grows by the minimum' },
    { previousMs: 9500, quietMs: 500, expected: 10_000, why: 'up to the maximum' },
    { previousMs: 10_000, quietMs: 9999, expected: 10_000, why: 'a short pause changes nothing' },
    { previousMs: 10_000, quietMs: 10_000, expected: 1000, why: 'a long pause starts again' },
  ])('$expected ms: $why', ({ previousMs, quietMs, expected }) => {
    expect(decideInterval({ previousMs, quietMs, ...limits })).toBe(expected)
  })

  it('grows for ever without a maximum', () => {
    const facts = {
      previousMs: 50_000,
      quietMs: 0,
      minIntervalMs: 1000,
      maxIntervalMs: Number.POSITIVE_INFINITY,
    }
    expect(decideInterval(facts)).toBe(51_000)
  })
})

describe('closesInMs', () => {
  it.each([
    { ageMs: 0, idleMs: 0, expected: 8000 },
    { ageMs: 9000, idleMs: 0, expected: 1000 },
    { ageMs: 9000, idleMs: 7500, expected: 500 },
    { ageMs: 10_000, idleMs: 0, expected: 0 },
    { ageMs: 8000, idleMs: 8000, expected: 0 },
  ])('age $ageMs, idle $idleMs: in $expected ms', ({ ageMs, idleMs, expected }) => {
    expect(closesInMs({ ageMs, idleMs, intervalMs: 10_000 })).toBe(expected)
  })
})
