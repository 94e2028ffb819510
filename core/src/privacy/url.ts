import type { UgcFilterRule } from '../types.ts'
import { hideEmails } from './emails.ts'
import { compileGlob } from './glob.ts'
import { createSecretNames, HIDDEN_VALUE, hideKnownSecrets } from './secret-names.ts'

/** Lets a replacement use `$&`, as it can in Amplitude's SDK. */
const WHOLE = /^[\s\S]*$/
/** How often an address in an address, or one coded twice, is looked into. */
const MAX_DEPTH = 3
const JSON_START = /^\s*[[{]/
/** A value ends at `&`, outside the strings of JSON, or where the next pair follows `;`. */
const PAIR = /([^&;=?]*)=(\s*[[{](?:"(?:\\.|[^"\\])*"?|[^"&])*|[^&;]*(?:;[^&;=]*(?=[&;]|$))*)/gs

/** User names and passwords. Browsers read backslashes as slashes, and of `https:` any number of them. */
const USER_INFO = /^((?:https?|wss?|ftp):[\\/]*|(?:[a-z][\w+.-]*:)?[\\/]{2,})[^\\/?#]*@/i
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

  /** A name or value inside an address. */
  const cleanValue = (value: string, depth: number): string => {
    if (value === '') return value
    let decoded = decode(value)
    for (let i = 0; i < MAX_DEPTH && /%[0-9a-f]{2}/i.test(decoded); i++) decoded = decode(decoded)
    const cleaned = cleanText(decoded, depth)
    return cleaned === decoded ? value : encodeURIComponent(cleaned).replace(/%2A/gi, '*')
  }

  /** A text that may be an address, pairs or JSON of its own. */
  const cleanText = (text: string, depth: number): string => {
    let inner = text
    if (depth > MAX_DEPTH) inner = namesSecret(text) ? HIDDEN_VALUE : text
    else if (JSON_START.test(text)) inner = cleanJson(text, depth)
    else if (/[=?]|:[\\/]{2}/.test(text)) inner = clean(ruledInside(text), depth + 1)
    else if (text.startsWith('/')) inner = applyRules(text)
    // Coded objects: of no use to a reader, and often a whole state with its tokens.
    else if (/^eyJ[\w+/=-]{12,}$/.test(text)) inner = HIDDEN_VALUE
    return hideEmails(hideKnownSecrets(inner))
  }

  const namesSecret = (text: string): boolean => (text.match(/[\w-]+/g) ?? []).some(isSecretName)

  /** What cannot be read, and names a secret, goes as a whole. */
  const cleanJson = (json: string, depth: number): string => {
    let changed = false
    const cleanEntry = (name: string, value: unknown): unknown => {
      let cleaned = value
      if (isSecretName(name)) cleaned = HIDDEN_VALUE
      else if (typeof value === 'string') cleaned = cleanText(value, depth + 1)
      changed ||= cleaned !== value
      return cleaned
    }
    try {
      const value: unknown = JSON.parse(json, cleanEntry)
      return changed ? JSON.stringify(value) : json
    } catch {
      return namesSecret(json) ? HIDDEN_VALUE : json
    }
  }

  const cleanPairs = (pairs: string, depth: number): string =>
    pairs.replace(PAIR, (_, name: string, value: string) =>
      value !== '' && isSecretName(decode(name))
        ? `${name}=${HIDDEN_VALUE}`
        : `${name}=${cleanValue(value, depth)}`,
    )

  const cleanPath = (path: string, depth: number): string => {
    let clean = path
    if (path.includes('='))
      clean = clean.replace(/(^|[/;,&\\])([^/;,&=\\]+)=([^/;,&\\]+)/g, (all, before: string, name: string) =>
        isSecretName(decode(name)) ? `${before}${name}=${HIDDEN_VALUE}` : all,
      )
    // An address as one part of the path.
    if (/%(?:25)*(?:2f|3a|3d|3f|40)/i.test(clean))
      clean = clean.replace(/[^/\\]+/g, (part) => (part.includes('%') ? cleanValue(part, depth) : part))
    return hideEmails(clean.replace(NESTED_USER_INFO, '$1'))
  }

  const clean = (url: string, depth: number): string => {
    const [, before = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? []
    const place = before.replace(USER_INFO, '$1')
    if (depth > 0 && query === '' && place.includes('=') && !place.includes('/'))
      return cleanPairs(place, depth)
    const origin = ORIGIN.exec(place)?.[0] ?? ''
    const path = cleanPath(place.slice(origin.length), depth)
    const cleanQuery = query && `?${cleanPairs(query.slice(1), depth)}`
    return hideKnownSecrets(origin + path + cleanQuery + cleanFragment(fragment, depth))
  }

  /** `#a=b`, `#/route?a=b`, or both. */
  const cleanFragment = (fragment: string, depth: number): string => {
    if (!/[=%@]/.test(fragment)) return fragment
    const at = fragment.indexOf('?')
    const [head, tail] = at < 0 ? [fragment, ''] : [fragment.slice(0, at), fragment.slice(at)]
    const route = cleanPath(cleanPairs(head.slice(1), depth), depth)
    return `#${route}${tail && `?${cleanPairs(tail.slice(1), depth)}`}`
  }

  return (address: string, hideQuery: boolean): string => {
    // As browsers read it: without blanks around it and line ends in it.
    const url = /^\s|\s$|[\t\n\r]/.test(address) ? address.trim().replace(/[\t\n\r]/g, '') : address
    const scheme = /^[a-z][\w+.-]*:/i.exec(url)?.[0] ?? ''
    if (/^(?:javascript|vbscript):/i.test(scheme)) return 'javascript:'
    if (/^data:/i.test(scheme)) return hideQuery ? 'data:,' : address
    if (hideQuery && scheme && !PLACE_SCHEME.test(scheme) && !/^[\\/]{2}/.test(url.slice(scheme.length)))
      return scheme
    const ruled = applyRules(url)
    if (hideQuery) return clean(hideNestedQueries(ruled.replace(/[?#].*$/s, '')), 0)
    return /[?#@;=%]|eyJ|_(?:live|test)_|gh[oprsu]_|xox|AKIA|AIza/.test(ruled) ? clean(ruled, 0) : ruled
  }
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

/** As it was before it was put into an address. Never throws. */
export function decode(text: string): string {
  return text.replace(/\+/g, ' ').replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run)
    } catch {
      return run
    }
  })
}
