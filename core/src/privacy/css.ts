import { isLayoutAttribute } from './attribute-names.ts'
import { hideEmails } from './emails.ts'
import { maskText } from './mask.ts'

export interface CssRules {
  /** Strings and free words are hidden, not only secrets in addresses. */
  hide: boolean
  /** Which numbers of a custom property stay, where words are hidden. By default those that are short. */
  keepsNumber?(number: string, isArgument: boolean): boolean
  /** What an address becomes. */
  address(url: string): string
}

/** Properties whose strings are names or patterns that layout needs, not content. */
const NAMING_PROPERTY = /^(?:font.*|src|syntax|grid.*|system|base-palette|@charset|@namespace)$/

/** The functions of CSS: every other word before a bracket is text. */
const FUNCTION =
  /^(?:var|env|calc|min|max|clamp|round|mod|rem|sin|cos|tan|a?(?:sin|cos|tan)2?|pow|sqrt|hypot|log|exp|abs|sign|(?:rgb|hsl)a?|hwb|(?:ok)?(?:lab|lch)|color|color-mix|light-dark|device-cmyk|(?:repeating-)?(?:linear|radial|conic)-gradient|image|image-set|cross-fade|element|paint|counters?|attr|url|src|format|local|tech|cubic-bezier|steps|linear|(?:translate|scale|rotate|skew)(?:x|y|z|3d)?|matrix(?:3d)?|perspective|blur|brightness|contrast|drop-shadow|grayscale|hue-rotate|invert|opacity|saturate|sepia|circle|ellipse|inset|polygon|path|rect|xywh|shape|ray|repeat|minmax|fit-content|anchor|anchor-size)$/i

/** The bytes of a font are no text: it says what it is. In base64: wOFF, wOF2, TrueType, OpenType. */
const FONT_DATA =
  /^data:(?:font\/|application\/(?:x-)?(?:font|vnd))[^,]*;base64,\s*(?:d09G|AAEAAA|T1RUT|dHJ1Z)/i

