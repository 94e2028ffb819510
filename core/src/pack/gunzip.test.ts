import { constants, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { randomFrom, randomJson } from '../../test/support/random.ts'
import { gunzip } from './gunzip.ts'
import { closeStream, concat, createGzipStream, STREAM_START } from './gzip.ts'

describe('gunzip', () => {
  it('reads what zlib wrote, whatever kind of block it chose', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = randomFrom(seed)
      const letters = Array.from({ length: random(3000) }, () => String.fromCharCode(random(1 << random(15))))
      const text = seed % 2 ? randomJson(random, 100_000) : letters.join('')
      for (const level of [0, 1, 6, 9]) expect(gunzip(gzipSync(text, { level })), `seed ${seed}`).toBe(text)
      expect(gunzip(gzipSync(text, { strategy: constants.Z_FIXED })), `seed ${seed}`).toBe(text)
    }
  })

  it('reads what this package wrote, flushed and carried on', () => {
    const random = randomFrom(9)
    const [first, second, tail] = [
      randomJson(random, 90_000),
      randomJson(random, 9000),
      randomJson(random, 900),
    ]
    expect(gunzip(closeStream(STREAM_START, first))).toBe(first)
    const stream = createGzipStream()
    stream.push(first)
    const begun = stream.flush()
    const other = createGzipStream(begun)
    other.push(second)
    const carriedOn = other.flush()
    const bytes = concat([begun.bytes, carriedOn.bytes, closeStream(carriedOn, tail)])
    expect(gunzip(bytes)).toBe(first + second + tail)
  })

  it('throws on anything else', () => {
    const whole = closeStream(STREAM_START, randomJson(randomFrom(3), 20_000))
    expect(() => gunzip(Uint8Array.of(1, 2, 3))).toThrow()
    expect(() => gunzip(new TextEncoder().encode('{"version":1,"events":[]}'))).toThrow()
    for (const length of [0, 10, 18, 400, whole.length - 1]) {
      expect(() => gunzip(whole.subarray(0, length)), `${length} bytes`).toThrow()
    }
  })

  it('throws when a bit has fallen over, and ends in any case', () => {
    const random = randomFrom(5)
    const whole = closeStream(STREAM_START, randomJson(random, 5000))
    // The last byte before the trailer may have bits that mean nothing.
    const filler = whole.length - 9
    for (let count = 0; count < 300; count++) {
      const broken = whole.slice()
      const place = 10 + random(whole.length - 10)
      if (place === filler) continue
      broken[place] = (broken[place] as number) ^ (1 << random(8))
      expect(() => gunzip(broken), `byte ${place}`).toThrow()
    }
  })
})
