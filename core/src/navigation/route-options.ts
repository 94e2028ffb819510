import { nearestName } from '../config/nearest-name.ts'
import {
  createField,
  type Field,
  flag,
  isRecord,
  namesOf,
  number,
  oneOf,
  optional,
  type Rule,
} from '../config/rules.ts'
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

/** The rules in their complete form. Whether the patterns can be used is for whoever compiles them to find out. */
export interface ResolvedRoutes {
  readonly deny: readonly RoutePattern[]
  readonly allow: readonly RoutePattern[]
  readonly default: 'record' | 'pause'
  readonly rules: readonly ResolvedRule[]
  readonly location: 'auto' | 'path' | 'hash' | 'href'
  readonly base: string
  readonly caseSensitive: boolean
  /** Something could not be read that might have forbidden a page. */
  readonly isInvalid: boolean
}

export interface ResolvedRule {
  readonly match: readonly RoutePattern[]
  readonly mask: MaskLevel | null
  readonly sampleRate: number | null
  readonly name: string | undefined
}

const LOCATIONS: readonly unknown[] = ['auto', 'path', 'hash', 'href'] satisfies RouteConfig['location'][]
const NAMES: readonly (keyof RouteConfig)[] = [
  'deny',
  'allow',
  'default',
  'rules',
  'location',
  'base',
  'caseSensitive',
]
const RULE_NAMES: readonly (keyof RouteRule)[] = ['match', 'mask', 'sampleRate', 'name']

/**
 * Completes the rules. Bad values are reported one by one (`BAD_OPTION`) and replaced by those that record less; it
 * never throws. A member that nobody knows was meant to forbid something, so it makes the whole invalid.
 */
export function resolveRoutes(config: unknown, report: Report): ResolvedRoutes {
  let isInvalid = false
  const field = createField('routes', config ?? {}, report, () => {
    isInvalid = true
  })
  checkNames(field, NAMES)
  const allow = patterns(field.at('allow'))
  const rules = field.at('rules')
  const resolved = {
    deny: patterns(field.at('deny')),
    allow,
    default: oneOf(['record', 'pause'], allow.length > 0 ? 'pause' : 'record', 'pause')(field.at('default')),
    rules: listOf(rules.value ?? undefined).map((_, index) =>
      resolveRule(Array.isArray(rules.value) ? rules.at(index) : rules),
    ),
    location: location(field.at('location')) ?? 'auto',
    base: base(field.at('base')) ?? '',
    caseSensitive: flag(false)(field.at('caseSensitive')),
  }
  return { ...resolved, isInvalid }
}

function resolveRule(field: Field): ResolvedRule {
  checkNames(field, RULE_NAMES)
  const match = field.at('match')
  if (match.value === undefined) match.refuse('a pattern or a list of them', undefined)
  const rate = field.at('sampleRate')
  return {
    match: patterns(match),
    mask: mask(field.at('mask')),
    sampleRate: rate.value == null ? null : number(0, 0, 1)(rate),
    name: name(field.at('name')),
  }
}

function checkNames(field: Field, known: readonly string[]): void {
  if (!isRecord(field.value)) field.refuse('an object', undefined)
  for (const name of namesOf(field.value)) {
    if (known.includes(name)) continue
    const meant = nearestName(name, known)
    field.at(name).refuse(meant ? `named "${meant}"` : `left out, or one of ${known.join(', ')}`, undefined)
  }
}

// Each pattern is looked at when it is compiled.
const patterns: Rule<readonly RoutePattern[]> = ({ value }) => listOf(value) as RoutePattern[]

const location = optional<ResolvedRoutes['location']>(
  `one of ${LOCATIONS.join(', ')}`,
  (value) => LOCATIONS.includes(value),
  'refuse',
)
const base = optional<string>('a path', (value) => typeof value === 'string', 'refuse')
const name = optional<string>('a string', (value) => typeof value === 'string')

const mask: Rule<MaskLevel | null> = ({ value, reject }) => {
  if (value == null) return null
  return isMaskLevel(value) ? value : reject(`one of ${MASK_LEVELS.join(', ')}`, 'conservative')
}

const listOf = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]
