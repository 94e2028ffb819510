import { gunzipSync } from 'fflate'
import { crc32 } from './crc32.ts'

const TRAILER_BYTES = 8
/** Two bits can stand for 258 bytes. What claims to be longer is not given the memory. */
const MOST_FROM_A_BYTE = 1032

/** The text of a gzip file. Throws if the bytes are not one, or not a whole one: fflate does not look at the sums. */
export function gunzip(bytes: Uint8Array): string {
  if (bytes.length < TRAILER_BYTES) throw damaged()
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - TRAILER_BYTES)
  const length = trailer.getUint32(4, true)
  if (length > bytes.length * MOST_FROM_A_BYTE) throw damaged()
  const text = gunzipSync(bytes, { out: new Uint8Array(length) })
  if (text.length !== length || trailer.getUint32(0, true) !== crc32(0, text)) throw damaged()
  return new TextDecoder().decode(text)
}

const damaged = (): Error => new Error('not a whole gzip file')
