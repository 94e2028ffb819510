import type { Report } from '../errors.ts'
import type { LoggerProvider } from '../platform/logger.ts'
import type { SessionId, Transport } from '../types.ts'
import type { SessionReplayOptions, StandaloneOptions } from './options.ts'
import { privacyOptions, ugcRules } from './privacy-options.ts'
import {
  createField,
  flag,
  group,
  isRecord,
  number,
  oneOf,
  optional,
  type Resolved,
  type Rule,
} from './rules.ts'

type Refusal = 'reject' | 'refuse'

const HOUR_MS = 3_600_000

const callback = <T>(bad: Refusal = 'reject') =>
  optional<T>('a function', (value) => typeof value === 'function', bad)
const anyFlag = optional<boolean>('true or false', (value) => typeof value === 'boolean')
const anyMs = optional<number>('a number of ms', (value) => Number.isFinite(value))
const record = <T = Record<string, unknown>>() => optional<T>('an object', isRecord)
const text = () =>
  optional<string>('a string that is not empty', (value) => typeof value === 'string' && value !== '')

/** http(s), or relative to the page so that a proxy of one's own needs no host name. Empty counts as not set. */
const address = (bad: Refusal): Rule<string | undefined> => {
  const check = optional<string>('an http(s) address', isAddress, bad)
  return (field) => (field.value === '' ? undefined : check(field))
}

function isAddress(value: unknown): boolean {
  try {
    return typeof value === 'string' && /^https?:$/.test(new URL(value, 'https://page.example').protocol)
  } catch {
    return false
  }
}

/** Not set means the default, and so does 0: `falsy → 2000` is how the option has always worked. */
const idleTimeout: Rule<number> = (field) => (field.value === 0 ? 2000 : number(2000, 1, 60_000)(field))

/** A zone in small letters is still meant: the wrong zone would be the wrong country. */
const serverZone: Rule<'US' | 'EU' | undefined> = (field) => {
  const meant = typeof field.value === 'string' && field.value.trim().toUpperCase() === 'EU' ? 'EU' : 'US'
  return field.value === undefined ? undefined : oneOf(['US', 'EU'], meant, meant)(field)
}

const flushIntervals: Rule<{ minIntervalMs: number; maxIntervalMs: number }> = (field) => {
  const raw = group({ minIntervalMs: number(1000, 100, HOUR_MS), maxIntervalMs: longestInterval })(field)
  if (raw.maxIntervalMs >= raw.minIntervalMs) return raw
  const given = isRecord(field.value) ? field.value : {}
  if (given.minIntervalMs === undefined) return { ...raw, minIntervalMs: raw.maxIntervalMs }
  if (given.maxIntervalMs !== undefined)
    field.at('maxIntervalMs').reject('at least minIntervalMs', raw.minIntervalMs)
  return { ...raw, maxIntervalMs: raw.minIntervalMs }
}
const longestInterval: Rule<number> = (field) =>
  field.value === Number.POSITIVE_INFINITY ? HOUR_MS : number(10_000, 100, HOUR_MS)(field)

const origins: Rule<string[] | undefined> = (field) => {
  if (field.value === undefined) return undefined
  const isOrigin = (value: unknown) => typeof value === 'string' && /^https?:\/\/[^/\s]+$/.test(value)
  return Array.isArray(field.value) && field.value.every(isOrigin)
    ? field.value
    : field.reject('a list of origins such as "https://pay.example.com"', [])
}

/** Whoever writes it counts on it, so it is not ignored. */
const ofController = (harmless?: string) =>
  optional<unknown>(
    'left out here: only createSessionReplay() follows it',
    (value) => value === harmless,
    'refuse',
  )

