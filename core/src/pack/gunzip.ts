import { crc32 } from './crc32.ts'

// Reads what `gzip.ts` wrote. Hardly ever needed, so it is a chunk of its own, and short rather than fast: codes are
// read bit by bit. Format: RFC 1951 and RFC 1952.

const HEADER_BYTES = 10
const TRAILER_BYTES = 8
/** Two bits can stand for 258 bytes. What claims to be longer is not given the memory. */
const MOST_FROM_A_BYTE = 1032
const MOST_CODE_BITS = 15
const LONGEST_MATCH = 258
const END_OF_BLOCK = 256
/** The order in which the lengths of the codes for code lengths stand. Source: RFC 1951 §3.2.7. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** The text of a gzip file. Throws if the bytes are not one, or not a whole one. */
export function gunzip(bytes: Uint8Array): string {
  const trailerAt = bytes.length - TRAILER_BYTES
  // Magic, deflate, and no flags: nothing else is ever written here.
  if (trailerAt < HEADER_BYTES || [0x1f, 0x8b, 8, 0].some((byte, index) => byte !== bytes[index]))
    throw damaged()
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + trailerAt)
  const length = trailer.getUint32(4, true)
  if (length > bytes.length * MOST_FROM_A_BYTE) throw damaged()
  const text = inflate(bytes.subarray(HEADER_BYTES, trailerAt), length)
  if (crc32(0, text) !== trailer.getUint32(0, true)) throw damaged()
  return new TextDecoder().decode(text)
}

const damaged = (): Error => new Error('not a whole gzip file')

/** A Huffman code: the symbols that have a code of each length, in the order of their codes. */
type Code = readonly (readonly number[])[]

const codeOf = (lengths: readonly number[]): Code =>
  Array.from({ length: MOST_CODE_BITS + 1 }, (_, length) =>
    lengths.flatMap((own, symbol) => (own === length ? symbol : [])),
  )

function inflate(bytes: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length)
  let written = 0
  let bitsRead = 0

  function bits(count: number): number {
    let value = 0
    for (let bit = 0; bit < count; bit++, bitsRead++) {
      const byte = bytes[bitsRead >> 3]
      if (byte === undefined) throw damaged()
      value |= ((byte >> (bitsRead & 7)) & 1) << bit
    }
    return value
  }

  function symbol(code: Code): number {
    let place = 0
    for (let length = 1; length <= MOST_CODE_BITS; length++) {
      place = place * 2 + bits(1)
      const found = code[length]?.[place]
      if (found !== undefined) return found
      place -= code[length]?.length ?? 0
    }
    throw damaged()
  }

  /** Values that share a symbol are told apart by bits behind it; `group` symbols each have as many. */
  function value(symbol: number, group: 2 | 4): number {
    const extra = Math.max(0, Math.floor(symbol / group) - 1)
    return extra === 0 ? symbol : ((group + (symbol % group)) << extra) + bits(extra)
  }

  function put(byte: number): void {
    if (written === length) throw damaged()
    out[written++] = byte
  }

  function readStored(): void {
    bitsRead = (bitsRead + 7) & ~7
    const count = bits(16)
    bits(16)
    for (let left = count; left > 0; left--) put(bits(8))
  }

  function readCompressed([literals, distances]: readonly [Code, Code]): void {
    for (let next = symbol(literals); next !== END_OF_BLOCK; next = symbol(literals)) {
      if (next < END_OF_BLOCK) put(next)
      else {
        const many = next === 285 ? LONGEST_MATCH : value(next - 257, 4) + 3
        const from = written - value(symbol(distances), 2) - 1
        if (from < 0) throw damaged()
        for (let index = 0; index < many; index++) put(out[from + index] as number)
      }
    }
  }

  function readCodes(): readonly [Code, Code] {
    const literals = bits(5) + 257
    const all = literals + bits(5) + 1
    const order = LENGTH_ORDER.slice(0, bits(4) + 4)
    const ofLengths: number[] = new Array(LENGTH_ORDER.length).fill(0)
    for (const symbol of order) ofLengths[symbol] = bits(3)
    const code = codeOf(ofLengths)
    const lengths: number[] = []
    while (lengths.length < all) {
      const next = symbol(code)
      if (next < 16) lengths.push(next)
      else {
        const repeated = next === 16 ? (lengths.at(-1) ?? 0) : 0
        const times = next === 16 ? bits(2) + 3 : next === 17 ? bits(3) + 3 : bits(7) + 11
        lengths.push(...new Array(times).fill(repeated))
      }
    }
    return [codeOf(lengths.slice(0, literals)), codeOf(lengths.slice(literals, all))]
  }

  for (let last = 0; last === 0; ) {
    last = bits(1)
    const kind = bits(2)
    if (kind === 0) readStored()
    else if (kind === 1) readCompressed(fixedCodes())
    else if (kind === 2) readCompressed(readCodes())
    else throw damaged()
  }
  return out
}

/** Source: RFC 1951 §3.2.6. */
const fixedCodes = (): readonly [Code, Code] => [
  codeOf(
    Array.from({ length: 288 }, (_, symbol) => (symbol < 144 || symbol > 279 ? 8 : symbol < 256 ? 9 : 7)),
  ),
  codeOf(new Array(30).fill(5)),
]
