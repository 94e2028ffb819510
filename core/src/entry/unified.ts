import type { SessionReplayOptions, StandaloneOptions } from '../config/options.ts'
import { createReport, ReplayError } from '../errors.ts'
import { createLogger } from '../platform/logger.ts'
import type { ServerZone } from '../types.ts'
import { type SessionReplayPlugin, sessionReplayPlugin } from './plugin.ts'
// By name: the object that bundlers make for `import *` fails on pages that add to Object.prototype.
import { evaluateTargetingAndCapture, explain, flush, getSessionId, setSessionId } from './standalone.ts'

/** The Browser SDK's own options, whatever its version knows. */
export type AnalyticsOptions = Record<string, unknown>

export interface UnifiedOptions {
  /** Data centre for analytics and replay. @default 'US' */
  serverZone?: ServerZone
  /** Name of the Browser SDK instance. @default the default instance */
  instanceName?: string
  /** Options of `amplitude.init`. */
  analytics?: AnalyticsOptions
  /** Options of the replay plugin. */
  sessionReplay?: SessionReplayOptions
}

let started: Promise<void> | undefined
let plugin: SessionReplayPlugin | undefined

/**
 * Starts the Browser SDK and Session Replay with one call. Needs `@amplitude/analytics-browser`, which is loaded on
 * demand. Calls that overlap share one start. Resolves when both are ready; it never rejects.
 */
export function initAll(apiKey: string, options: UnifiedOptions = {}): Promise<void> {
  started ??= start(apiKey, options ?? {}).catch((cause) => {
    started = undefined
    const { analytics, sessionReplay } = options ?? {}
    const { logLevel, loggerProvider } = (analytics ?? {}) as StandaloneOptions
    const report = createReport(createLogger(logLevel, loggerProvider), sessionReplay?.onError)
    const message = 'Session Replay: initAll() failed. Is @amplitude/analytics-browser installed?'
    report(new ReplayError('ANALYTICS_MISSING', message, { cause, fatal: true }))
  })
  return started
}

async function start(
  apiKey: string,
  { serverZone, instanceName, analytics, sessionReplay }: UnifiedOptions,
): Promise<void> {
  if (typeof document === 'undefined') return
  const amplitude = await import('@amplitude/analytics-browser')
  const client = instanceName ? amplitude.createInstance() : amplitude
  plugin = sessionReplayPlugin({ ...(serverZone && { serverZone }), ...sessionReplay })
  await client.init(apiKey, undefined, {
    ...(serverZone && { serverZone }),
    ...(instanceName && { instanceName }),
    ...analytics,
  }).promise
  await client.add(plugin as unknown as Parameters<typeof client.add>[0]).promise
  // In the SDK's list by now, where the plugin looks for itself in the next task.
  await new Promise((resolve) => setTimeout(resolve))
}

/** The replay functions, once `initAll` has got that far; undefined before. */
export function sessionReplay(): ReplayFunctions | undefined {
  const active = plugin
  if (!active?.config) return undefined
  return {
    setSessionId,
    getSessionId,
    evaluateTargetingAndCapture,
    explain,
    flush,
    start: () => ({ promise: active.start() }),
    stop: () => active.stop(),
    shutdown: () => void active.teardown(),
    getSessionReplayProperties: () => active.getSessionReplayProperties(),
  }
}

export type ReplayFunctions = Omit<typeof import('./standalone.ts'), 'init'>
