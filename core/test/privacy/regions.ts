import type { MaskLevel } from '../../src/types.ts'
import { type Channel, COLUMNS, type Column, isUsual } from '../support/private-page.ts'

export { PLAIN_WORD } from '../support/private-page.ts'

/** One part of the page under a marker, in each form in which markers come. */
export interface Marked {
  name: string
  column: Column | 'level'
  attribute?: string
  value: string
}

/** Given to the recorders as `maskSelector`, `unmaskSelector` and `blockSelector`. */
export const SELECTORS = { mask: '.customer', unmask: '.public', block: '.internal' } as const

const forms = (kind: 'mask' | 'unmask' | 'block'): Marked[] => [
  { name: `.amp-${kind}`, column: kind, attribute: 'class', value: `amp-${kind}` },
  { name: `[data-amp-${kind}]`, column: kind, attribute: `data-amp-${kind}`, value: '' },
  { name: `${kind}Selector`, column: kind, attribute: 'class', value: SELECTORS[kind].slice(1) },
]

export const MARKED: readonly Marked[] = [
  { name: 'no marker', column: 'level', value: '' },
  ...forms('mask'),
  ...forms('unmask'),
  ...forms('block'),
]

/**
 * Whether a channel is planted under a marker in the visit of this number. Unusual ones are planted under one form of
 * each marker at a time: the three moments see all of them, in a third of the time. `PRIVACY_FULL=1` makes each visit
 * three times, for the whole product.
 */
export function isPlanted(channel: number, marked: number, visit: number): boolean {
  return isUsual(channel) || marked === 0 || (marked - 1) % 3 === (channel + visit) % 3
}

export const LEVELS: readonly MaskLevel[] = ['light', 'medium', 'conservative']
export const MOMENTS = ['at load', 'added later', 'changed later'] as const
export type Moment = (typeof MOMENTS)[number]

export type Verdict = Channel['expect'][number]

export function verdictOf(channel: Channel, marked: Marked, level: MaskLevel): Verdict {
  const column = marked.column === 'level' ? level : marked.column
  return channel.expect[COLUMNS.indexOf(column)] ?? 'any'
}

/** Places outside of the page's tree. `logged`: may be recorded once console and network are switched on. */
export const OFF_PAGE: Record<
  string,
  { light: Verdict; medium: Verdict; conservative: Verdict; logged?: true }
> = {
  title: { light: 'show', medium: 'show', conservative: 'hide' },
  query: { light: 'any', medium: 'any', conservative: 'hide' },
  ...never('token', 'email', 'hash token', 'history state', 'cookie', 'localStorage', 'sessionStorage'),
  ...never('window name', 'referrer', 'user property', 'event property'),
  ...never('console password', 'console token', 'console address'),
  ...never(
    'request header',
    'bearer token',
    'request body',
    'request token',
    'xhr token',
    'xhr header',
    'xhr body',
  ),
  ...logged('console text', 'console error', 'request text', 'request query'),
}

function never(...names: string[]) {
  const hide = { light: 'hide', medium: 'hide', conservative: 'hide' } as const
  return Object.fromEntries(names.map((name) => [name, hide]))
}

function logged(...names: string[]) {
  const open = { light: 'any', medium: 'any', conservative: 'hide', logged: true } as const
  return Object.fromEntries(names.map((name) => [name, open]))
}

const PREFIX = 'Zq'
/** In every secret, so that one search finds all of them, also encoded. */
export const CORE = 'Secretword'
export const SECRET = new RegExp(`${PREFIX}[a-z]{4}${CORE}`, 'gi')

/** Letters only and of one length, so that no usual encoding changes them and none is part of another. */
export function createSecrets(): () => string {
  let count = 0
  return () => {
    let rest = ++count
    let word = ''
    for (let i = 0; i < 4; i++) {
      word += String.fromCharCode(97 + (rest % 26))
      rest = Math.floor(rest / 26)
    }
    return PREFIX + word + CORE
  }
}
