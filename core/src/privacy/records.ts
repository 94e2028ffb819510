import { maskText } from './mask.ts'
import { HIDDEN_VALUE, hideKnownSecrets, OPEN_NAME } from './secret-names.ts'
import type { UrlSanitizer } from './url.ts'

export interface RecordRules {
  url: UrlSanitizer
  /** For addresses and bodies of requests. */
  isSecretName: (name: string) => boolean
  /** Free text and query strings are hidden too. */
  hide: boolean
}

const WORD = /[^\s"'<>`\\]+/g
const ADDRESS_IN_WORD = /\b[a-z][\w+.-]{0,30}:\/\/.+/gi
/** `name: value`; a quoted value goes on to its closing quote, blanks and coded quotes included. */
const PAIR_IN_CODE =
  /(\\?["'])?([\w.-]{2,40})(\]|\\?["'])?(\s*[:=]\s*)(?:(\\?["'])((?:\\\\\\["']|(?!\5)(?:\\.|[^\\]))+)|((?:bearer|basic)\s+)?([^\s"'&,;}\])\\]+))/gis
/** The same where a backslash is one and codes nothing: `path: "C:\", password: "…"`. */
const PAIR_IN_TEXT =
  /(\\?["'])?([\w.-]{2,40})(\]|\\?["'])?(\s*[:=]\s*)(?:(\\?["'])((?:(?!\5).)+)|((?:bearer|basic)\s+)?([^\s"'&,;}\])\\]+))/gis

/** `<password>…`, as in the body of a SOAP request. */
const ELEMENT_IN_TEXT = /(<(?:[\w-]{1,40}:)?([\w-]{1,40})(?:\s[^<>]*)?>)[^<]+/g

/** Headers that say how an answer is to be read, and no more. */
const OPEN_HEADER =
  /^(?:accept|accept-encoding|accept-language|access-control-.*|age|alt-svc|cache-control|connection|content-(?:encoding|language|length|type)|date|etag|expires|last-modified|retry-after|server|server-timing|strict-transport-security|transfer-encoding|vary|via)$/i

/** A message, stack or other free text: secrets named in it and addresses are made private. */
export function sanitizeMessage(text: string, rules: RecordRules): string {
  if (rules.hide) return maskText(text)
  const hidePair = (all: string, ...parts: (string | undefined)[]): string => {
    const [before = '', name = '', after = '', between = '', open = '', , scheme = ''] = parts
    return isSecretHere(name, rules) ? before + name + after + between + open + scheme + HIDDEN_VALUE : all
  }
  return cleanAddresses(text, rules)
    .replace(ELEMENT_IN_TEXT, (all: string, open: string, name: string) =>
      isSecretHere(name, rules) ? open + HIDDEN_VALUE : all,
    )
    .replace(PAIR_IN_CODE, hidePair)
    .replace(PAIR_IN_TEXT, hidePair)
}

function cleanAddresses(text: string, { url }: RecordRules): string {
  const cleanWord = (word: string): string => {
    if (word.includes('://')) return word.replace(ADDRESS_IN_WORD, (address) => url(address, false))
    // Coded as for an address.
    return /%[\da-f]{2}/i.test(word) ? url.pairs(word) : word
  }
  return hideKnownSecrets(/:\/\/|%/.test(text) ? text.replace(WORD, cleanWord) : text)
}

/** Whether what stands under this name in a message or attribute is secret. */
export const isSecretHere = (name: string, rules: Pick<RecordRules, 'isSecretName'>): boolean =>
  !OPEN_NAME.test(name) && rules.isSecretName(name)

/**
 * Any payload that is recorded beside the page (console, network, custom events), in place where it can:
 * values under secret names are hidden, addresses and texts in it made private.
 */
export function sanitizeRecord(
  value: unknown,
  rules: RecordRules,
  isSecret = isSecretHere,
  depth = 0,
): unknown {
  if (typeof value === 'string') return sanitizeMessage(value, rules)
  // An account or a price is as private as the words around it.
  if (typeof value === 'number' && rules.hide) return HIDDEN_VALUE
  if (value === null || typeof value !== 'object') return value
  if (depth > 20) return undefined
  if (Array.isArray(value)) return value.map((entry) => sanitizeRecord(entry, rules, isSecret, depth + 1))
  const clean: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(value)) {
    const hasContent = inner !== null && inner !== undefined && typeof inner !== 'boolean'
    // Caches are keyed by addresses.
    clean[cleanAddresses(name, rules)] =
      hasContent && isSecret(name, rules) ? HIDDEN_VALUE : sanitizeRecord(inner, rules, isSecret, depth + 1)
  }
  return clean
}

export interface NetworkEntry {
  url?: unknown
  requestHeaders?: unknown
  responseHeaders?: unknown
  requestBody?: unknown
  responseBody?: unknown
  error?: unknown
}

/** A captured request: address, headers, bodies and error are made private, the rest is technical. */
export function sanitizeNetworkEntry<Entry extends NetworkEntry>(entry: Entry, rules: RecordRules): Entry {
  const clean = { ...entry }
  if (typeof entry.url === 'string') clean.url = rules.url(entry.url, rules.hide)
  for (const name of ['requestHeaders', 'responseHeaders'] as const) {
    if (entry[name] !== undefined) clean[name] = sanitizeHeaders(entry[name])
  }
  for (const name of ['requestBody', 'responseBody'] as const) {
    if (entry[name] !== undefined) clean[name] = sanitizeBody(entry[name], rules)
  }
  if (entry.error !== undefined) clean.error = sanitizeRecord(entry.error, rules)
  return clean
}

function sanitizeHeaders(headers: unknown): unknown {
  if (headers === null || typeof headers !== 'object') return undefined
  const pairs = Array.isArray(headers) ? (headers as [string, unknown][]) : Object.entries(headers)
  return Object.fromEntries(
    pairs.map(([name, value]) => [name, OPEN_HEADER.test(name) ? value : HIDDEN_VALUE]),
  )
}

function sanitizeBody(body: unknown, rules: RecordRules): unknown {
  // What is sent may be a form: here `code` and `key` are taken for secrets.
  const isSecret = (name: string): boolean => rules.isSecretName(name)
  if (typeof body !== 'string') return sanitizeRecord(body, rules, isSecret)
  const json = sanitizeJson(body, rules, isSecret)
  if (json !== undefined) return json
  // A form as sent: the same pairs as in an address.
  if (/^[^\s=&]+=[^\s]*$/.test(body)) return rules.hide ? '' : rules.url.pairs(body)
  return sanitizeMessage(body, rules)
}

/** A JSON text by its names and values; names can be private too, so where text is hidden it is masked as a whole. */
export function sanitizeJson(text: string, rules: RecordRules, isSecret = isSecretHere): string | undefined {
  if (!/^\s*["[{]/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (rules.hide) return maskText(text)
    const clean = JSON.stringify(sanitizeRecord(value, rules, isSecret))
    // As it was written, with its blanks and long numbers.
    return clean === JSON.stringify(value) ? text : clean
  } catch {
    return undefined
  }
}
