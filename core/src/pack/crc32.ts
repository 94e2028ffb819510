let table: Uint32Array | undefined

/** Polynomial 0xEDB88320, reflected. Source: RFC 1952 §8. Made on first use: importing must cost nothing. */
function makeTable(): Uint32Array {
  const made = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
    made[byte] = value
  }
  return made
}

/** The CRC-32 of what gave `crc` (0 for nothing) followed by `bytes`. */
export function crc32(crc: number, bytes: Uint8Array): number {
  table ??= makeTable()
  let value = ~crc
  for (let index = 0; index < bytes.length; index++) {
    value = (table[(value ^ (bytes[index] as number)) & 0xff] as number) ^ (value >>> 8)
  }
  return ~value >>> 0
}
