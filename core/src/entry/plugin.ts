import type { SessionReplayOptions } from '../config/options.ts'
import { type ResolvedOptions, resolveOptions } from '../config/resolve-options.ts'
import type { PageExplanation } from '../controller/types.ts'
import { createReport, ReplayError, type Report } from '../errors.ts'
import { createLogger, type LoggerProvider, type LogLevel } from '../platform/logger.ts'
import type { Recorder } from '../recorder/types.ts'
import { areOwnProperties, planTagging, tagEvent } from '../session/tagging.ts'
import type { AnalyticsEvent, ServerZone, SessionId } from '../types.ts'
import { VERSION } from '../version.ts'
import { connectorUserProperties, isOptedOut } from './opt-out.ts'
import { openRecorder, releaseRecorder, sharedRecorder } from './shared-recorder.ts'

/** The Browser SDK's configuration, as far as it matters here. It is live: `sessionId` and `optOut` change. */
export interface AnalyticsConfig {
  apiKey: string
  deviceId?: string
  sessionId?: number
  optOut?: boolean
  instanceName?: string
  loggerProvider?: LoggerProvider
  logLevel?: LogLevel
  flushMaxRetries?: number
  serverZone?: ServerZone
  remoteConfig?: { serverUrl?: string }
  defaultTracking?: boolean | object
}

/** The Browser SDK's client, as far as it matters here. */
interface AnalyticsClient {
  plugin?(name: string): unknown
}

/**
 * Session Replay for the Browser SDK: records the session and ties its analytics events to the replay.
 * Nothing it does can fail the app: problems go to the Browser SDK's logger and to `options.onError`.
 *
 * @example
 * const sessionReplayTracking = sessionReplayPlugin({ sampleRate: 0.1 })
 * amplitude.add(sessionReplayTracking)
 * amplitude.init(API_KEY)
 */
export class SessionReplayPlugin {
  static readonly pluginName = '@amplitude/plugin-session-replay-browser'
  readonly name = SessionReplayPlugin.pluginName
  readonly type = 'enrichment' as const
  readonly options: SessionReplayOptions
  config: AnalyticsConfig | null = null
  #recorder: Recorder | null = null
  #report: Report = () => {}
  #resolved: ResolvedOptions | undefined
  /** Grows with each setup and teardown: what an older one awaited is not for us any more. */
  #generation = 0
  /** Set up, but not yet known to be in the Browser SDK's list. */
  #isStarting = false
  /** The app said `stop()` last, while there was no recorder to tell; a recorder knows it itself. */
  #wasPaused = false
  /** What the Browser SDK says while it says it: some versions write it down afterwards. */
  #toldOptOut: boolean | undefined

  constructor(options: SessionReplayOptions = {}) {
    this.options = { forceSessionTracking: false, ...options }
  }

