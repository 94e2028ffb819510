import type { StandaloneOptions } from '../config/options.ts'
import { resolveOptions } from '../config/resolve-options.ts'
import type { PageExplanation } from '../controller/types.ts'
import { createReport, guard, ReplayError, type Report } from '../errors.ts'
import { createLogger } from '../platform/logger.ts'
import type { Recorder } from '../recorder/types.ts'
import type { TargetingNews } from '../session/targeting.ts'
import type { SessionId, Stop } from '../types.ts'
import { VERSION } from '../version.ts'
import { isOptedOut, watchIdentity } from './opt-out.ts'
import { openRecorder, releaseRecorder, sharedRecorder } from './shared-recorder.ts'

/** A result to wait for, in the form of Amplitude's SDKs: `await init(…).promise`. Never rejects. */
export interface AmplitudeReturn<T> {
  readonly promise: Promise<T>
}

const OWNER = { door: 'standalone' }
let stopWatching: Stop | undefined
/** Calls of `init` and `shutdown` so far. */
let calls = 0

/**
 * Starts session replay without the Browser SDK. Give `deviceId` and `sessionId` as your analytics knows them: without
 * them nothing is recorded, and a message says so. Calling it again begins anew with the new options.
 * The promise resolves when recording has begun, or when it is decided that it does not; within a second or two.
 *
 * @example
 * await init(API_KEY, { deviceId, sessionId, sampleRate: 0.1 }).promise
 */
export function init(apiKey: string, options: StandaloneOptions = {}): AmplitudeReturn<void> {
  return { promise: begin(apiKey, options) }
}

async function begin(apiKey: string, options: StandaloneOptions): Promise<void> {
  const call = ++calls
  const given = (options ?? {}) as StandaloneOptions
  const logger = createLogger(given.logLevel, given.loggerProvider)
  const report = createReport(logger, given.onError)
  try {
    if (typeof document === 'undefined') return
    const resolved = resolveOptions(given, report)
    if (typeof apiKey !== 'string' || apiKey === '') {
      report(
        new ReplayError('MISSING_ID', 'Session Replay: init() needs your API key as its first argument.'),
      )
      return
    }
    const recorder = openRecorder({
      owner: OWNER,
      apiKey,
      options: { ...resolved, sessionId: undefined, deviceId: undefined },
      library: resolved.version ?? { type: 'standalone', version: VERSION },
      isOptedOut: () => isOptedOut(resolved.instanceName, () => resolved.optOut),
      debug: logger.debug,
      report,
    })
    recorder?.stop()
    recorder?.setPaused(false)
    followOptOut(resolved.instanceName, report)
    for (const name of ['sessionId', 'deviceId'] as const) {
      if (resolved[name]) continue
      const what = name === 'sessionId' ? 'session id' : 'device id'
      report(
        new ReplayError(
          'MISSING_ID',
          `Session Replay: Session is not being recorded due to lack of ${what}. Pass ${name} to init() or call setSessionId().`,
        ),
      )
    }
    await recorder?.prepare({ deviceId: resolved.deviceId, sessionId: resolved.sessionId })
    // A later init() or shutdown() has the last word.
    if (call !== calls) return
    recorder?.start()
    await recorder?.begun()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    report(
      new ReplayError('SETUP_FAILED', `Session Replay: Failed to initialize due to ${reason}`, {
        cause,
        fatal: true,
      }),
    )
  }
}

function followOptOut(instanceName: string, report: Report): void {
  let before: boolean | undefined
  const check = guard('following opt-out', report, () => {
    const optedOut = isOptedOut(instanceName, () => false)
    if (before !== undefined && before !== optedOut) sharedRecorder.optOutChanged()
    before = optedOut
  })
  check()
  stopWatching?.()
  stopWatching = watchIdentity(instanceName, check)
}

/** The page's recorder: these functions serve the plugin and `initAll()` as well. */
const page = (): Recorder | undefined => sharedRecorder.reachableBy(OWNER)

/** Goes on under another session, and another device if given; the old session ends with what was captured of it. */
export function setSessionId(sessionId: SessionId, deviceId?: string): AmplitudeReturn<void> {
  const ids = deviceId ? { sessionId, deviceId } : { sessionId }
  return { promise: page()?.setIds(ids) ?? Promise.resolve() }
}

/** The session in force, recorded or not. */
export const getSessionId = (): SessionId | undefined => page()?.sessionId()

/** Properties to add to your analytics events, so that they point at the replay; empty when it is not recorded. */
export const getSessionReplayProperties = (): Record<string, string | null> => page()?.properties() ?? {}

/** Why this page is, or is not, recorded, and what became of the events; see `docs/delivery.md`. */
export const explain = (): PageExplanation => sharedRecorder.explain()

/**
 * Asks the server's targeting rules again, with an event, properties of the user or another address than the page's.
 * Without rules it does nothing.
 */
export async function evaluateTargetingAndCapture(
  input: TargetingNews = {},
  _isInit = false,
  forceRestart = false,
): Promise<void> {
  await page()?.evaluateTargeting(input)
  if (forceRestart) page()?.pipeline()?.checkpoint()
}

/** Sends what is captured; resolves when all that can be sent at this moment is sent. */
export const flush = async (_useRetry?: boolean): Promise<void> => page()?.pipeline()?.flush()

/** Records again after `stop()`. All other conditions still apply. */
export function start(): AmplitudeReturn<void> {
  page()?.setPaused(false)
  return { promise: Promise.resolve() }
}

/** Pauses until `start()` or `init()`. What was captured is sent. */
export const stop = (): void => page()?.setPaused(true)

/** Ends recording. What was captured is sent; `init()` begins anew. */
export function shutdown(): void {
  calls++
  stopWatching?.()
  page()?.stop()
  releaseRecorder(OWNER)
}
