import type { UgcFilterRule } from '../types.ts'
import { hideEmails } from './emails.ts'
import { compileGlob } from './glob.ts'
import { createSecretNames, HIDDEN_VALUE, hideKnownSecrets, OPEN_NAME } from './secret-names.ts'

/** Lets a replacement use `$&`, as it can in Amplitude's SDK. */
const WHOLE = /^[\s\S]*$/
/** How often an address in an address, or one coded several times, is looked into. */
const MAX_DEPTH = 3
/** Also a part of JSON, or JSON behind a prefix. */
const JSON_SIGN = /^\s*[[{]|["']\s*:/
/** Only what begins and ends like this is worth a try, which costs much more than a look. */
const WHOLE_JSON = /^\s*(?:\{\s*["}]|\[\s*["{}[\]\dtfn-]|").*["}\]]\s*$/s
/** Too short for a token. */
const PLAIN_WORD = /^[\w.-]{0,11}$/
/** Not just any word: with a capital. */
const BASE64 = /^(?=[^A-Z]*[A-Z])[\w+/-]{12,}={0,2}$/
/** `[page]=1` is a name; a value ends at `&`, outside the strings of JSON, or where the next pair follows `;`. */
const PAIR =
  /(\s*[[{](?:"(?:\\.|[^"\\])*"?|[^"&=])*|[^&;=?]*)(?:=(\s*[[{](?:"(?:\\.|[^"\\])*"?|[^"&])*|[^&;]*(?:;[^&;=]*(?=[&;]|$))*))?/gs
/** In a path a value ends at the next part or pair. */
const PAIR_IN_PATH = /(^|[/;,&\\])([^/;,&=\\]+)=([^/\\]+?)(?=[/\\]|[;,&][^/;,&=\\]+=|$)/g

/**
 * User names and passwords. Browsers read backslashes as slashes, and of `https:` any number of them. Where no number
 * follows the colon the password holds something that ends a host.
 */
