import { resolveOptions } from '../config/resolve-options.ts'
import {
  createField,
  type Field,
  flag,
  group,
  isRecord,
  number,
  oneOf,
  optional,
  type Rule,
} from '../config/rules.ts'
import type { Report } from '../errors.ts'
import type { ControllerOptions, SettleOptions } from './types.ts'

/** What decides about recording in the controller's options, in its complete form. */
export interface ControllerSettings {
  /** As given: whoever compiles the rules checks them. */
  readonly routes: ControllerOptions['routes']
  readonly consent: 'granted' | 'required'
  readonly pauseWhenHidden: boolean
  readonly settle: SettleOptions
  readonly discardRecentMs: number
  readonly onEvent: ControllerOptions['onEvent']
  /** How often the address is looked at; undefined: never. */
  readonly pollMs: number | undefined
}

const HOUR_MS = 3_600_000

/** For ever is an hour. */
const longestWait: Rule<number> = (field) =>
  field.value === Number.POSITIVE_INFINITY ? HOUR_MS : number(1500, 0, HOUR_MS)(field)

const consent = oneOf(['granted', 'required'], 'granted', 'required')
const settle = group({
  quietMs: number(80, 0, 60_000),
  maxWaitMs: longestWait,
  leftovers: oneOf(['block', 'stay-paused'], 'block', 'stay-paused'),
})
const onEvent = optional<NonNullable<ControllerOptions['onEvent']>>(
  'a function',
  (value) => typeof value === 'function',
)

/** Null is how JSON and databases say "none": it counts as not set. */
const withoutNulls = (field: Field): Field => ({
  ...field,
  value: field.value ?? undefined,
  at: (name) => withoutNulls(field.at(name)),
})

/**
 * Completes what the controller reads. Bad values are reported one by one (`BAD_OPTION`) and replaced by those that
 * record less; it never throws.
 */
export function resolveControllerOptions(options: unknown, report: Report): ControllerSettings {
  const field = createField('options', options ?? {}, report, () => {})
  const given = withoutNulls(field)
  const isReadable = isRecord(field.value)
  if (!isReadable) field.refuse('an object', undefined)
  // The plugin reads them as well, and complains.
  const shared = resolveOptions(options, () => {})
  return {
    routes: field.at('routes').value as ControllerOptions['routes'],
    // What cannot be read may have asked for it. A consent that is null has not been given.
    consent: isReadable ? consent(field.at('consent')) : 'required',
    pauseWhenHidden: flag(false, true)(given.at('pauseWhenHidden')),
    settle: settle(given.at('settle')),
    discardRecentMs: shared.discardRecentMs,
    onEvent: onEvent(given.at('onEvent')),
    pollMs: shared.enableUrlChangePolling ? shared.urlChangePollingInterval : undefined,
  }
}

/** What `setConsent` is told. Only `true` is a yes. */
export const resolveConsent = (granted: unknown, report: Report): boolean =>
  flag(false)(createField('setConsent(granted)', granted, report, () => {}))
