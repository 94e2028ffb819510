import { describe, expect, it } from 'vitest'
import type { SessionId } from '../types.ts'
import { sampleDraw, utf8, xxHash32 } from './sampling.ts'

/** Session id, hash (where known), and hash mod 1e6. */
const VECTORS: [SessionId, number | null, number][] = [
  [1700000000000, 1072223047, 223047],
  [1699922971244, 3325347034, 347034],
  [1717000000001, 87103344, 103344],
  [1724112345678, 2325766069, 766069],
  [1731621403000, 294819832, 819832],
  [1763912345678, 1734544124, 544124],
  [1764000000000, 4099766768, 766768],
  [1795448742508, 4207707767, 707767],
  ['custom-session-1', 3081262146, 262146],
  ['user_42.session-7', 4193148568, 148568],
  ['org|team@host:1=2', 1760888313, 888313],
  ['sess-é-日本', 1115913453, 913453],
  ['😀', 1127825596, 825596],
  ['f47ac10b-58cc-4372-a567-0e02b2c3d479', 503455278, 455278],
  ['0123456789abcdef', 3267648361, 648361],
  ['0123456789abcde', 498989583, 989583],
  [-1, 602628616, 628616],
  [12345, 3003995828, 995828],
  ['checkout-2026-11-23T15:37:22Z', 1810278402, 278402],
  [1, 3068971186, 971186],
  ['abc', 852579327, 579327],
  ['message digest', 2090108052, 108052],
  ['a', 1426945110, 945110],
  ['', 46947589, 947589],
  [1764001036550, null, 0],
  [1764000239835, null, 2],
  [1764000010146, null, 500000],
  [1764001123116, null, 999999],
]

describe('sampling', () => {
  it.each(VECTORS)('draws for %s the same lot as Amplitude', (sessionId, hash, lot) => {
    if (hash !== null) expect(xxHash32(utf8(String(sessionId)))).toBe(hash)
    expect(sampleDraw(sessionId)).toBe(lot / 1_000_000)
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
    for (let index = 0; index < 50_000; index++)
      if (sampleDraw(1764000000000 + index * 1000) < 0.1) included++
    expect(included / 50_000).toBeGreaterThan(0.095)
    expect(included / 50_000).toBeLessThan(0.105)
  })
})
