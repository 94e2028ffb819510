import { Deflate } from 'fflate'
import { crc32 } from './crc32.ts'

/** Where a gzip stream stands: enough to go on with it, or to end it, without its compressor. */
export interface StreamPosition {
  /** CRC-32 of all uncompressed bytes so far. */
  readonly crc: number
  /** Uncompressed bytes so far. */
  readonly rawBytes: number
}

/** What one flush gives: bytes that end on a byte boundary, and where the stream then stands. */
export interface GzipPiece extends StreamPosition {
  readonly bytes: Uint8Array
}

export interface GzipStream {
  push(text: string): void
  /** All that was pushed and not yet given out. Empty bytes if that is nothing. */
  flush(): GzipPiece
}

export const STREAM_START: StreamPosition = { crc: 0, rawBytes: 0 }

// RFC 1952 §2.3: magic, deflate, no flags, no time, no extra flags, unknown system.
const HEADER = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]

/**
 * Text is gathered and compressed in pieces of this size: fflate allocates about 200 kB per call, and it
 * starts a new Huffman table whenever it is called. Also what fits into its window buffer without growing it.
 */
const PIECE_BYTES = 64 * 1024

/** A stored block holds up to 65 535 bytes, and beats a compressed one for the few bytes that end a body. */
const STORED_LIMIT_BYTES = 64

/**
 * `mem` 4 = a hash table of 128 kB instead of 2 MB for each batch; measured on recorded pages the output
 * grows by less than 0.5 %. Level 6 is the usual trade: 1 costs 14 % more bytes on the wire.
 */
const SETTINGS = { level: 6, mem: 4 } as const

const encoder = /* @__PURE__ */ new TextEncoder()

/**
 * A gzip stream that can be cut anywhere. It begins with the gzip header, or, given a position, goes on with
 * a stream that somebody else began: deflate blocks after a sync flush need nothing from those before.
 */
export function createGzipStream(from: StreamPosition = STREAM_START): GzipStream {
  let { crc, rawBytes } = from
  let out: Uint8Array[] = rawBytes === 0 ? [Uint8Array.from(HEADER)] : []
  let gathered: string[] = []
  let gatheredLength = 0
  let dirty = false
  const deflate = new Deflate(SETTINGS, (bytes) => {
    if (bytes.length > 0) out.push(bytes)
  })

  function compressGathered(): void {
    const bytes = encoder.encode(gathered.length === 1 ? gathered[0] : gathered.join(''))
    gathered = []
    gatheredLength = 0
    if (bytes.length === 0) return
    crc = crc32(crc, bytes)
    rawBytes += bytes.length
    dirty = true
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
      deflate.push(bytes.subarray(start, start + PIECE_BYTES))
    }
  }

  return {
    push(text) {
      gathered.push(text)
      gatheredLength += text.length
      if (gatheredLength >= PIECE_BYTES) compressGathered()
    },
    flush() {
      compressGathered()
      if (dirty) out.push(syncFlush(deflate))
      const bytes = dirty ? concat(out) : new Uint8Array(0)
      if (dirty) out = []
      dirty = false
      return { bytes, crc, rawBytes }
    },
  }
}

/**
 * Ends the current block and fills up to a byte boundary with an empty stored block, as zlib's Z_SYNC_FLUSH.
 * fflate 0.8.3 has `flush(true)` for this, but it takes the left-over bits for part of the position and so
 * writes a broken block whenever the last code does not end on a byte boundary. `s.r` holds those bits:
 * their number in the low three bits, the bits themselves above. The version is pinned, and the tests
 * compare with zlib.
 */
function syncFlush(deflate: Deflate): Uint8Array {
  deflate.flush()
  const { s: state } = deflate as unknown as { s: { r: number } }
  const begun = state.r >> 3
  const startsInNextByte = (state.r & 7) + 3 > 8
  state.r = 0
  return Uint8Array.from(startsInNextByte ? [begun, 0, 0, 0, 255, 255] : [begun, 0, 0, 255, 255])
}

/**
 * The bytes that end a gzip stream standing at `at`, with `tail` as its last text: final block and trailer.
 * At the very start they are a whole gzip file. The same input gives the same bytes.
 */
export function closeStream(at: StreamPosition, tail: string): Uint8Array {
  return endStream(at, tail).bytes
}

/** `closeStream`, and where the stream stands at its end. */
export function endStream(at: StreamPosition, tail: string): GzipPiece {
  const text = encoder.encode(tail)
  const crc = crc32(at.crc, text)
  const rawBytes = at.rawBytes + text.length
  const trailer = new DataView(new ArrayBuffer(8))
  trailer.setUint32(0, crc, true)
  trailer.setUint32(4, rawBytes, true)
  const bytes = concat([
    Uint8Array.from(at.rawBytes === 0 ? HEADER : []),
    ...(text.length <= STORED_LIMIT_BYTES ? storedBlock(text) : deflateWhole(text)),
    new Uint8Array(trailer.buffer),
  ])
  return { bytes, crc, rawBytes }
}

/** One final block without compression. Source: RFC 1951 §3.2.4. */
function storedBlock(bytes: Uint8Array): Uint8Array[] {
  const { length } = bytes
  return [Uint8Array.of(1, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255), bytes]
}

function deflateWhole(bytes: Uint8Array): Uint8Array[] {
  const out: Uint8Array[] = []
  const deflate = new Deflate(SETTINGS, (piece) => out.push(piece))
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    deflate.push(bytes.subarray(start, start + PIECE_BYTES), start + PIECE_BYTES >= bytes.length)
  }
  return out
}

export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let offset = 0
  for (const piece of pieces) {
    whole.set(piece, offset)
    offset += piece.length
  }
  return whole
}
