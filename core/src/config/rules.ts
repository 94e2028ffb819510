import { ReplayError, type Report } from '../errors.ts'
import { nearestName } from './nearest-name.ts'

/** One value on its way through validation: where it stands, and how to complain about it. */
export interface Field {
  readonly value: unknown
  /** Warns that the value is not what is `needed`, and answers `used`, the value that is safe. */
  reject<T>(needed: string, used: T, note?: string): T
  /**
   * Warns that no value is safe here, so that nothing may be recorded. Answers `used` to fill the place.
   * null is rejected only, with the `note`.
   */
  refuse<T>(needed: string, used: T, note?: string): T
  /** The value below `name`; undefined if there is none. */
  at(name: string | number): Field
  /** Warns about each name that is not among `known`. Answers those that look like a slip of one that is. */
  unknownNames(known: readonly string[], note?: string): string[]
  /** Warns about each name that is not among `known`, and that nothing may be recorded for what it was meant to hide. */
  refuseUnknownNames(known: readonly string[]): void
}

/** Reads one value: answers it, or the safe one after a warning. Never throws. */
export type Rule<T> = (field: Field) => T

/** What a set of rules gives: the complete form of a partial one. */
export type Resolved<Rules> = { [Name in keyof Rules]: Rules[Name] extends Rule<infer T> ? T : never }

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const NOTHING_RECORDED = 'nothing is recorded until this is fixed'

/** `onRefuse` hears each message of `refuse`. */
export function createField(
  path: string,
  value: unknown,
  report: Report,
  onRefuse: (message: string) => void,
): Field {
  const warn = (problem: string): string => {
    const message = `Session Replay: ${problem}.`
    report(new ReplayError('BAD_OPTION', message))
    return message
  }
  const strangers = (known: readonly string[]) =>
    namesOf(value)
      .filter((name) => !known.includes(name))
      .map((name) => {
        const meant = nearestName(name, known)
        const place = path === 'options' ? '' : ` in "${path}"`
        const hint = meant ? ` (did you mean "${meant}"?)` : ''
        return { name, meant, problem: `there is no option "${name}"${place}${hint}` }
      })
  const isNot = (needed: string, used: string) =>
    warn(`option "${path}" must be ${needed}, got ${show(value)}; ${used}`)
  const reject: Field['reject'] = (needed, used, note = '') => {
    isNot(needed, (used === undefined ? 'it is ignored' : `${show(used)} is used`) + note)
    return used
  }
  return {
    value,
    reject,
    refuse(needed, used, note) {
      // null is how JSON and databases say "none": nothing is hidden in it that we could fail to respect.
      if (value === null) return reject(needed, used, note)
      onRefuse(isNot(needed, NOTHING_RECORDED))
      return used
    },
    at: (name) =>
      createField(path === 'options' ? String(name) : `${path}.${name}`, read(value, name), report, onRefuse),
    unknownNames: (known, note = '') =>
      strangers(known)
        .filter(({ meant, problem }) => {
          warn(`${problem}; it is ignored${meant ? note : ''}`)
          return meant !== undefined
        })
        .map(({ name }) => name),
    refuseUnknownNames(known) {
      for (const { problem } of strangers(known)) onRefuse(warn(`${problem}; ${NOTHING_RECORDED}`))
    },
  }
}

/** True or false; `safe` is used for anything else. */
export const flag =
  (fallback: boolean, safe = fallback): Rule<boolean> =>
  ({ value, reject }) =>
    value === undefined ? fallback : typeof value === 'boolean' ? value : reject('true or false', safe)

/** A finite number from `min` to `max`; outside, the nearest bound. */
export const number =
  (fallback: number, min: number, max: number): Rule<number> =>
  ({ value, reject }) => {
    if (value === undefined) return fallback
    const needed = `a number from ${min} to ${max}`
    if (typeof value !== 'number' || !Number.isFinite(value)) return reject(needed, fallback)
    const used = Math.min(max, Math.max(min, value))
    return used === value ? value : reject(needed, used)
  }

/** One of a few words or numbers; `safe` is used for any other. */
export const oneOf =
  <const T extends string | number>(values: readonly T[], fallback: T, safe: T): Rule<T> =>
  ({ value, reject }) =>
    value === undefined
      ? fallback
      : (values.find((known) => known === value) ?? reject(`one of ${values.map(show).join(', ')}`, safe))

/** A value that passes `test`, else `undefined` after a warning. */
export const optional =
  <T>(needed: string, test: (value: unknown) => boolean, bad: 'reject' | 'refuse' = 'reject') =>
  (field: Field): T | undefined =>
    field.value === undefined || test(field.value)
      ? (field.value as T | undefined) // `test` has looked at it
      : field[bad](needed, undefined)

/** An object whose known fields are read by their own rules; the others are ignored, or refused as well. */
export const group =
  <Rules extends Record<string, Rule<unknown>>>(
    rules: Rules,
    bad: 'reject' | 'refuse' = 'reject',
    others: 'ignore' | 'refuse' = 'ignore',
  ): Rule<Resolved<Rules>> =>
  (field) => {
    const names = Object.keys(rules)
    if (isRecord(field.value)) field[others === 'ignore' ? 'unknownNames' : 'refuseUnknownNames'](names)
    else if (field.value !== undefined) field[bad]('an object', {})
    return Object.fromEntries(names.map((name) => [name, rules[name]?.(field.at(name))])) as Resolved<Rules>
  }

/** Says `"0.5"` for a string and `0.5` for a number, briefly, and never throws. */
function show(value: unknown): string {
  try {
    if (typeof value === 'function') return 'a function'
    const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
    return text.length > 80 ? `${text.slice(0, 80)}…` : text
  } catch {
    return `an unreadable ${typeof value}`
  }
}

/** A getter or proxy of the host may throw: an unreadable value, not a crash. */
function read(holder: unknown, name: string | number): unknown {
  try {
    return typeof holder === 'object' && holder
      ? (holder as Record<string | number, unknown>)[name]
      : undefined
  } catch {
    return Symbol('unreadable')
  }
}

function namesOf(value: unknown): string[] {
  try {
    return isRecord(value) ? Object.keys(value) : []
  } catch {
    return []
  }
}