/** Letters may be written as codes: `u\72l(…)` is an address too. */
const CODED_FUNCTION = /(?:u|\\0{0,4}[57]5\s?)(?:r|\\0{0,4}[57]2\s?)(?:l|\\0{0,4}[46]c\s?)\(/gi

/** So many characters before a string tell whether it is an address. */
const LOOK_BACK = 500

/** rrweb's own sign that a style element had several text nodes. */
const SPLIT_MARK = '/* rr_split */'

const NAME = '(?:[\\w\\-\\u0080-\\uffff]|\\\\(?:[0-9a-f]{1,6}\\s?|.))'
const STRINGS = [
  '\\/\\*[\\s\\S]*?(?:\\*\\/|$)', // comment
  'url\\(\\s*(?:"(?:\\\\[\\s\\S]|[^"\\\\])*"?|\'(?:\\\\[\\s\\S]|[^\'\\\\])*\'?|(?:\\\\[\\s\\S]|[^)\\\\"\'])*)\\s*\\)?', // address
  '"(?:\\\\[\\s\\S]|[^"\\\\\\n])*(?:"|\\n|$)', // string; a line end closes a broken one, as in the browser
  "'(?:\\\\[\\s\\S]|[^'\\\\\\n])*(?:'|\\n|$)",
]
/** All that matters where strings are not hidden. */
const OPEN_TOKEN = new RegExp([...STRINGS, '@import'].join('|'), 'gi')
const TOKEN = new RegExp(
  [
    ...STRINGS,
    '[{}();:[\\]]',
    `#${NAME}+`, // colour or id
    '[+-]?\\.?\\d[\\w.%]*', // number
    `@?-{0,2}${NAME}+`, // word
  ].join('|'),
  'gi',
)

/**
 * Takes what is private out of style text: a sheet, a rule or declarations. Comments always go; secrets in
 * addresses are handled by `rules.address`; with `hide` also strings that can be content, `data:` addresses
 * and the words in custom properties. Selectors, numbers and everything else layout needs stay.
 */
export function sanitizeCss(css: string, rules: CssRules): string {
  const text = css.includes('\\') ? css.replace(CODED_FUNCTION, 'url(') : css
  return rules.hide ? hideStrings(text, rules) : cleanAddresses(text, rules)
}

function cleanAddresses(text: string, rules: CssRules): string {
  if (!/\/\*|url\(|@import|image-set|src\(/i.test(text)) return text
  const lookBack = createLookBack(text)
  let before = ''
  return text.replace(OPEN_TOKEN, (token, offset: number) => {
    const head = lookBack(token, offset)
    const last = before
    before = token
    if (token.startsWith('/*')) return token === SPLIT_MARK ? token : ''
    if (/^url\(/i.test(token)) return address(token, '', rules)
    const isAddress = /^["']/.test(token) && (/^@import$/i.test(last) || isAddressString(head))
    return isAddress ? quoted(token, (url) => cleanAddress(url, rules)) : token
  })
}

function hideStrings(text: string, rules: CssRules): string {
  const lookBack = createLookBack(text)
  let property = ''
  /** The word just read, if it may be a property: of those that begin with `--` only the first since the last end. */
  let name = ''
  let isFirst = true
  let bracket = -1
  /** Brackets that are open inside a custom property: what ends a declaration does not end it there. */
  let open = 0
  /** How many were open with the outermost function of CSS there; 0 outside of one. */
  let call = 0
  let last = ''
  let lastEnd = 0
  const end = (): void => {
    property = ''
    isFirst = true
    bracket = -1
    open = 0
    call = 0
  }
  return text.replace(TOKEN, (token, offset: number) => {
    const isNext = !/\S/.test(text.slice(lastEnd, offset))
    lastEnd = offset + token.length
    isFirst &&= isNext
    const word = isNext ? name : ''
    const first = token[0] ?? ''
    if (first === '/' && token[1] === '*') {
      name = word
      lookBack(token, offset)
      return token === SPLIT_MARK ? token : ''
    }
    const before = last
    last = token
    name = nameOf(token, isFirst)
    isFirst = false
    if (/^url\(/i.test(token)) {
      lookBack(token, offset)
      return address(token, property, rules)
    }
    const free = property.startsWith('--') || property === 'initial-value'
    if (first === '"' || first === "'") {
      const head = lookBack(token, offset)
      if (/^@import$/i.test(before)) return quoted(token, (url) => cleanAddress(url, rules))
      if (property === '' && before.startsWith('@')) return token
      if (isAddressString(head)) return quoted(token, (url) => cleanAddress(url, rules))
      if (bracket >= 0) return attributeValue(text.slice(bracket, offset), token)
      return NAMING_PROPERTY.test(property) || isGlyph(token) ? token : quoted(token, maskText)
    }
    if (free && /[{}()[\]]/.test(first)) {
      if (/[{([]/.test(first)) open += 1
      else if (open > 0) open -= 1
      else if (first === '}') end()
      if (open < call) call = 0
      else if (first === '(' && call === 0 && isCall(before, text, offset)) call = open
      return token
    }
    switch (first) {
      case '{':
      case '}':
        end()
        return token
      case ';':
        if (open === 0) end()
        return token
      case ':':
        if (property === '' && bracket < 0) property = word
        return token
      case '[':
        bracket = offset
        return token
      case ']':
        bracket = -1
        return token
      case '(':
      case ')':
        return token
    }
    if (bracket >= 0 && isAfterEquals(text, offset)) return attributeValue(text.slice(bracket, offset), token)
    if (!free) return identifier(token)
    if (/^[+-]?\.?\d/.test(token)) return keepsNumber(token, call > 0, rules) ? token : maskText(token)
    return freeWord(token, text[offset + token.length])
  })
}

const isCall = (word: string, text: string, offset: number): boolean =>
  FUNCTION.test(word) && text.endsWith(word, offset)

function isAfterEquals(text: string, offset: number): boolean {
  let at = offset - 1
  while (/\s/.test(text[at] ?? '')) at -= 1
  return text[at] === '='
}

/** One value, as in a change of a `style` attribute. */
export function sanitizeCssValue(property: string, value: string, rules: CssRules): string {
  const head = `${property}:`
  return sanitizeCss(head + value, rules).slice(head.length)
}

/** `.--active:hover` is a selector. */
function nameOf(token: string, isFirst: boolean): string {
  const name = (token.includes('\\') ? decodeEscapes(token) : token).toLowerCase()
  return /^[\w\-\u0080-\uffff]+$/.test(name) && (isFirst || !name.startsWith('--')) ? name : ''
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
function isAddressString(before: string): boolean {
  return /(?:image-set|[\s:,]src)\((?:[^()]|\([^()]*\))*$/i.test(before)
}

/** What stands before a token. Tokens that were asked about are left out of it: they can be long, and hold brackets. */
function createLookBack(text: string): (token: string, offset: number) => string {
  let before = ''
  let end = 0
  return (token, offset) => {
    before = (before + text.slice(Math.max(end, offset - LOOK_BACK), offset)).slice(-LOOK_BACK)
    end = offset + token.length
    return before
  }
}

function address(token: string, property: string, rules: CssRules): string {
  const inner = token.slice(4).replace(/\)$/, '').trim()
  const quote = /^["']/.exec(inner)?.[0] ?? ''
  const url = quote ? inner.slice(1, inner.endsWith(quote) && inner.length > 1 ? -1 : undefined) : inner
  // Without its fonts the page looks different.
  if (property === 'src' && FONT_DATA.test(url)) return token
  const changed = cleanAddress(url, rules)
  return changed === url ? token : `url(${quote}${changed}${quote})`
}

/** Also where characters of the address are written as codes (`\3f` is a question mark). */
function cleanAddress(url: string, rules: CssRules): string {
  const plain = url.includes('\\') ? decodeEscapes(url) : url
  const changed = rules.address(plain)
  return changed === plain
    ? url
    : changed.replace(/["'()\\\n]/g, (char) => `\\${char.charCodeAt(0).toString(16)} `)
}

function decodeEscapes(text: string): string {
  return text.replace(/\\(?:([0-9a-f]{1,6})\s?|([\s\S]))/gi, (_, code: string | undefined, char = '') =>
    code === undefined
      ? char.replace('\n', '')
      : String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0xffff)),
  )
}

/** An attribute selector has to match the attribute in its masked form. */
function attributeValue(head: string, token: string): string {
  const name = /^\[\s*(?:[\w*-]*\|)?([\w-]+)/.exec(head)?.[1]?.toLowerCase() ?? ''
  if (isLayoutAttribute(name)) return hideEmails(token, maskText)
  return /^["']/.test(token) ? quoted(token, maskText) : maskText(token)
}

/** A class or id with an e-mail address in it, as it is recorded of its element. */
function identifier(token: string): string {
  if (!token.includes('\\')) return token
  const plain = decodeEscapes(token)
  const masked = hideEmails(plain, maskText)
  if (masked === plain) return token
  return token.startsWith('#') ? `#${escapeName(masked.slice(1))}` : escapeName(masked)
}

/** A digit at the beginning would make it a number. */
function escapeName(name: string): string {
  return name.replace(/[^\w\-\u0080-\uffff]/g, '\\$&').replace(/^(-?)(\d)/, '$1\\3$2 ')
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
  if (token.startsWith('--') || (next === '(' && FUNCTION.test(token))) return token
  return isKeyword(token) ? token : maskText(token)
}

const SHORT_NUMBER = /^[+-]?(?:\.?\d{1,5}|\d{1,5}\.\d{0,8}|\.\d{1,8}|\d{1,8}(?=[a-z%]))(?:%|[a-z]{0,6})$/i

function keepsNumber(number: string, isArgument: boolean, rules: CssRules): boolean {
  return SHORT_NUMBER.test(number) && (rules.keepsNumber?.(number, isArgument) ?? true)
}
