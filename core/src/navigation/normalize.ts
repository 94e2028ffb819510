/** A path in the one form that rules are compared with. */
export interface NormalPath {
  readonly path: string
  /** The address had an escape that decodes to nothing: it cannot be told what page it is. */
  readonly malformed: boolean
}

const ROUNDS = 8

/** The escapes of one character: as many bytes as its first one announces (UTF-8). */
const CHARACTER =
  /%[0-7][0-9a-f]|%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-7](?:%[89ab][0-9a-f]){3}/gi

/**
 * Brings a path to one spelling: decoded, `/` for `\`, single slashes, dot segments resolved, no trailing
 * slash, composed characters. Repeated until nothing changes, so that normalising twice equals once and
 * a doubly encoded `/%2562illing` cannot slip past a rule for `/billing`. `?`, `#` and control
 * characters stay encoded: a path must read the same when it is parsed as an address again.
 */
export function normalizePath(raw: string): NormalPath {
  const malformed = hasBadEscape(raw)
  let path = raw
  for (let round = 0; round < ROUNDS; round++) {
    const next = tidy(decode(path))
    if (next === path) break
    path = next
  }
  return { path, malformed }
}

/** The path inside a fragment such as `#/cart?x=1` or `#!/cart`; null when the fragment is a mere anchor. */
export function fragmentPath(hash: string): string | null {
  const found = /^#!?(\/[^?#]*)/.exec(hash)
  return found?.[1] ?? null
}

/** The path below `base`, or the path itself where it is not below. */
export function stripBase(path: string, base: string): string {
  if (base === '' || base === '/') return path
  if (path.toLowerCase() === base.toLowerCase()) return '/'
  return path.toLowerCase().startsWith(`${base.toLowerCase()}/`) ? path.slice(base.length) : path
}

function hasBadEscape(text: string): boolean {
  try {
    decodeURIComponent(text)
    return false
  } catch {
    return true
  }
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(CHARACTER, (escapes) => {
    try {
      return decodeURIComponent(escapes)
    } catch {
      return escapes
    }
  })
}

function tidy(text: string): string {
  const safe = text
    .normalize('NFC')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an address parser drops them silently
    .replace(/[?#\u0000-\u001f\u007f]/g, (char) => `%${hex(char)}`)
    .trim()
  const kept: string[] = []
  for (const segment of safe.split(/[/\\]+/)) {
    if (segment === '..') kept.pop()
    else if (segment !== '.' && segment !== '') kept.push(segment)
  }
  return `/${kept.join('/')}`
}

const hex = (char: string): string => char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')
