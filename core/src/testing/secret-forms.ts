import { DECODERS, type Encoding } from './decoders.ts'

/** How a secret was written where it was found. */
export type SecretForm = 'plain' | Encoding | 'split'

export interface Find {
  secret: string
  form: SecretForm
}

/**
 * Prepares a search for many secrets in many texts. A secret is found in any letter case, with any white space where it
 * has some (a long one with digits also without), with invisible characters in it, and percent-, entity-, JSON-, CSS-,
 * base64- or hex-encoded, also one encoding inside another.
 */
export function createSearch(secrets: readonly string[]): (text: string) => Find[] {
  if (secrets.length === 0) throw new Error('findLeaks: name at least one secret, or nothing is looked for')
  const needles = secrets.map((secret) => {
    const sought = comparable(secret).trim()
    if (!sought) throw new Error('findLeaks: an empty secret would be found everywhere')
    return { secret, isIn: createNeedle(sought) }
  })

  return (text) => {
    const finds: Find[] = []
    let sought = needles
    for (const [form, decoded] of decodings(text)) {
      const view = viewOf(decoded)
      sought = sought.filter(({ secret, isIn }) => {
        if (!isIn(view)) return true
        finds.push({ secret, form })
        return false
      })
    }
    return finds
  }
}

/** The same words compare equal however they are cased, composed and spaced, and whatever invisible is between letters. */
export function comparable(text: string): string {
  return text
    .replace(/\p{Cf}+/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
}

interface View {
  whole: string
  /** The same with spaces for pluses: in forms a plus is a space, elsewhere it is a plus. */
  spaced: string
}

function viewOf(text: string): View {
  const whole = comparable(text)
  return { whole, spaced: whole.includes('+') ? whole.replace(/[ +]+/g, ' ') : whole }
}

function createNeedle(secret: string): (view: View) => boolean {
  if (!/[ +]/.test(secret)) return ({ spaced }) => spaced.includes(secret)
  const escaped = secret.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  const patterns = [escaped.replaceAll(' ', '[ +]+')]
  if (isLongNumber(secret)) {
    const dense = escaped.replaceAll(' ', '[ +]*')
    patterns.push(`(?<!${neighbourOf(secret.charAt(0))})${dense}(?!${neighbourOf(secret.slice(-1))})`)
  }
  const pattern = new RegExp(patterns.join('|'), 'u')
  return secret.includes('+') ? ({ whole }) => pattern.test(whole) : ({ spaced }) => pattern.test(spaced)
}

/** Cards, accounts and phones are often written without their blanks. Short ones and words would be found in others. */
const isLongNumber = (secret: string): boolean => /\d/.test(secret) && secret.replace(/ /g, '').length >= 8

/** What would make a longer number or word of it. */
const neighbourOf = (edge: string): string => (/\d/.test(edge) ? '\\d' : '[\\p{L}\\d]')

/** `text`, then each encoding taken off, alone and nested, three deep. */
function* decodings(text: string): Generator<[SecretForm, string]> {
  yield ['plain', text]
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
