/** One way to read bytes as text. */
export interface ByteText {
  encoding: 'UTF-8' | 'Latin-1' | 'UTF-16'
  text: string
}

/**
 * All that bytes can be read as: UTF-8, and what some databases, dumps and servers keep, Latin-1 and UTF-16 in both byte
 * orders. Text may begin anywhere in them, so UTF-16 is read from the first byte and from the second.
 */
export function textsIn(bytes: Uint8Array): ByteText[] {
  const read = (label: string, from = 0): string => new TextDecoder(label).decode(bytes.subarray(from))
  const utf8 = read('utf-8')
  const texts: ByteText[] = [{ encoding: 'UTF-8', text: utf8 }]
  if (utf8.includes('\ufffd')) texts.push({ encoding: 'Latin-1', text: read('latin1') })
  for (const label of ['utf-16le', 'utf-16be']) {
    for (const from of [0, 1]) texts.push({ encoding: 'UTF-16', text: read(label, from) })
  }
  return texts
}