const RULES = {
  sampleRate: number(0, 0, 1),
  privacyConfig: privacyOptions,
  applyBackgroundColorToBlockedElements: flag(false),
  debugMode: flag(false),
  serverZone,
  configServerUrl: address('refuse'),
  trackServerUrl: address('refuse'),
  shouldInlineStylesheet: flag(true),
  storeType: oneOf(['idb', 'memory'], 'idb', 'memory'),
  performanceConfig: group({
    enabled: flag(true),
    timeout: idleTimeout,
    mergeMutations: flag(true),
    mutationBudget: group({
      enabled: flag(true),
      sampleAbovePerSecond: number(500, 20, 1e9),
      blockAbovePerSecond: number(20_000, 100, 1e9),
    }),
    interaction: group({
      timeoutMs: anyMs,
      maxNumberOfTries: number(10_000, 1, 1e6),
      threshold: number(1000, 1, 1e6),
    }),
  }),
  useWebWorker: anyFlag,
  forceSessionTracking: flag(false),
  deviceId: text(),
  customSessionId: callback<NonNullable<SessionReplayOptions['customSessionId']>>(),
  interactionConfig: group({
    enabled: flag(false),
    batch: flag(false),
    trackEveryNms: anyMs,
    ugcFilterRules: ugcRules,
  }),
  enableUrlChangePolling: flag(false),
  urlChangePollingInterval: number(1000, 100, 60_000),
  captureDocumentTitle: flag(false),
  captureAdoptedStyleSheets: flag(true),
  inlineImages: flag(false),
  crossOriginIframes: group({
    enabled: flag(false),
    coordinateChildren: flag(true),
    allowedOrigins: origins,
  }),
  fullSnapshotIntervalMs: (field) => (field.value === 0 ? 0 : number(0, 1000, 24 * HOUR_MS)(field)),
  flushIntervalConfig: flushIntervals,
  eagerFullSnapshotSend: anyFlag,
  captureFullSnapshotOnFocus: flag(false),
  maxPersistedEventsSizeBytes: number(2_000_000, 1000, 8_000_000),
  maxSingleEventSizeBytes: number(9_000_000, 1000, 10_000_000),
  sendTimeoutMs: (field) =>
    typeof field.value === 'number' && field.value <= 0 ? 0 : number(10_000, 1, HOUR_MS)(field),
  enableTransportCompression: flag(true),
  handleSendEvents: callback<Transport>('refuse'),
  handleFetchConfig: callback<Transport>('refuse'),
  experimental: group({
    useWebWorker: anyFlag,
  }),
  workerUrl: address('reject'),
  onError: callback<NonNullable<SessionReplayOptions['onError']>>(),
  sessionId: optional<SessionId>(
    'a number or a string',
    (value) => typeof value === 'string' || Number.isFinite(value),
  ),
  optOut: flag(false, true),
  /** The controller's, which passes it on: what may be taken back must not be packed. */
  discardRecentMs: number(0, 0, 60_000),
  instanceName: text(),
  logLevel: oneOf([0, 1, 2, 3, 4], 2, 2),
  loggerProvider: record<LoggerProvider>(),
  flushMaxRetries: number(2, 0, 2),
  userProperties: record(),
  version: optional<{ type: string; version: string }>(
    'an object with type and version',
    (value) => isRecord(value) && typeof value.type === 'string' && typeof value.version === 'string',
  ),
  routes: ofController(),
  consent: ofController('granted'),
} satisfies Record<keyof StandaloneOptions | 'discardRecentMs' | 'routes' | 'consent', Rule<unknown>>

/** The rows that end in another form than they are given. */
type Reshaped =
  | 'useWebWorker'
  | 'experimental'
  | 'eagerFullSnapshotSend'
  | 'instanceName'
  | 'interactionConfig'

/** Every option with a value that can be used as it is. */
export type ResolvedOptions = Omit<Resolved<typeof RULES>, Reshaped> & {
  /** Why these options do not allow recording; null if they do. */
  invalid: string | null
  useWebWorker: boolean
  /** Which full snapshots are sent at once. */
  eagerFullSnapshotSend: 'first' | 'every' | 'none'
  instanceName: string
  ugcFilterRules: Resolved<typeof RULES>['interactionConfig']['ugcFilterRules']
}

/**
 * Completes the options of plugin or standalone. Bad values are reported one by one and replaced by safe ones
 * (`BAD_OPTION`); it never throws. `serverZone` stays undefined if not given: the plugin asks the Browser SDK then.
 */
export function resolveOptions(options: unknown, report: Report): ResolvedOptions {
  let invalid: string | null = null
  // null is a common way to say "none"; anything else that is not an object hides settings we cannot see.
  const field = createField('options', options ?? undefined, report, (message) => {
    invalid ??= message
  })
  const { useWebWorker, experimental, eagerFullSnapshotSend, instanceName, interactionConfig, ...rest } =
    group(RULES, 'refuse')(field)
  return {
    ...rest,
    useWebWorker: useWebWorker ?? experimental.useWebWorker ?? false,
    eagerFullSnapshotSend:
      eagerFullSnapshotSend === undefined ? 'first' : eagerFullSnapshotSend ? 'every' : 'none',
    instanceName: instanceName ?? '$default_instance',
    ugcFilterRules: interactionConfig.ugcFilterRules,
    invalid,
  }
}