  /** Called by the Browser SDK. Resolves when it is decided whether to record; never rejects. */
  async setup(config: AnalyticsConfig, client?: object): Promise<void> {
    const generation = ++this.#generation
    try {
      this.config = config
      const logger = createLogger(config.logLevel, config.loggerProvider)
      this.#report = createReport(logger, this.options.onError)
      if (typeof document === 'undefined') return
      if (!config.apiKey) throw new Error('a missing API key: call amplitude.init() with one')
      const resolved = this.#resolve(config)
      if (resolved.forceSessionTracking) forceSessionTracking(config)
      // Said through any door, and to be heeded by a new recorder, too.
      this.#wasPaused = this.#isPaused()
      const recorder = openRecorder({
        owner: this,
        apiKey: config.apiKey,
        options: resolved,
        library: { type: 'plugin', version: VERSION },
        isOptedOut: () => isOptedOut(resolved.instanceName, () => this.#toldOptOut ?? config.optOut === true),
        debug: logger.debug,
        report: this.#report,
      })
      this.#recorder = recorder
      if (!recorder) return
      recorder.stop()
      recorder.setPaused(this.#wasPaused)
      await recorder.prepare({
        deviceId: resolved.deviceId ?? config.deviceId,
        sessionId: resolved.customSessionId ? undefined : config.sessionId,
      })
      // A plugin that is removed while it is set up is never torn down by the Browser SDK: nothing is recorded before
      // the SDK has us in its list.
      if (generation !== this.#generation) return
      this.#isStarting = true
      void this.#startWhenListed(client as AnalyticsClient | undefined, generation)
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      this.#report(
        new ReplayError('SETUP_FAILED', `Session Replay: Failed to initialize due to ${reason}`, {
          cause,
          fatal: true,
        }),
      )
    }
  }

  /** Called by the Browser SDK for each analytics event; gives events of a recorded session the replay's id. */
  async execute(event: AnalyticsEvent): Promise<AnalyticsEvent> {
    try {
      const recorder = this.#recorder
      const { config } = this
      if (!recorder || !config) return event
      // Only listed plugins are handed events.
      this.#startOnce()
      const plan = planTagging(event, {
        liveSessionId: config.sessionId,
        customSessionId: this.#resolved?.customSessionId,
      })
      const deviceId = this.#resolved?.deviceId ?? config.deviceId
      // Versions of the SDK that do not tell of a new device write it down only.
      if (deviceId) await recorder.setIds({ deviceId })
      if (plan.sessionId !== undefined && plan.sessionId !== recorder.sessionId()) {
        await recorder.setIds({ sessionId: plan.sessionId })
      }
      // The first events of a session come before the server's settings: they wait, or they would not be tagged.
      if (plan.tag) await recorder.decided()
      if (plan.targeting) await recorder.evaluateTargeting(plan.targeting)
      const properties = plan.tag ? recorder.properties() : {}
      const own = { deviceId: this.#resolved?.deviceId ?? event.device_id, sessionId: plan.sessionId }
      return areOwnProperties(properties, own) ? tagEvent(event, properties) : event
    } catch (cause) {
      this.#report(
        new ReplayError('INTERNAL', 'Session Replay: an analytics event could not be tagged.', { cause }),
      )
      return event
    }
  }

  async onSessionIdChanged(sessionId: SessionId): Promise<void> {
    // With ids of its own the app names the sessions; the Browser SDK's would only interrupt them.
    if (this.#resolved?.customSessionId) return
    await this.#recorder?.setIds({ sessionId })
  }

  async onIdentityChanged(identity: { deviceId?: string }): Promise<void> {
    if (this.#resolved?.deviceId || !identity?.deviceId) return
    await this.#recorder?.setIds({ deviceId: identity.deviceId })
  }

  async onOptOutChanged(optOut: boolean): Promise<void> {
    this.#toldOptOut = optOut
    sharedRecorder.optOutChanged()
    await Promise.resolve()
    this.#toldOptOut = undefined
  }

  /** Called by the Browser SDK on `amplitude.remove(plugin.name)`. Nothing is recorded once this has begun. */
  async teardown(): Promise<void> {
    this.#generation++
    this.#isStarting = false
    this.#recorder?.stop()
    this.#wasPaused = this.#isPaused()
    this.#recorder = null
    releaseRecorder(this)
    this.config = null
  }

  /** Records again after `stop()`, without removing the plugin. */
  async start(): Promise<void> {
    this.#setPaused(false)
  }

  /** Pauses until `start()`, without removing the plugin; also before it is set up. */
  stop(): void {
    this.#setPaused(true)
  }

  /** The properties that tie an event of your own to the replay; empty when the session is not recorded. */
  getSessionReplayProperties(): Record<string, string | null> {
    return this.#recorder?.properties() ?? {}
  }

  /** Why this page is, or is not, recorded, and what became of the events; see `docs/delivery.md`. */
  explain(): PageExplanation {
    return sharedRecorder.explain()
  }

  #setPaused(isPaused: boolean): void {
    if (this.#recorder) this.#recorder.setPaused(isPaused)
    else this.#wasPaused = isPaused
  }

  #isPaused(): boolean {
    return this.#recorder?.isPaused() ?? this.#wasPaused
  }

  #startOnce(): void {
    if (!this.#isStarting) return
    this.#isStarting = false
    this.#recorder?.start()
  }

  async #startWhenListed(client: AnalyticsClient | undefined, generation: number): Promise<void> {
    // The SDK lists a plugin in the microtasks after its setup, and hands events to it a task later.
    await new Promise((resolve) => setTimeout(resolve))
    if (generation !== this.#generation) return
    if (!client?.plugin || client.plugin(this.name) === this) return this.#startOnce()
    this.#report(
      new ReplayError(
        'EXTERNAL_DETACH',
        'Session Replay: the plugin was removed while it was being added and records nothing. Await amplitude.add(plugin).promise before amplitude.remove(plugin.name).',
      ),
    )
    await this.teardown()
  }

  #resolve(config: AnalyticsConfig): ResolvedOptions {
    this.#resolved = resolveOptions(
      {
        ...this.options,
        instanceName: config.instanceName,
        flushMaxRetries: undefined,
        serverZone: this.options.serverZone ?? config.serverZone,
        configServerUrl: this.options.configServerUrl || config.remoteConfig?.serverUrl,
        userProperties: connectorUserProperties(config.instanceName || '$default_instance'),
      },
      this.#report,
    )
    return this.#resolved
  }
}

/** `amplitude.add(sessionReplayPlugin({ sampleRate: 0.1 }))`: see `SessionReplayOptions` for every option. */
export const sessionReplayPlugin = (options?: SessionReplayOptions): SessionReplayPlugin =>
  new SessionReplayPlugin(options)

/** Session events on, the rest of default tracking as the app set it. Works before the first session begins. */
function forceSessionTracking(config: AnalyticsConfig): void {
  if (config.defaultTracking === true) return
  config.defaultTracking =
    config.defaultTracking === false
      ? { pageViews: false, formInteractions: false, fileDownloads: false, sessions: true }
      : { ...config.defaultTracking, sessions: true }
}
