import { isLayoutAttribute } from './attribute-names.ts'
import { maskText } from './mask.ts'

export interface CssRules {
  /** Strings and free words are hidden, not only secrets in addresses. */
  hide: boolean
  /** What an address becomes. */
  address(url: string): string
}

/** Properties whose strings are names or patterns that layout needs, not content. */
const NAMING_PROPERTY = /^(?:font.*|src|syntax|grid.*|system|base-palette|@charset|@namespace)$/

/** rrweb's own sign that a style element had several text nodes. */
const SPLIT_MARK = '/* rr_split */'

const NAME = '[\\w\\-\\u0080-\\uffff]'
const TOKEN = new RegExp(
  [
    '\\/\\*[\\s\\S]*?(?:\\*\\/|$)', // comment
    'url\\(\\s*(?:"(?:\\\\[\\s\\S]|[^"\\\\])*"?|\'(?:\\\\[\\s\\S]|[^\'\\\\])*\'?|(?:\\\\[\\s\\S]|[^)\\\\"\'])*)\\s*\\)?', // address
    '"(?:\\\\[\\s\\S]|[^"\\\\\\n])*(?:"|\\n|$)', // string; a line end closes a broken one, as in the browser
    "'(?:\\\\[\\s\\S]|[^'\\\\\\n])*(?:'|\\n|$)",
    '[{};:[\\]]',
    '#[\\w-]+', // colour
    '[+-]?\\.?\\d[\\w.%]*', // number
    `@?-{0,2}(?:${NAME}|\\\\.)+`, // word
  ].join('|'),
  'gi',
)

/**
 * Takes what is private out of style text: a sheet, a rule or declarations. Comments always go; secrets in
 * addresses are handled by `rules.address`; with `hide` also strings that can be content, `data:` addresses
 * and the words in custom properties. Selectors, numbers and everything else layout needs stay.
 */
export function sanitizeCss(text: string, rules: CssRules): string {
  if (!rules.hide && !/\/\*|url\([^)]*[?#@;=]|@import|image-set/i.test(text)) return text
  let property = ''
  let start = 0
  let bracket = -1
  let last = ''
  return text.replace(TOKEN, (token, offset: number) => {
    const before = last
    last = token
    const first = token[0]
    if (first === '/' && token[1] === '*') return token === SPLIT_MARK ? token : ''
    if (/^url\(/i.test(token)) return address(token, property, rules)
    if (first === '"' || first === "'") {
      if (before === '@import') return quoted(token, (url) => rules.address(url))
      if (property === '' && before.startsWith('@')) return token
      if (isAddressString(text, offset)) return quoted(token, (url) => rules.address(url))
      if (!rules.hide) return token
      if (bracket >= 0) return attributeValue(text.slice(bracket, offset), token)
      return NAMING_PROPERTY.test(property) || isGlyph(token) ? token : quoted(token, maskText)
    }
    switch (first) {
      case '{':
      case '}':
      case ';':
        property = ''
        start = offset + 1
        bracket = -1
        return token
      case ':':
        if (property === '' && bracket < 0) property = nameOf(text.slice(start, offset))
        return token
      case '[':
        bracket = offset
        return token
      case ']':
        bracket = -1
        return token
    }
    if (!rules.hide) return token
    if (bracket >= 0 && text[offset - 1] === '=') return attributeValue(text.slice(bracket, offset), token)
    if (property.startsWith('--')) return freeWord(token, text[offset + token.length])
    return token
  })
}

/** One value, as in a change of a `style` attribute. */
export function sanitizeCssValue(property: string, value: string, rules: CssRules): string {
  const head = `${property}:`
  return sanitizeCss(head + value, rules).slice(head.length)
}

function nameOf(segment: string): string {
  // After a comment or at-rule prelude only the last word can be a property.
  return /([\w\-\u0080-\uffff]+)\s*$/.exec(segment)?.[1]?.toLowerCase() ?? ''
}

function quoted(token: string, change: (inner: string) => string): string {
  const quote = token[0] ?? '"'
  const closed = token.length > 1 && token.endsWith(quote)
  return quote + change(token.slice(1, closed ? -1 : undefined)) + (closed ? quote : '')
}

/** One character is a picture (an icon font's glyph, an arrow, a separator), not a text. */
function isGlyph(token: string): boolean {
  const inner = token.slice(1, -1)
  return /^\\[0-9a-f]{1,6}\s?$/i.test(inner) || [...inner].length <= 1
}

/** Inside `image-set(…)` and `src(…)` a plain string is an address. */
function isAddressString(text: string, offset: number): boolean {
  return /(?:image-set|[\s:,]src)\((?:[^()]|\([^()]*\))*$/i.test(
    text.slice(Math.max(0, offset - 500), offset),
  )
}

function address(token: string, property: string, rules: CssRules): string {
  const inner = token.slice(4).replace(/\)$/, '').trim()
  const quote = /^["']/.exec(inner)?.[0] ?? ''
  const url = quote ? inner.slice(1, inner.endsWith(quote) && inner.length > 1 ? -1 : undefined) : inner
  // The bytes of a font are no text, and without them the page looks different.
  if (property === 'src' && /^data:(?:font\/|application\/(?:x-)?font)/i.test(url)) return token
  const changed = rules.address(url)
  return changed === url ? token : `url(${quote}${changed}${quote})`
}

/** An attribute selector has to match the attribute in its masked form. */
function attributeValue(head: string, token: string): string {
  const name = /^\[\s*(?:[\w*-]*\|)?([\w-]+)/.exec(head)?.[1]?.toLowerCase() ?? ''
  if (isLayoutAttribute(name)) return token
  return /^["']/.test(token) ? quoted(token, maskText) : maskText(token)
}

const keywords = new Map<string, boolean>()
const KEYWORD_PROPERTIES =
  'color display position font-weight font-style border-style text-align white-space cursor ' +
  'flex-direction justify-content align-items overflow background-repeat background-size background-position ' +
  'transition-timing-function animation-fill-mode text-transform vertical-align visibility font-size box-sizing'

/** Whether a word of a custom property is one that CSS knows, and so nothing private. */
function isKeyword(word: string): boolean {
  const known = keywords.get(word)
  if (known !== undefined) return known
  const supports = globalThis.CSS?.supports
  const found =
    /^(?:sans-serif|serif|monospace|system-ui|ui-[a-z-]+|inset|solid|and|to|from|in|deg|all|srgb)$/i.test(
      word,
    ) ||
    (supports !== undefined && KEYWORD_PROPERTIES.split(' ').some((name) => CSS.supports(name, word)))
  if (keywords.size < 500) keywords.set(word, found)
  return found
}

function freeWord(token: string, next: string | undefined): string {
  const first = token[0] ?? ''
  if (first === '#') return /^#[0-9a-f]{3,8}$/i.test(token) ? token : maskText(token)
  if (/^[+-]?\.?\d/.test(token))
    return /^[+-]?\.?\d{1,8}(?:\.\d{0,8})?(?:%|[a-z]{0,6})$/i.test(token) ? token : maskText(token)
  // Names of other properties and of functions.
  if (token.startsWith('--') || next === '(') return token
  return isKeyword(token) ? token : maskText(token)
}
