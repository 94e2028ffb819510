import { normalizePath } from './normalize.ts'

/** What a predicate is given. */
export interface RouteLocation {
  readonly href: string
  readonly origin: string
  /** Normalised: decoded, without base, query and trailing slash. The fragment's path in hash routing. */
  readonly path: string
  readonly search: string
  readonly hash: string
  /** Named segments (`:id`) of the string patterns of this configuration that match the path. */
  readonly params: Record<string, string>
}

/**
 * A page or a set of pages. Strings name paths: `/billing` this page, `/users/:id` any one segment,
 * `/doc-*` any characters inside a segment, `/account/**` the page and all below (elsewhere `**` stands for any
 * number of segments), `https://pay.example.com/**` with the origin. The query never takes part. A RegExp tests the normalised
 * path (the whole address with `location: 'href'`); a `URLPattern` and a function decide themselves.
 */
export type RoutePattern =
  | string
  | RegExp
  | { test(url: string): boolean }
  | ((location: RouteLocation) => boolean)

/** One compiled pattern. `test` may throw when it runs code of the app. */
export interface CompiledPattern {
  /** How the pattern is named in decisions and messages. */
  readonly label: string
  test(location: RouteLocation): boolean
  /** Named segments of this location; null when it does not match or the pattern is not a string. */
  params(location: RouteLocation): Record<string, string> | null
}

/** What strings are compared with depends on the mode: `href` hands RegExps the whole address. */
export interface CompileSettings {
  readonly caseSensitive: boolean
  readonly wholeAddress: boolean
}

/** Compiles one pattern; throws a plain Error that says what is wrong with it. */
export function compilePattern(pattern: RoutePattern, settings: CompileSettings): CompiledPattern {
  if (typeof pattern === 'string') return compileString(pattern, settings)
  const none = () => null
  if (pattern instanceof RegExp) {
    return {
      label: String(pattern),
      params: none,
      test: (location) => {
        // A RegExp with the g or y flag remembers where it stopped.
        pattern.lastIndex = 0
        const found = pattern.test(settings.wholeAddress ? location.href : location.path)
        pattern.lastIndex = 0
        return found
      },
    }
  }
  if (typeof pattern === 'function') {
    return { label: pattern.name || 'function', params: none, test: (location) => pattern(location) === true }
  }
  if (typeof pattern?.test === 'function') {
    return { label: 'URL pattern', params: none, test: (location) => pattern.test(location.href) === true }
  }
  throw new Error('expected a string, a RegExp, a URLPattern or a function')
}

function compileString(pattern: string, { caseSensitive }: CompileSettings): CompiledPattern {
  const source = pathExpression(pattern)
  const regexp = new RegExp(source.expression, caseSensitive ? 'u' : 'iu')
  const subject = (location: RouteLocation) =>
    source.withOrigin ? `${location.origin}${location.path}` : location.path
  return {
    label: pattern,
    test: (location) => regexp.test(subject(location)),
    params: (location) => regexp.exec(subject(location))?.groups ?? null,
  }
}

function pathExpression(pattern: string): { expression: string; withOrigin: boolean } {
  if (pattern.trim() === '') throw new Error('an empty pattern matches no page')
  const address = /^(https?:\/\/[^/?#]+)(.*)$/i.exec(pattern)
  const origin = address ? escapeExpression(address[1]?.toLowerCase() ?? '') : ''
  // A query never takes part, and a leading `#` or `#!` only says that the path lives in the fragment.
  const path = (address ? (address[2] ?? '') : pattern).replace(/^#!?/, '').replace(/[?#].*$/s, '')
  const segments = normalizePath(path).path.split('/').slice(1)
  const names = new Set<string>()
  let expression = ''
  segments.forEach((segment, index) => {
    if (segment === '') return
    if (segment === '**') expression += index === segments.length - 1 ? '(?:/.*)?' : '(?:/[^/]+)*'
    else expression += `/${segmentExpression(segment, names)}`
  })
  return { expression: `^${origin}${expression === '' ? '/' : expression}$`, withOrigin: address !== null }
}

function segmentExpression(segment: string, names: Set<string>): string {
  if (segment === '*') return '[^/]+'
  const name = /^:([A-Za-z_]\w*)$/.exec(segment)?.[1]
  if (name !== undefined) {
    if (names.has(name)) throw new Error(`the name ":${name}" occurs twice`)
    names.add(name)
    return `(?<${name}>[^/]+)`
  }
  return segment.split(/\*+/).map(escapeExpression).join('[^/]*')
}

const escapeExpression = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
