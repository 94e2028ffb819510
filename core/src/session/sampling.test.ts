import { describe, expect, it } from 'vitest'
import type { SessionId } from '../types.ts'
import { isSampled, sampleDraw, utf8, xxHash32 } from './sampling.ts'

const RATES = [0.01, 0.1, 0.25, 0.5, 0.83, 0.99, 1]

/** Session id, hash (where known), hash mod 1e6, and the least of RATES that includes it. */
const VECTORS: [SessionId, number | null, number, number][] = [
  [1700000000000, 1072223047, 223047, 0.25],
  [1699922971244, 3325347034, 347034, 0.5],
  [1717000000001, 87103344, 103344, 0.25],
  [1724112345678, 2325766069, 766069, 0.83],
  [1731621403000, 294819832, 819832, 0.83],
  [1763912345678, 1734544124, 544124, 0.83],
  [1764000000000, 4099766768, 766768, 0.83],
  [1795448742508, 4207707767, 707767, 0.83],
  ['custom-session-1', 3081262146, 262146, 0.5],
  ['user_42.session-7', 4193148568, 148568, 0.25],
  ['org|team@host:1=2', 1760888313, 888313, 0.99],
  ['sess-é-日本', 1115913453, 913453, 0.99],
  ['😀', 1127825596, 825596, 0.83],
  ['f47ac10b-58cc-4372-a567-0e02b2c3d479', 503455278, 455278, 0.5],
  ['0123456789abcdef', 3267648361, 648361, 0.83],
  ['0123456789abcde', 498989583, 989583, 0.99],
  [-1, 602628616, 628616, 0.83],
  [12345, 3003995828, 995828, 1],
  ['checkout-2026-11-23T15:37:22Z', 1810278402, 278402, 0.5],
  [1, 3068971186, 971186, 0.99],
  ['abc', 852579327, 579327, 0.83],
  ['message digest', 2090108052, 108052, 0.25],
  ['a', 1426945110, 945110, 0.99],
  ['', 46947589, 947589, 0.99],
  [1764001036550, null, 0, 0.01],
  [1764000239835, null, 2, 0.01],
  [1764000010146, null, 500000, 0.83],
  [1764001123116, null, 999999, 1],
]

describe('sampling', () => {
  it.each(VECTORS)('draws for %s the same lot as Amplitude', (sessionId, hash, lot, leastRate) => {
    if (hash !== null) expect(xxHash32(utf8(String(sessionId)))).toBe(hash)
    expect(sampleDraw(sessionId)).toBe(lot / 1_000_000)
    for (const rate of RATES) expect(isSampled(sessionId, rate)).toBe(rate >= leastRate)
  })

  it('is exact to a millionth, and strict', () => {
    expect(isSampled(1764001036550, 0.000001)).toBe(true)
    expect(isSampled(1764000239835, 0.000001)).toBe(false)
    expect(isSampled(1764000010146, 0.5)).toBe(false)
    expect(isSampled(1764001123116, 0.999999)).toBe(false)
  })

  it('includes nobody at 0 or NaN, and everybody above 1', () => {
    expect(isSampled(1764001036550, 0)).toBe(false)
    expect(isSampled(1764001036550, Number.NaN)).toBe(false)
    expect(isSampled(12345, 2)).toBe(true)
  })

  it('does not tell a number from its text', () => {
    expect(sampleDraw(1)).toBe(sampleDraw('1'))
  })

  it('matches the published check value of the hash', () => {
    expect(xxHash32(utf8('abc'))).toBe(0x32d153ff)
  })

  it('encodes as TextEncoder does, except lone surrogates, which keep their three bytes', () => {
    const text = 'aé日😀\u07ff\u0800\uffff'
    expect(utf8(text)).toEqual([...new TextEncoder().encode(text)])
    expect(utf8('\ud83d')).toEqual([0xed, 0xa0, 0xbd])
  })

  it('includes about a tenth of many sessions at 0.1', () => {
    let included = 0
    for (let index = 0; index < 50_000; index++) if (isSampled(1764000000000 + index * 1000, 0.1)) included++
    expect(included / 50_000).toBeGreaterThan(0.095)
    expect(included / 50_000).toBeLessThan(0.105)
  })
})
