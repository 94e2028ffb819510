import { ReplayError, type Report } from '../errors.ts'
import { stricter } from '../mask-levels.ts'
import type { MaskLevel } from '../types.ts'
import { fragmentPath, normalizePath, stripBase } from './normalize.ts'
import { type CompiledPattern, compilePattern, type RouteLocation, type RoutePattern } from './pattern.ts'
import { type ResolvedRule, type RouteConfig, resolveRoutes } from './route-options.ts'

export type { RouteLocation, RoutePattern } from './pattern.ts'
export type { RouteConfig, RouteRule } from './route-options.ts'

/** What the rules say about one address. */
export interface RouteDecision {
  readonly allowed: boolean
  /** The pattern (or rule name) that decided; null when none did. */
  readonly matched: string | null
  readonly mask: MaskLevel | null
  readonly sampleRate: number | null
  /** The normalised path that was looked at. */
  readonly path: string
}

/** Decides about one address; relative ones are resolved against the document. Never throws. */
export type RouteMatcher = (url: string | URL) => RouteDecision

interface Refinement {
  readonly patterns: readonly CompiledPattern[]
  readonly rule: ResolvedRule
}

const OPEN = { mask: null, sampleRate: null }

/**
 * Compiles the rules once; the returned function then needs a few microseconds per address.
 * What is not as `RouteConfig` says is reported as `BAD_OPTION`, and counts as the word that records less. A pattern that cannot be compiled is reported as `BAD_PATTERN` and denies every page; a predicate that
 * throws is reported as `RULE_THREW` and denies the page it was asked about.
 */
export function createRouteMatcher(config: RouteConfig | null = {}, report: Report = () => {}): RouteMatcher {
  const routes = resolveRoutes(config, report)
  const mode = routes.location
  const settings = { caseSensitive: routes.caseSensitive, wholeAddress: mode === 'href' }
  const base = normalizePath(routes.base).path
  let broken: string | null = routes.isInvalid ? 'invalid routes' : null

  const compile = (patterns: readonly RoutePattern[], option: string): CompiledPattern[] =>
    patterns.flatMap((pattern) => {
      try {
        return [compilePattern(pattern, settings)]
      } catch (cause) {
        broken ??= String(pattern)
        report(
          new ReplayError(
            'BAD_PATTERN',
            `Session Replay: ${option} has the pattern ${JSON.stringify(String(pattern))}, which cannot be used (${cause instanceof Error ? cause.message : cause}). Nothing is recorded until it is corrected.`,
            { cause },
          ),
        )
        return []
      }
    })

  const deny = compile(routes.deny, 'routes.deny')
  const allow = compile(routes.allow, 'routes.allow')
  const refinements: Refinement[] = routes.rules.map((rule) => ({
    patterns: compile(rule.match, 'routes.rules'),
    rule,
  }))
  const strings = [...deny, ...allow, ...refinements.flatMap(({ patterns }) => patterns)]
  const allowList = routes.default === 'pause'
  const restricts = deny.length > 0 || allow.length > 0 || allowList

  const locate = (url: URL, path: string): RouteLocation => {
    const location: RouteLocation = {
      href: url.href,
      origin: url.origin,
      path,
      search: url.search,
      hash: url.hash,
      get params() {
        return Object.assign({}, ...strings.map((pattern) => pattern.params(location)))
      },
    }
    return location
  }

  const find = (patterns: readonly CompiledPattern[], location: RouteLocation): CompiledPattern | undefined =>
    patterns.find((pattern) => {
      try {
        return pattern.test(location)
      } catch (cause) {
        report(
          new ReplayError(
            'RULE_THREW',
            `Session Replay: the route rule ${pattern.label} threw; the page is not recorded.`,
            { cause },
          ),
        )
        throw pattern
      }
    })

  const decide = (input: string | URL): RouteDecision => {
    const url = new URL(input, globalThis.document?.baseURI ?? 'http://localhost/')
    const inFragment = mode === 'auto' || mode === 'hash' ? fragmentPath(url.hash) : null
    const candidates = [inFragment ?? (mode === 'hash' ? '/' : url.pathname)]
    if (mode === 'auto' && inFragment !== null) candidates.push(url.pathname)
    const normal = candidates.map(normalizePath)
    const locations = normal.map(({ path }) => locate(url, stripBase(path, base)))
    const effective = locations[0] as RouteLocation
    const { path } = effective
    const denied = (matched: string | null): RouteDecision => ({ allowed: false, matched, ...OPEN, path })

    if (broken !== null) return denied(broken)
    const malformed = normal.some((each) => each.malformed)
    if (malformed && restricts) return denied('malformed address')
    for (const location of locations) {
      const found = find(deny, location)
      if (found) return denied(found.label)
    }
    const allowed = find(allow, effective)
    if (allowList && !allowed) return denied(null)
    // An address that cannot be read might be any page, so it gets what is strictest in all rules.
    const matches = malformed
      ? refinements.map(({ rule }) => ({ rule, label: 'malformed address' }))
      : locations.flatMap(refine)
    const rates = matches.flatMap(({ rule }) => rule.sampleRate ?? [])
    return {
      allowed: true,
      matched: matches[0]?.label ?? allowed?.label ?? null,
      mask: matches.reduce<MaskLevel | null>((level, { rule }) => stricter(level, rule.mask), null),
      sampleRate: rates.length > 0 ? Math.min(...rates) : null,
      path,
    }
  }

  const refine = (location: RouteLocation): { rule: ResolvedRule; label: string }[] => {
    for (const { patterns, rule } of refinements) {
      const found = find(patterns, location)
      if (found) return [{ rule, label: rule.name ?? found.label }]
    }
    return []
  }

  return (url) => {
    try {
      return decide(url)
    } catch (cause) {
      const label = isCompiled(cause) ? cause.label : 'unreadable address'
      return { allowed: false, matched: label, ...OPEN, path: String(url) }
    }
  }
}

const isCompiled = (value: unknown): value is CompiledPattern =>
  typeof value === 'object' && value !== null && 'label' in value
