/** How a secret was written where it was found. */
export type SecretForm = 'plain' | 'percent' | 'entity' | 'escaped' | 'base64' | 'hex' | 'split'

/** Below this a base64 or hex fragment says nothing: it would be found in any long text. */
const SHORTEST_FRAGMENT = 6

export interface Find {
  secret: string
  form: SecretForm
}

/**
 * Prepares a search for many secrets in many texts. A secret is found in any letter case, with any white
 * space, and percent-, entity-, JSON-, CSS-, base64- or hex-encoded, also one encoding inside another.
 */
export function createSearch(secrets: readonly string[]): (text: string) => Find[] {
  const needles = secrets.map((secret) => {
    if (!secret.trim()) throw new Error('findLeaks: an empty secret would be found everywhere')
    const hex = [...utf8(secret)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    return {
      secret,
      plain: comparable(secret),
      base64: base64Fragments(secret),
      hex: hex.length >= SHORTEST_FRAGMENT * 2 ? hex : null,
    }
  })

  return (text) => {
    const views: [SecretForm, string][] = [['plain', comparable(text)]]
    for (const [form, decoded] of decodings(text)) views.push([form, comparable(decoded)])
    const standardBase64 = text.replaceAll('-', '+').replaceAll('_', '/')
    const lower = text.toLowerCase()

    return needles.flatMap(({ secret, plain, base64, hex }) => {
      const seen = views.find(([, view]) => view.includes(plain))
      if (seen) return [{ secret, form: seen[0] }]
      if (base64.some((fragment) => standardBase64.includes(fragment))) return [{ secret, form: 'base64' }]
      return hex && lower.includes(hex) ? [{ secret, form: 'hex' }] : []
    })
  }
}

/** The same words compare equal however they are cased, composed and spaced. */
export function comparable(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ')
}

/** `text` with each encoding taken off, alone and nested, three deep. */
function* decodings(text: string): Generator<[SecretForm, string]> {
  const seen = new Set([text])
  let layer = [text]
  for (let depth = 0; depth < 3; depth++) {
    const next: string[] = []
    for (const current of layer) {
      for (const [form, decode] of DECODERS) {
        const decoded = decode(current)
        if (seen.has(decoded)) continue
        seen.add(decoded)
        next.push(decoded)
        yield [form, decoded]
      }
    }
    layer = next
  }
}

const NAMED_ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

const DECODERS: [SecretForm, (text: string) => string][] = [
  [
    'percent',
    (text) =>
      text.includes('%') || text.includes('+')
        ? text.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2})+/gi, (run) => percentDecode(run))
        : text,
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

/** The characters that stay the same wherever in the encoded bytes the secret begins. */
function base64Fragments(secret: string): string[] {
  const bytes = utf8(secret)
  return [0, 1, 2]
    .map((shift) => {
      const shifted = String.fromCharCode(...new Uint8Array(shift), ...bytes)
      const whole = btoa(shifted).replace(/=+$/, '')
      const from = Math.ceil((shift * 8) / 6)
      const to = Math.floor(((shift + bytes.length) * 8) / 6)
      return whole.slice(from, to)
    })
    .filter((fragment) => fragment.length >= SHORTEST_FRAGMENT)
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
