const C1 = 0xcc9e2d51
const C2 = 0x1b873593

const multiply = Math.imul
const rotate = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits))
const mix = (word: number) => multiply(rotate(multiply(word, C1), 15), C2)

/**
 * MurmurHash3_x86_32 with seed 0, as an unsigned number.
 * Algorithm: https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 */
export function murmurHash32(bytes: ArrayLike<number>): number {
  const whole = bytes.length & ~3
  const byte = (at: number) => bytes[at] ?? 0
  const word = (at: number) => byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24)

  let hash = 0
  for (let at = 0; at < whole; at += 4) {
    hash = (multiply(rotate(hash ^ mix(word(at)), 13), 5) + 0xe6546b64) | 0
  }
  if (whole < bytes.length) hash ^= mix(word(whole))

  hash ^= bytes.length
  hash = multiply(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = multiply(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
