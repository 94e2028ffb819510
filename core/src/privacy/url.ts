import type { UgcFilterRule } from '../types.ts'
import { compileGlob } from './glob.ts'

/**
 * Words that make a query parameter secret: one of the words its name is made of (`access_token`,
 * `apiKey`, `user[email]`), or the end of a name written in one piece (`phpsessid`).
 */
export const SECRET_WORDS: readonly string[] = (
  'token code key apikey password passwd passphrase passcode pass pwd secret email mail phone auth ' +
  'authorization authentication session sessionid sessid sid sig signature jwt otp pin nonce credential ' +
  'credentials ticket bearer saml assertion oauth csrf xsrf ssn card cvv cvc iban hmac invite magic'
).split(' ')

/** Word ends that are long enough to be recognised without a separator before them. */
const SECRET_ENDINGS =
  /(?:token|password|passwd|secret|apikey|sessionid|sessid|signature|email|accesskey|authcode)$/
/** A signed token, wherever it stands. */
export const JWT = /\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g
const EMAIL = /^[^\s@/?&=]+@[^\s@/?&=]+\.[a-z]{2,}$/i
const HIDDEN_VALUE = '***'
/** Lets a replacement use `$&`, as it can in Amplitude's SDK. */
const WHOLE = /^[\s\S]*$/

/** Schemes whose whole rest is content rather than a place. */
const OPAQUE = /^(?:data|mailto|tel|sms|facetime|intent|whatsapp|geo|blob):/i

/** Says whether a parameter, header or property of that name holds a secret. */
export function createSecretNames(more: readonly string[] = []): (name: string) => boolean {
  const words = new Set(SECRET_WORDS)
  const exact = new Set(more.map((name) => String(name).toLowerCase()))
  const seen = new Map<string, boolean>()
  const judge = (name: string): boolean => {
    const lower = name.toLowerCase()
    if (exact.has(lower) || SECRET_ENDINGS.test(lower)) return true
    const parts = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
    return parts.split(/[^a-z0-9]+/).some((word) => words.has(word) || words.has(word.replace(/s$/, '')))
  }
  return (name) => {
    const known = seen.get(name)
    if (known !== undefined) return known
    const secret = judge(name)
    if (seen.size < 1000) seen.set(name, secret)
    return secret
  }
}

export interface UrlSanitizerDeps {
  ugcFilterRules?: readonly UgcFilterRule[]
  isSecretName?: (name: string) => boolean
}

/**
 * The one way in which an address gets into a recording or a request. User info is removed, the first
 * matching rule applied, values of secret parameters and tokens hidden; with `hideQuery` the query, the
 * fragment and the content of `data:`, `mailto:` and similar addresses go as well. The path stays, so
 * that a replay can be found. Never throws; works on relative addresses too.
 */
export function createUrlSanitizer({
  ugcFilterRules = [],
  isSecretName = createSecretNames(),
}: UrlSanitizerDeps) {
  const rules = ugcFilterRules.map(({ selector, replacement }) => ({
    test: compileGlob(selector),
    replacement,
    onPath: selector.startsWith('/'),
  }))

  const applyRules = (url: string): string => {
    for (const { test, replacement, onPath } of rules) {
      if (test(url)) return url.replace(WHOLE, replacement)
      if (!onPath) continue
      const origin = /^[a-z][\w+.-]*:\/\/[^/?#]*/i.exec(url)?.[0] ?? ''
      const path = url.slice(origin.length)
      if (test(path)) return origin + path.replace(WHOLE, replacement)
    }
    return url
  }

  const cleanValue = (value: string, depth: number): string => {
    if (value === '') return value
    const decoded = decode(value)
    if (EMAIL.test(decoded)) return HIDDEN_VALUE
    // An address or query inside a value has secrets of its own.
    const inner = /[=?]|:\/\//.test(decoded) && depth < 3 ? clean(decoded, depth + 1) : decoded
    const cleaned = inner.replace(JWT, HIDDEN_VALUE)
    return cleaned === decoded ? value : encodeURIComponent(cleaned).replace(/%2A/gi, '*')
  }

  const cleanPairs = (pairs: string, depth: number): string =>
    pairs.replace(/([^&;=?]*)=([^&;]*)/g, (_, name: string, value: string) =>
      value !== '' && isSecretName(decode(name))
        ? `${name}=${HIDDEN_VALUE}`
        : `${name}=${cleanValue(value, depth)}`,
    )

  const clean = (url: string, depth: number): string => {
    const [, before = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? []
    let place = before.replace(/^((?:[a-z][\w+.-]*:)?\/\/)[^/]*@/i, '$1')
    if (depth > 0 && query === '' && place.includes('=') && !/[/;]/.test(place))
      return cleanPairs(place, depth)
    if (place.includes(';')) {
      place = place.replace(/;([^/;=]+)=([^/;]*)/g, (all, name: string) =>
        isSecretName(decode(name)) ? `;${name}=${HIDDEN_VALUE}` : all,
      )
    }
    if (place.includes('eyJ')) place = place.replace(JWT, HIDDEN_VALUE)
    let end = fragment
    if (fragment.includes('=')) {
      const at = fragment.indexOf('?')
      end = at < 0 ? cleanPairs(fragment.slice(1), depth) : cleanPairs(fragment.slice(at + 1), depth)
      end = fragment.slice(0, at + 1 || 1) + end
    }
    return place + (query && `?${cleanPairs(query.slice(1), depth)}`) + end.replace(JWT, HIDDEN_VALUE)
  }

  return (url: string, hideQuery: boolean): string => {
    if (/^\s*javascript:/i.test(url)) return 'javascript:'
    if (OPAQUE.test(url)) {
      const scheme = url.slice(0, url.indexOf(':') + 1)
      if (/^blob:/i.test(scheme)) return url
      if (!hideQuery) return /^data:/i.test(scheme) ? url : clean(url, 0)
      return /^data:/i.test(scheme) ? 'data:,' : scheme
    }
    const ruled = rules.length > 0 ? applyRules(url) : url
    if (hideQuery) return clean(ruled.replace(/[?#].*$/s, ''), 0)
    return /[?#@;=]|eyJ/.test(ruled) ? clean(ruled, 0) : ruled
  }
}

export type UrlSanitizer = ReturnType<typeof createUrlSanitizer>

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '))
  } catch {
    return text
  }
}
