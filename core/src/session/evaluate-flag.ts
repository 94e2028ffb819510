import { murmurHash32 } from './murmur-hash.ts'

/** One rule of a flag, as the server sends it. Nothing is taken for granted: it comes over the network. */
interface Segment {
  /** Any of these groups has to hold, each of them as a whole. None: everybody matches. */
  conditions?: Condition[][]
  bucket?: Bucket
  /** Given to who matches and is in no allocation. */
  variant?: string
}

interface Condition {
  selector: string[]
  op: string
  values: string[]
}

interface Bucket {
  selector: string[]
  salt: string
  allocations: Allocation[]
}

/** Ranges include their first number and not their last. */
interface Allocation {
  range: [number, number]
  distributions: { variant: string; range: [number, number] }[]
}

/** How a missing property is written in a rule. */
const NONE = '(none)'

/**
 * Evaluates a flag by the public rules of Amplitude Experiment and answers the name of the variant, or undefined.
 * Throws on a flag that cannot be read. Order of the segments counts: the first one that gives a variant decides.
 * Rules: https://amplitude.com/docs/feature-experiment/implementation
 */
export function evaluateFlag(flag: { segments?: unknown }, context: unknown): string | undefined {
  const root = { context }
  for (const segment of flag.segments as Segment[]) {
    const matches =
      !segment.conditions ||
      segment.conditions.some((group) => group.every((condition) => holds(condition, root)))
    const variant = matches ? variantOf(segment, root) : undefined
    if (variant !== undefined) return variant
  }
  return undefined
}

/** Share of all first (`hash % 100`), variant within the share then (the rest of the hash). */
function variantOf({ bucket, variant }: Segment, root: unknown): string | undefined {
  const value = bucket && textOf(select(root, bucket.selector))
  if (!bucket || value === undefined) return variant
  const hash = murmurHash32(new TextEncoder().encode(`${bucket.salt}/${value}`))
  const isIn = ([from, to]: [number, number], at: number) => at >= from && at < to
  for (const { range, distributions } of bucket.allocations) {
    if (!isIn(range, hash % 100)) continue
    const chosen = distributions.find((entry) => isIn(entry.range, Math.floor(hash / 100)))
    if (chosen) return chosen.variant
  }
  return variant
}

/** Follows the path of names; whatever is falsy on the way or at the end counts as missing. */
function select(root: unknown, path: string[]): unknown {
  let value = root
  for (const name of path) {
    value =
      typeof value === 'object' && value !== null ? own(value as Record<string, unknown>, name) : undefined
  }
  return value || undefined
}

/** Names come over the network: `constructor` is no property of anybody. */
const own = <T>(holder: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(holder, name) ? holder[name] : undefined

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

type Test = (text: string, wanted: string) => boolean
type SetTest = (has: (name: string) => boolean, wanted: string[], size: number) => boolean

const ORDERS: Record<string, (order: number) => boolean> = {
  less: (order) => order < 0,
  'less or equal': (order) => order <= 0,
  greater: (order) => order > 0,
  'greater or equal': (order) => order >= 0,
}

/** One of the values has to pass. Letter case matters to `is`, except in true and false. */
const TESTS: Record<string, Test> = {
  is: (text, wanted) =>
    wanted === text || (/^(true|false)$/i.test(text) && wanted.toLowerCase() === text.toLowerCase()),
  contains: (text, wanted) => text.toLowerCase().includes(wanted.toLowerCase()),
  'regex match': (text, wanted) => new RegExp(wanted).test(text),
}

/** All members of a list against all values. */
const SET_TESTS: Record<string, SetTest> = {
  'set is': (has, wanted, size) => wanted.length === size && wanted.every(has),
  'set contains': (has, wanted) => wanted.every(has),
  'set contains any': (has, wanted) => wanted.some(has),
}

/** Each of these is the opposite of another one. */
const OPPOSITES: Record<string, string> = {
  'is not': 'is',
  'does not contain': 'contains',
  'regex does not match': 'regex match',
  'set is not': 'set is',
  'set does not contain': 'set contains',
  'set does not contain any': 'set contains any',
}

/** The operators that can tell nothing of a missing property, whichever way round. */
const NEEDS_A_VALUE = ['regex match', 'regex does not match', 'set is not']

function holds({ selector, op, values }: Condition, root: unknown): boolean {
  const value = select(root, selector)
  const opposite = own(OPPOSITES, op)
  const found = test(opposite ?? op, value, values)
  // What has no meaning for this value does not hold, and neither does its opposite.
  if (found === undefined || (value === undefined && NEEDS_A_VALUE.includes(op))) return false
  return opposite ? !found : found
}

/** Undefined if the operator has no meaning for this value. */
function test(op: string, value: unknown, values: string[]): boolean | undefined {
  const isVersion = op.startsWith('version ')
  const accepts = own(ORDERS, isVersion ? op.slice('version '.length) : op)
  const ofSet = own(SET_TESTS, op)
  const ofText = own(TESTS, op)
  // The rule might be there to keep somebody out: what cannot be understood must not be passed over.
  if (!accepts && !ofSet && !ofText) throw new Error(`unknown operator "${op}"`)
  if (value === undefined) return values.includes(NONE)
  if (ofSet) {
    if (!Array.isArray(value)) return undefined
    const members = new Set(value.map((member) => textOf(member ?? undefined)).filter(Boolean))
    return ofSet((name) => members.has(name), [...new Set(values)], members.size)
  }
  const text = textOf(value) ?? ''
  if (ofText) return values.some((wanted) => ofText(text, wanted))
  if (!accepts) return undefined
  // No relation accepts NaN, which is what comes of a text that is no number.
  if (!isVersion) return values.some((wanted) => accepts(Number(text) - Number(wanted)))

  const versions = values.filter((wanted) => VERSION.test(wanted))
  return VERSION.test(text) && versions.length > 0
    ? versions.some((wanted) => accepts(compareVersions(text, wanted)))
    : values.some((wanted) => accepts(compareText(text, wanted)))
}

const VERSION = /^(\d+)\.(\d+)(?:\.(\d+)(?:-(.+))?)?$/

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

/** By number, part for part; a pre-release comes before its release. */
function compareVersions(left: string, right: string): number {
  const a = VERSION.exec(left) ?? []
  const b = VERSION.exec(right) ?? []
  for (const part of [1, 2, 3]) {
    const order = Number(a[part] ?? 0) - Number(b[part] ?? 0)
    if (order !== 0) return order
  }
  if (a[4] === undefined || b[4] === undefined) return Number(a[4] === undefined) - Number(b[4] === undefined)
  return compareText(a[4], b[4])
}
