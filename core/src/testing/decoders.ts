export type Encoding = 'percent' | 'entity' | 'escaped' | 'base64' | 'hex'

const NAMED_ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** Each takes one encoding off, or gives the text back as it is. */
export const DECODERS: readonly [Encoding, (text: string) => string][] = [
  [
    'percent',
    (text) => (text.includes('%') ? text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => percentDecode(run)) : text),
  ],
  [
    'entity',
    (text) =>
      text.includes('&')
        ? text
            .replace(/&#x([0-9a-f]{1,6});?/gi, (whole, code: string) =>
              charOf(Number.parseInt(code, 16), whole),
            )
            .replace(/&#(\d{1,7});?/g, (whole, code: string) => charOf(Number(code), whole))
            .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => NAMED_ENTITIES[name] ?? '')
        : text,
  ],
  [
    'escaped',
    (text) =>
      text.includes('\\')
        ? text
            .replace(/\\u([0-9a-f]{4})/gi, (whole, code: string) => charOf(Number.parseInt(code, 16), whole))
            .replace(/\\x([0-9a-f]{2})/gi, (whole, code: string) => charOf(Number.parseInt(code, 16), whole))
            .replace(/\\([0-9a-f]{2,6})\s?/gi, (whole, code: string) =>
              charOf(Number.parseInt(code, 16), whole),
            )
            .replace(/\\[nrt]/g, ' ')
            .replace(/\\(.)/g, '$1')
        : text,
  ],
  [
    'base64',
    bytesDecoder(/[\w+/-]{7,}/g, 6, [
      'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
      'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
    ]),
  ],
  ['hex', bytesDecoder(/[0-9a-f]{10,}/gi, 4, ['0123456789abcdef', '0123456789ABCDEF'])],
]

function percentDecode(run: string): string {
  try {
    return decodeURIComponent(run)
  } catch {
    return run
  }
}

function charOf(code: number, otherwise: string): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : otherwise
}

/** Reads runs of digits of `bits` each as UTF-8, wherever in a run the text begins: `/u/amFuZQ` is one run. */
function bytesDecoder(runs: RegExp, bits: 4 | 6, alphabets: string[]): (text: string) => string {
  const values = new Uint8Array(128)
  for (const digits of alphabets) {
    for (let value = 0; value < digits.length; value++) values[digits.charCodeAt(value)] = value
  }
  const starts = bits === 6 ? 4 : 2

  return (text) => {
    const found = new Set(text.match(runs))
    if (found.size === 0) return text
    let digits = 0
    for (const run of found) digits += run.length + 1
    const bytes = new Uint8Array(digits * starts)
    let length = 0
    for (const run of found) {
      for (let start = 0; start < starts; start++) {
        let held = 0
        let heldBits = 0
        for (let at = start; at < run.length; at++) {
          held = (held << bits) | (values[run.charCodeAt(at)] as number)
          heldBits += bits
          if (heldBits < 8) continue
          heldBits -= 8
          bytes[length++] = held >> heldBits
        }
        // A zero byte between two runs is no text.
        length++
      }
    }
    return readable(bytes.subarray(0, length))
  }
}

/** Where nothing was encoded this is noise with letters here and there: pieces too short to tell from it are left out. */
function readable(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replace(/\s/g, ' ')
  const pieces = text.match(/[^\p{Cc}\ufffd]{4,}|[^\p{Cc}\p{ASCII}\ufffd]{2,}[^\p{Cc}\ufffd]*/gu)
  return pieces?.join('\n') ?? ''
}