const USER_INFO =
  /^((?:https?|wss?|ftp):[\\/]*|(?:[a-z][\w+.-]*:)?[\\/]{2,})(?:[^\\/?#]*(?:@|%(?:25)*40)|[^\\/?#@[:]*:(?!\d*(?:[\\/?#]|$))[^@]*@)/i
const NESTED_USER_INFO = /(:[\\/]{2})[^\\/?#@\s]*@/g
const ORIGIN = /^(?:[a-z][\w+.-]*:)?[\\/]{2,}[^\\/?#]*/i
/** The rest of any other scheme is content rather than a place, unless `//` follows. */
const PLACE_SCHEME = /^(?:https?|wss?|ftp|file|blob|about|filesystem):/i

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
    if (rules.length === 0 || url === '') return url
    // A page may write a part of an address where a rule names the whole.
    const whole = absolute(url)
    for (const { test, replacement, onPath } of rules) {
      if (test(url)) return url.replace(WHOLE, replacement)
      if (whole !== url && test(whole)) return whole.replace(WHOLE, replacement)
      if (!onPath) continue
      const origin = ORIGIN.exec(whole)?.[0] ?? ''
      const path = whole.slice(origin.length)
      if (test(path)) return (whole === url ? origin : '') + path.replace(WHOLE, replacement)
    }
    return url
  }

  const ruledInside = (text: string): string => (/^\/|:[\\/]{2}/.test(text) ? applyRules(text) : text)

  const isSecret = (name: string): boolean => {
    const bare = uncoat(name)
    return bare === null || isSecretName(bare)
  }

  /** A name or value inside an address. */
  const cleanValue = (value: string, depth: number): string => {
    if (PLAIN_WORD.test(value)) return value
    const bare = uncoat(value)
    const cleaned = bare === null ? HIDDEN_VALUE : cleanText(bare, depth)
    return cleaned === bare ? value : encode(cleaned)
  }

  /** A text that may be an address, pairs or JSON of its own. */
  const cleanText = (text: string, depth: number): string => {
    let inner = text
    if (depth > MAX_DEPTH) inner = isComposed(text) ? HIDDEN_VALUE : text
    else if (JSON_SIGN.test(text)) inner = cleanJson(text, depth)
    else if (BASE64.test(text) && isSecretBase64(text, depth)) inner = HIDDEN_VALUE
    else if (isComposed(text)) inner = clean(ruledInside(text), depth + 1)
    else if (hasSecretBeforeColon(text)) inner = HIDDEN_VALUE
    else if (text.startsWith('/')) inner = applyRules(text)
    return hideEmails(hideKnownSecrets(inner))
  }

  const isSecretBase64 = (text: string, depth: number): boolean => {
    // Objects: of no use to a reader, and often a whole state with its tokens.
    if (text.startsWith('eyJ')) return true
    const plain = decodeBase64(text)
    return plain !== undefined && cleanText(plain, depth + 1) !== plain
  }

  const namesSecret = (text: string): boolean => (text.match(/[\w-]+/g) ?? []).some(isSecretName)

  /** `token:abc`, as in filters. */
  const hasSecretBeforeColon = (text: string): boolean => {
    if (!text.includes(':')) return false
    for (const [, name = '', colon] of text.matchAll(/([\w-]+)(\s*:)?/g)) {
      if (colon && !OPEN_NAME.test(name) && isSecretName(name)) return true
    }
    return false
  }

  /** What cannot be read, and names a secret, goes as a whole. */
  const cleanJson = (json: string, depth: number): string => {
    const whole = cleanWholeJson(json, depth, isSecret)
    if (whole !== undefined) return whole
    const decoded = decode(json)
    if (decoded !== json) {
      const cleaned = cleanText(decoded, depth + 1)
      return cleaned === decoded ? json : cleaned
    }
    return namesSecret(json) ? HIDDEN_VALUE : clean(json, depth + 1)
  }

  /** `undefined`: it is none. */
  const cleanWholeJson = (json: string, depth: number, isHidden: typeof isSecret): string | undefined => {
    if (!WHOLE_JSON.test(json)) return undefined
    try {
      const value: unknown = JSON.parse(json)
      const cleaned = JSON.stringify(cleanEntry(value, depth, isHidden))
      // As it was written, with its blanks and long numbers.
      return cleaned === JSON.stringify(value) ? json : cleaned
    } catch {
      return undefined
    }
  }

  const cleanEntry = (value: unknown, depth: number, isHidden: typeof isSecret): unknown => {
    if (typeof value === 'string') return cleanValue(cleanText(value, depth), depth)
    if (Array.isArray(value)) return value.map((entry) => cleanEntry(entry, depth, isHidden))
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        cleanEntry(name, depth, isHidden),
        isHidden(name) ? HIDDEN_VALUE : cleanEntry(inner, depth, isHidden),
      ]),
    )
  }

  /** Image servers are told by JSON in the path which picture is wanted: there a `key` is the name of a file. */
  const isOpenJson = (part: string, depth: number): boolean => {
    const json = part.startsWith('eyJ') ? decodeBase64(part.replace(/(?:%3d)+$/i, '')) : undefined
    const isHidden = (name: string): boolean => name !== 'key' && isSecret(name)
    return json !== undefined && cleanWholeJson(json, depth + 1, isHidden) === json
  }

  const cleanPairs = (pairs: string, depth: number): string =>
    pairs.replace(PAIR, (_, name: string, value?: string) => {
      const cleanName = cleanValue(name, depth)
      if (value === undefined) return cleanName
      return `${cleanName}=${value !== '' && isSecret(name) ? HIDDEN_VALUE : cleanValue(value, depth)}`
    })

  /** Up to the first secret: inside another address nobody can tell whether `#`, `&` and `/` end it or belong to it. */
  const cutAtSecret = (text: string): string | undefined => {
    for (const { 0: all, 1: name = '', index } of text.matchAll(/([^&;,=?#/\\]+)=?/g)) {
      const end = index + all.length
      const isEmpty = end === text.length || text[end] === '&'
      // Before a colon may stand a user name.
      if (all !== name && !isEmpty && isSecret(name)) return text.slice(0, name.includes(':') ? index : end)
    }
    return undefined
  }

  const cleanPath = (path: string, depth: number): string => {
    let cleaned = path.replace(NESTED_USER_INFO, '$1')
    if (path.includes('='))
      cleaned = cleaned.replace(PAIR_IN_PATH, (all, before: string, name: string) =>
        isSecret(name) ? `${before}${name}=${HIDDEN_VALUE}` : all,
      )
    // An address as one part of the path.
    cleaned = cleaned.replace(/[^/\\]+/g, (part) =>
      (part.includes('%') || BASE64.test(part)) && !isOpenJson(part, depth) ? cleanValue(part, depth) : part,
    )
    return hideEmails(cleaned)
  }

  const clean = (address: string, depth: number): string => {
    const url = address.replace(USER_INFO, '$1')
    const head = depth > 0 ? cutAtSecret(url) : undefined
    if (head !== undefined) return clean(head, depth) + HIDDEN_VALUE
    const [, place = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? []
    const cleanEnd = (query && `?${cleanPairs(query.slice(1), depth)}`) + cleanFragment(fragment, depth)
    if (depth > 0 && /^[^\\/:]*=/.test(place)) return cleanPairs(place, depth) + cleanEnd
    const origin = ORIGIN.exec(place)?.[0] ?? ''
    return hideKnownSecrets(origin + cleanPath(place.slice(origin.length), depth) + cleanEnd)
  }

  /** `#a=b`, `#/route?a=b`, or both. */
  const cleanFragment = (fragment: string, depth: number): string => {
    if (/^#?[\w-]*$/.test(fragment)) return fragment
    const isRoute = /^#!?[\\/]/.test(fragment)
    // A token may hold a question mark.
    const at = fragment.search(isRoute ? /\?/ : /\?[^?&=]+=/)
    const [head, tail] = at < 0 ? [fragment, ''] : [fragment.slice(0, at), fragment.slice(at)]
    const cleanHead = isRoute ? cleanPath(head.slice(1), depth) : cleanPairs(head.slice(1), depth)
    return `#${cleanHead}${tail && `?${cleanPairs(tail.slice(1), depth)}`}`
  }

  const sanitize = (address: string, hideQuery: boolean): string => {
    // As browsers read it: without blanks around it and line ends in it.
    const url = /^\s|\s$|[\t\n\r]/.test(address) ? address.trim().replace(/[\t\n\r]/g, '') : address
    const scheme = /^[a-z][\w+.-]*:/i.exec(url)?.[0] ?? ''
    if (/^(?:javascript|vbscript):/i.test(scheme)) return 'javascript:'
    if (/^data:/i.test(scheme)) return hideQuery ? 'data:,' : address
    if (hideQuery && scheme && !PLACE_SCHEME.test(scheme) && !/^[\\/]{2}/.test(url.slice(scheme.length)))
      return scheme
    const ruled = applyRules(url).replace(USER_INFO, '$1')
    if (hideQuery) return hideNestedQueries(clean(ruled.replace(/[?#].*$/s, ''), 0))
    return /[?#@;=%]|[A-Z][\w-]{8}/.test(ruled) ? clean(ruled, 0) : hideKnownSecrets(ruled)
  }

  return Object.assign(sanitize, {
    /** Pairs or a word coded as in a query. They are no address of a page, so no rule for pages is asked about them. */
    pairs: (text: string): string => clean(`?${text}`, 0).slice(1),
  })
}

export type UrlSanitizer = ReturnType<typeof createUrlSanitizer>

/** `/go/https%3A%2F%2Fshop.test%2F%3Fq%3Djane`: the query of an address that is a part of the path. */
function hideNestedQueries(path: string): string {
  return path.replace(/%(?:25)*(?:3f|23)[^/\\]*/gi, '')
}

function absolute(url: string): string {
  try {
    return /^[a-z][\w+.-]*:/i.test(url) ? url : new URL(url, globalThis.document?.baseURI).href
  } catch {
    return url
  }
}

/** Made of names and values, or with a host. */
function isComposed(text: string): boolean {
  return JSON_SIGN.test(text) || /[=?]|[\\/]{2}|^(?:https?|wss?|ftp):/i.test(text)
}

/** Decoded until it can be read: what is coded once more belongs to a name or value in it. `null`: too often for us. */
function uncoat(text: string): string | null {
  let bare = text
  for (let coats = 0; coats <= MAX_DEPTH; coats++) {
    const inner = isComposed(bare) ? bare : decode(bare)
    if (inner === bare) return bare
    bare = inner
  }
  return isComposed(bare) || decode(bare) === bare ? bare : null
}

/** As it was before it was put into an address; the plus of an e-mail address is one. Never throws. */
export function decode(text: string): string {
  const spaced = text.includes('+')
    ? text.replace(/[^\s@%/?#&=:;,"'<>()[\]{}]+(@|%40)?/g, (word, at) =>
        at ? word : word.replace(/\+/g, ' '),
      )
    : text
  return spaced.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run)
    } catch {
      // Of another encoding than UTF-8: its plain characters are the same.
      return run.replace(/%[0-7][0-9a-f]/gi, decodeURIComponent)
    }
  })
}

/** `undefined`: it is no text. */
function decodeBase64(text: string): string | undefined {
  try {
    const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, ''))
    return /^[\s -~\x80-\xff]+$/.test(plain) ? plain : undefined
  } catch {
    return undefined
  }
}

function encode(text: string): string {
  // Halves of a character cannot be coded.
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'))
}
