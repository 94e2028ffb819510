import { createField, flag, group, number, oneOf, optional, type Rule } from '../config/rules.ts'
import type { Report } from '../errors.ts'
import { isMaskLevel, MASK_LEVELS } from '../mask-levels.ts'
import type { MaskLevel } from '../types.ts'
import type { RoutePattern } from './pattern.ts'

/** Refines recording on some pages; cannot allow what `deny` forbids. */
export interface RouteRule {
  match: RoutePattern | RoutePattern[]
  /** Mask level for these pages, used where it is stricter than the level in force. */
  mask?: MaskLevel
  /** 0..1. Records these pages only in this smaller share of sessions. */
  sampleRate?: number
  /** Shown in decisions and in `explain()` instead of the pattern. */
  name?: string
}

/** Which pages are recorded. Everything unclear counts as denied. */
export interface RouteConfig {
  /** Paused where any of these match. Always wins. */
  deny?: RoutePattern | RoutePattern[]
  /** Recorded only where one of these matches, when `default` is `'pause'`. */
  allow?: RoutePattern | RoutePattern[]
  /** What happens elsewhere. @default 'pause' when `allow` is given, else 'record' */
  default?: 'record' | 'pause'
  /** The first match wins. */
  rules?: RouteRule[]
  /** Where the page's path is. `auto`: in the path, and in the fragment too when it looks like one (`#/…`). @default 'auto' */
  location?: 'auto' | 'path' | 'hash' | 'href'
  /** Removed from the front of the path before rules see it. */
  base?: string
  /** @default false, because matching too much is the safe side */
  caseSensitive?: boolean
}

const listOf = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]

/** Whether they can be used is found out when they are compiled. */
const patterns: Rule<RoutePattern[]> = ({ value }) => listOf(value) as RoutePattern[]

const somePatterns: Rule<RoutePattern[]> = (field) =>
  field.value === undefined ? field.refuse('a pattern or a list of them', []) : patterns(field)

const mask: Rule<MaskLevel | null> = ({ value, reject }) =>
  value == null || isMaskLevel(value)
    ? (value ?? null)
    : reject(`one of ${MASK_LEVELS.join(', ')}`, 'conservative')

const rule = group(
  {
    match: somePatterns,
    mask,
    sampleRate: (field): number | null => (field.value == null ? null : number(0, 0, 1)(field)),
    name: optional<string>('a string', (value) => typeof value === 'string'),
  } satisfies Record<keyof RouteRule, Rule<unknown>>,
  'refuse',
  'refuse',
)

const LOCATIONS: readonly unknown[] = ['auto', 'path', 'hash', 'href'] satisfies RouteConfig['location'][]

const routes = group(
  {
    deny: patterns,
    allow: patterns,
    default: (field) =>
      field.value === undefined ? undefined : oneOf(['record', 'pause'], 'pause', 'pause')(field),
    rules: (field) =>
      listOf(field.value ?? undefined).map((_, index) =>
        rule(Array.isArray(field.value) ? field.at(index) : field),
      ),
    location: optional<NonNullable<RouteConfig['location']>>(
      `one of ${LOCATIONS.join(', ')}`,
      (value) => LOCATIONS.includes(value),
      'refuse',
    ),
    base: optional<string>('a path', (value) => typeof value === 'string', 'refuse'),
    caseSensitive: flag(false),
  } satisfies Record<keyof RouteConfig, Rule<unknown>>,
  'refuse',
  'refuse',
)

export type ResolvedRule = ReturnType<typeof rule>

/** The rules in their complete form. */
export interface ResolvedRoutes extends ReturnType<typeof routes> {
  default: 'record' | 'pause'
  location: NonNullable<RouteConfig['location']>
  base: string
  /** Something could not be read that might have forbidden a page. */
  isInvalid: boolean
}

/**
 * Completes the rules. Bad values are reported one by one (`BAD_OPTION`) and replaced by those that record less; it
 * never throws. A member that nobody knows was meant to forbid something, so it makes the whole invalid.
 */
export function resolveRoutes(config: unknown, report: Report): ResolvedRoutes {
  let isInvalid = false
  const field = createField('routes', config ?? undefined, report, () => {
    isInvalid = true
  })
  const read = routes(field)
  return {
    ...read,
    default: read.default ?? (read.allow.length > 0 ? 'pause' : 'record'),
    location: read.location ?? 'auto',
    base: read.base ?? '',
    isInvalid,
  }
}
