import type { SessionId } from '../types.ts'

// The five primes of xxHash32. Algorithm: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
const PRIME_1 = 0x9e3779b1
const PRIME_2 = 0x85ebca77
const PRIME_3 = 0xc2b2ae3d
const PRIME_4 = 0x27d4eb2f
const PRIME_5 = 0x165667b1

const multiply = Math.imul
const rotate = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits))
const round = (lane: number, word: number) => multiply(rotate(lane + multiply(word, PRIME_2), 13), PRIME_1)

/** xxHash32 with seed 0, as an unsigned number. */
export function xxHash32(bytes: readonly number[]): number {
  const { length } = bytes
  const word = (at: number) =>
    // An index below `length` always holds a byte; `|` turns the impossible undefined into 0.
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)

  let at = 0
  let hash = PRIME_5
  if (length >= 16) {
    const lanes = [PRIME_1 + PRIME_2, PRIME_2, 0, -PRIME_1]
    for (; at + 16 <= length; at += 16) {
      for (let lane = 0; lane < 4; lane++) lanes[lane] = round(lanes[lane] as number, word(at + lane * 4))
    }
    hash = lanes.reduce((sum, lane, index) => sum + rotate(lane, [1, 7, 12, 18][index] as number), 0)
  }
  hash = (hash + length) | 0
  for (; at + 4 <= length; at += 4) {
    hash = multiply(rotate(hash + multiply(word(at), PRIME_3), 17), PRIME_4)
  }
  for (; at < length; at++) {
    hash = multiply(rotate(hash + multiply(bytes[at] as number, PRIME_5), 11), PRIME_1)
  }
  hash = multiply(hash ^ (hash >>> 15), PRIME_2)
  hash = multiply(hash ^ (hash >>> 13), PRIME_3)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** UTF-8, with lone surrogates as three bytes each: `TextEncoder` would replace them, and the draw would differ. */
export function utf8(text: string): number[] {
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0) as number
    if (code < 0x80) {
      bytes.push(code)
      continue
    }
    const tail = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3
    bytes.push(((0xff00 >> (tail + 1)) & 0xff) | (code >> (6 * tail)))
    for (let left = tail - 1; left >= 0; left--) bytes.push(0x80 | ((code >> (6 * left)) & 0x3f))
  }
  return bytes
}

/**
 * The lot of a session, from 0 to 0.999999. The same in every tab and after every reload, and the same as
 * Amplitude's own recorder draws: only the session id counts.
 */
export function sampleDraw(sessionId: SessionId): number {
  return (xxHash32(utf8(String(sessionId))) % 1_000_000) / 1_000_000
}
