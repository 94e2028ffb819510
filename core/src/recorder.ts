/**
 * The life of one recorder. Facts come in (ids, the server's settings, opt-out, holds), one decision is made from all
 * of them, and recording is moved from what is to what should be. Every change of a fact ends in `apply`; nothing else
 * starts or stops recording. Closing is synchronous: when the call that closed the gate returns, nothing more is
 * emitted. Opening may take a moment (the pipeline is loaded on first use) and always begins with a full snapshot.
 */
import { type EffectiveSettings, joinSettings } from './config/join.ts'
import { createRemoteConfig, type RemoteConfig } from './config/remote.ts'
import type { ResolvedOptions } from './config/resolve-options.ts'
import { guard, ReplayError, type Report } from './errors.ts'
import type { openTargeting } from './pipeline/targeting.ts'
import type { Pipeline, PipelineDeps, PipelineStatus } from './pipeline.ts'
import { hasLeftovers } from './platform/leftovers.ts'
import { createLocation } from './platform/location.ts'
import { isPrerendering } from './platform/page.ts'
import { createValue, type Readable } from './platform/readable.ts'
import { localStore } from './platform/storage.ts'
import {
  decideGate,
  explainGate,
  type GateExplanation,
  type GateFacts,
  type GateReason,
} from './session/gate.ts'
import { decideMinDuration } from './session/min-duration.ts'
import { sampleDraw } from './session/sampling.ts'
import { createSession } from './session/session.ts'
import { createStartTimes } from './session/start-time.ts'
import { replayProperties } from './session/tagging.ts'
import type { Targeting, TargetingNews, TargetingVerdict } from './session/targeting.ts'
import type { BatchHeader, CloseReason, MaskLevel, SessionId, Stop } from './types.ts'
import { VERSION } from './version.ts'

/** What the recorder does at the moment. */
export interface RecorderStatus {
  readonly recording: boolean
  /** Why not; null while recording, or while recording is about to begin. */
  readonly reason: GateReason | 'failed' | null
  readonly replayId: string | null
}

export interface RecorderDeps {
  readonly apiKey: string
  readonly options: ResolvedOptions
  /** Who embeds the recorder. */
  readonly library: { readonly type: string; readonly version: string }
  /** Asked at each decision: the live word of analytics, not a copy. */
  isOptedOut(): boolean
  readonly report: Report
  /** @default the real ones, each a chunk of its own */
  readonly loadPipeline?: (deps: PipelineDeps) => Promise<Pipeline>
  /** Fetches the chunk, no more. */
  readonly preloadPipeline?: () => Promise<unknown>
  readonly loadTargeting?: (deps: Parameters<typeof openTargeting>[0]) => Promise<Targeting>
}

export interface Recorder {
  /** Takes the ids over and asks the server; resolves when all is known that `start` needs. Records nothing yet. */
  prepare(ids: { deviceId?: string | undefined; sessionId?: SessionId | undefined }): Promise<void>
  /** Changes ids; ends the old session's recording before it returns. Resolves when the new decision is made. */
  setIds(ids: { deviceId?: string | undefined; sessionId?: SessionId | undefined }): Promise<void>
  sessionId(): SessionId | undefined
  /** Resolves when the decision for the session in force is made. */
  decided(): Promise<void>
  /** Properties for analytics events of this session; empty when it is not recorded. */
  properties(): Record<string, string | null>
  /** Asks the targeting rules again, if there are any; resolves with the verdict known. */
  evaluateTargeting(news?: TargetingNews): Promise<void>
  /** Lets it record, if the other facts do. */
  start(): void
  /** Resolves when recording has begun, or is not going to; after a second in any case. */
  begun(): Promise<void>
  /** Records nothing until `start`. What was captured is sent. */
  stop(reason?: CloseReason): void
  /** Reasons to pause; an empty list is none. Before it returns, the gate is closed if there is one. */
  setHolds(holds: readonly string[]): void
  setConsent(given: boolean): void
  /** Opt-out has changed: what is not sent of a user who opted out is forgotten. */
  optOutChanged(): void
  setMaskLevel(level: MaskLevel | null): void
  maskLevel(): MaskLevel
  /** Records a session only if it is within this rate as well; null takes the limit back. */
  limitSampleRate(rate: number | null): void
  checkpoint(): void
  knows(node: Node): boolean
  hasRecorded(): boolean
  /** The element is left out of the recording with everything in it. */
  isBlocked(element: Element): boolean
  /** What the recording shows of a node, and which rule decided it; null while nothing was recorded. */
  explainNode(node: Node): { visibility: 'visible' | 'masked' | 'blocked'; rule: string } | null
  flush(): Promise<void>
  discardRecent(ms: number): void
  readonly status: Readable<RecorderStatus>
  explain(): RecorderExplanation
  /**
   * Stops, and once what was captured is delivered as far as possible holds nothing of the page any more: no listener,
   * timer, worker or lock. `prepare` and `start` wake it up.
   */
  rest(): Promise<void>
  /** The same for good. */
  end(): Promise<void>
}

/** Why this page is or is not recorded: the chain of decisions, and what became of the events. */
export interface RecorderExplanation extends GateExplanation {
  readonly replayId: string | null
  readonly privacy: Record<string, unknown> | null
  readonly delivery: PipelineStatus | null
  /** Why nothing that is recorded arrives at the moment, or null. */
  readonly trouble: string | null
  /** Elements that change too often to be recorded in full; see `performanceConfig.mutationBudget`. */
  readonly hotNodes: readonly { element: string; stage: string; perSecond: number }[]
}

/** Settings asked for this recently hold for the same session: pausing on a route costs no request, in ms. */
const SETTINGS_FRESH_MS = 600_000

/** Who waits for the first snapshot does not wait longer for a chunk that does not come, in ms. */
const BEGUN_MS = 1000

export function createRecorder(deps: RecorderDeps): Recorder {
  const { apiKey, options, report } = deps
  const loadPipeline = deps.loadPipeline ?? loadRealPipeline
  const preloadPipeline = deps.preloadPipeline ?? importPipeline
  const loadTargeting = deps.loadTargeting ?? loadRealTargeting
  const session = createSession(report)
  const startTimes = createStartTimes(apiKey, localStore)
  const location = createLocation(
    report,
    options.enableUrlChangePolling ? options.urlChangePollingInterval : undefined,
  )
  const status = createValue<RecorderStatus>({ recording: false, reason: 'stopped', replayId: null })
  const serverZone = options.serverZone ?? 'US'

  let ended = false
  let stopped = true
  let consent = true
  let holds: readonly string[] = []
  let remote: RemoteConfig | null = null
  let remoteAt = Number.NEGATIVE_INFINITY
  let settings: EffectiveSettings | null = null
  let verdict: TargetingVerdict = 'pending'
  let targeting: Promise<Targeting> | undefined
  let rateLimit: number | null = null
  let pipeline: Pipeline | undefined
  let loading: Promise<void> | undefined
  let failed = false
  let level: MaskLevel | null = null
  let durationTimer: ReturnType<typeof setTimeout> | undefined
  /** Sessions that the server wants nothing of. */
  const refused = new Set<string>()
  /** Grows with each question to the server: late answers to earlier ones are not for us. */
  let question = 0

  const config = createRemoteConfig({
    apiKey,
    serverZone,
    configServerUrl: options.configServerUrl,
    handleFetchConfig: options.handleFetchConfig,
    storage: localStore,
    onLate: (answer) => {
      takeAnswer(answer)
      void evaluateTargeting()
    },
    page: globalThis.document,
    report,
  })

  const facts = (): GateFacts => factsUnder(remote, settings)

  function factsUnder(remote: RemoteConfig | null, settings: EffectiveSettings | null): GateFacts {
    const { sessionId, deviceId } = session.get()
    const rate = settings?.sampleRate ?? 0
    const isNarrowed = rateLimit !== null && rateLimit < rate
    return {
      sessionId,
      deviceId,
      stopped: stopped || ended,
      invalid: options.invalid,
      remote,
      refused: refused.has(String(sessionId)),
      optedOut: deps.isOptedOut(),
      consent,
      selection: settings?.targeting
        ? { by: 'targeting', verdict }
        : {
            by: 'sampling',
            draw: sessionId ? sampleDraw(sessionId) : 1,
            rate: isNarrowed ? (rateLimit ?? 0) : rate,
            rateFrom: isNarrowed ? 'route rule' : (settings?.rateFrom ?? 'code'),
          },
      holds: isPrerendering() ? [...holds, 'prerendering'] : holds,
    }
  }

  /** Moves recording to what the facts allow. */
  const apply = guard('deciding what to record', report, (why: CloseReason = 'stop'): void => {
    const decision = decideGate(facts())
    const { identity, replayId } = session.get()
    if (!decision.open) pipeline?.stop(why)
    else if (!pipeline) void load()
    else if (!pipeline.isRecording() && identity && settings) {
      const startedAt = startTimes.begin(identity.sessionId)
      pipeline.start({ identity, sampleRate: settings.sampleRate, settings, metadata: metadata() })
      wakeWhenLongEnough(startedAt)
    }
    const recording = pipeline?.isRecording() ?? false
    const reason = decision.open ? (failed ? 'failed' : null) : decision.reason
    const before = status.get()
    if (before.recording !== recording || before.reason !== reason || before.replayId !== replayId)
      status.set({ recording, reason, replayId })
  })

  /** What is held back for the minimum session duration leaves when it is reached, activity or not. */
  function wakeWhenLongEnough(startedAt: number): void {
    clearTimeout(durationTimer)
    const leftMs = startedAt + (settings?.minSessionDurationMs ?? 0) - Date.now()
    if (leftMs > 0) durationTimer = setTimeout(() => pipeline?.wake(), leftMs)
  }

  function load(): Promise<void> {
    loading ??= loadPipeline({
      apiKey,
      options,
      destination: {
        apiKey,
        serverZone,
        trackServerUrl: options.trackServerUrl,
        version: VERSION,
        library: deps.library,
      },
      location,
      deviceId: () => session.get().deviceId,
      mayUpload,
      onSessionKilled(sessionId) {
        refused.add(String(sessionId))
        apply()
      },
      onAttention: () => apply(),
      report,
    }).then(
      (loaded) => {
        pipeline = loaded
        if (level) pipeline.setMaskLevel(level)
        failed = false
        if (deps.isOptedOut()) forgetUnsent()
        else if (remote?.usable && remote.captureEnabled) pipeline.adopt()
        apply()
      },
      (cause) => {
        // Perhaps the network: the next decision tries again.
        loading = undefined
        failed = true
        const message = 'Session Replay: the recorder could not be loaded; check that its chunks are served.'
        report(new ReplayError('SETUP_FAILED', message, { cause, fatal: true }))
        status.set({ ...status.get(), recording: false, reason: 'failed' })
      },
    )
    return loading
  }

  /** Of a user who opted out nothing waits for better days, whichever page of this site recorded it. */
  function forgetUnsent(): void {
    if (pipeline) void pipeline.discard()
    else if (hasLeftovers(apiKey)) void load()
  }

  function optOutChanged(): void {
    apply('stop')
    if (deps.isOptedOut()) forgetUnsent()
    else pipeline?.wake()
  }

  function mayUpload(header: BatchHeader, lastEventAt: number): 'yes' | 'wait' | 'never' {
    if (!remote) return 'wait'
    // Without the server's word nothing is sent, whoever captured it.
    if (!remote.usable || !remote.captureEnabled) return 'wait'
    if (deps.isOptedOut()) {
      // Analytics does not always tell. What was captured since goes with the rest.
      if (pipeline?.isRecording()) queueMicrotask(optOutChanged)
      return 'wait'
    }
    return decideMinDuration({
      minSessionDurationMs: settings?.minSessionDurationMs ?? 0,
      sessionId: header.sessionId,
      startedAt: startTimes.startedAt(header.sessionId),
      lastEventAt,
      currentSessionId: session.get().sessionId,
      now: Date.now(),
    })
  }

  /**
   * The chunk comes while the server is being asked, if its answer to an earlier page would record this session: a
   * user who leaves within a second is recorded from the second page on.
   */
  function preload(): void {
    const guess = pipeline ? undefined : config.guess()
    if (!guess?.usable) return
    const expected = factsUnder(guess, joinSettings(options, guess))
    if (decideGate({ ...expected, stopped: ended }).open) preloadPipeline().catch(() => {}) // Told when it is needed.
  }

  async function askServer(): Promise<void> {
    const asked = ++question
    remote = null
    settings = null
    apply('session-change')
    if (options.invalid !== null || !session.get().sessionId) return
    preload()
    const answer = await config.load()
    if (asked === question && !ended) takeAnswer(answer)
  }

  function takeAnswer(answer: RemoteConfig): void {
    if (ended) return
    remote = answer
    remoteAt = performance.now()
    settings = answer.usable ? joinSettings(options, answer) : null
    verdict = 'pending'
    targeting = undefined
    apply()
    pipeline?.wake()
    if (!pipeline && answer.usable && answer.captureEnabled && !deps.isOptedOut() && hasLeftovers(apiKey))
      void load()
  }

  async function evaluateTargeting(news?: TargetingNews): Promise<void> {
    const flag = settings?.targeting
    const { sessionId } = session.get()
    if (!flag || !sessionId || verdict === 'matched') return
    const asked = question
    try {
      targeting ??= loadTargeting({
        apiKey,
        storeType: options.storeType,
        flag: flag as Record<string, unknown>,
        sessionId,
        userProperties: options.userProperties as Record<string, unknown> | undefined,
        pageUrl: location.get,
        report,
      })
      const answer = await (await targeting).evaluate(news)
      if (asked === question && !ended) verdict = answer
    } catch (cause) {
      // In doubt, not targeted.
      if (asked === question) verdict = 'not-matched'
      report(
        new ReplayError('REMOTE_CONFIG', 'Session Replay: targeting rules could not be loaded.', { cause }),
      )
    }
    if (asked === question) apply()
  }

  // A single-page navigation may make a page match that did not before.
  let stopFollowing: Stop | undefined
  function followTargeting(): void {
    stopFollowing ??= location.subscribe(() => void evaluateTargeting())
  }

  let deciding: Promise<void> = Promise.resolve()
  function decideAgain(): Promise<void> {
    deciding = askServer()
      .then(() => evaluateTargeting())
      .then(() => {
        if (settings?.targeting) followTargeting()
      })
    return deciding
  }

  async function rest(): Promise<void> {
    stopped = true
    question++
    config.stop()
    stopFollowing?.()
    stopFollowing = undefined
    clearTimeout(durationTimer)
    apply('stop')
    await loading
    // Woken up meanwhile: nothing is left to end.
    if (stopped) await pipeline?.rest()
  }

  function metadata(): Record<string, unknown> {
    const { sessionId } = session.get()
    return {
      sessionId,
      sampleRate: settings?.sampleRate,
      maskLevel: maskLevel(),
      storeType: options.storeType,
      useWebWorker: options.useWebWorker,
      replaySDKType: deps.library.type,
      replaySDKVersion: deps.library.version,
      standaloneSDKType: '@session-replay-kit/core',
      standaloneSDKVersion: VERSION,
    }
  }

  const maskLevel = (): MaskLevel =>
    pipeline?.maskLevel() ??
    settings?.privacy.remote?.defaultMaskLevel ??
    options.privacyConfig?.defaultMaskLevel ??
    'medium'

  return {
    async prepare(ids) {
      const before = session.get()
      session.update(ids)
      if (deps.isOptedOut()) forgetUnsent()
      const isFresh = remote?.usable && performance.now() - remoteAt < SETTINGS_FRESH_MS
      if (!isFresh || session.get().sessionId !== before.sessionId) await decideAgain()
    },
    async setIds(ids) {
      const before = session.get()
      // The old recording ends under the old ids before the new ones are known to anybody.
      const changes = { ...before, ...ids }
      if (changes.sessionId === before.sessionId && changes.deviceId === before.deviceId) return
      pipeline?.stop('session-change')
      session.update(ids)
      if (session.get().sessionId === before.sessionId) apply('session-change')
      else await decideAgain()
    },
    sessionId: () => session.get().sessionId,
    decided: () => deciding,
    properties() {
      const { identity } = session.get()
      return identity && decideGate(facts()).open ? replayProperties(identity, apiKey, options.debugMode) : {}
    },
    evaluateTargeting,
    start() {
      stopped = false
      if (settings?.targeting) followTargeting()
      apply()
    },
    async begun() {
      let timer: ReturnType<typeof setTimeout> | undefined
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, BEGUN_MS)
      })
      await Promise.race([loading, patience])
      clearTimeout(timer)
    },
    stop(reason = 'stop') {
      stopped = true
      apply(reason)
    },
    setHolds(next) {
      holds = next
      apply('pause')
    },
    setConsent(given) {
      if (consent && !given) forgetUnsent()
      consent = given
      apply('pause')
    },
    optOutChanged,
    setMaskLevel(next) {
      level = next
      pipeline?.setMaskLevel(next)
    },
    maskLevel,
    limitSampleRate(rate) {
      rateLimit = rate
      apply('pause')
    },
    checkpoint: () => pipeline?.checkpoint(),
    knows: (node) => pipeline?.knows(node) ?? false,
    hasRecorded: () => pipeline?.hasRecorded() ?? false,
    isBlocked: (element) => pipeline?.isBlocked(element) ?? false,
    explainNode: (node) => pipeline?.explainNode(node) ?? null,
    flush: async () => pipeline?.flush(),
    discardRecent: (ms) => pipeline?.discardRecent(ms),
    status,
    explain() {
      const gate = explainGate(facts())
      const delivery = pipeline?.status() ?? null
      const trouble = delivery?.upload.trouble ?? null
      return {
        ...gate,
        sentence: trouble === null ? gate.sentence : `${gate.sentence}; ${trouble}`,
        replayId: session.get().replayId,
        privacy: pipeline?.describePrivacy() ?? null,
        delivery,
        trouble,
        hotNodes: pipeline?.hotNodes() ?? [],
      }
    },
    rest,
    async end() {
      ended = true
      await rest()
    },
  }
}

const importPipeline = () => import('./pipeline.ts')

async function loadRealPipeline(deps: PipelineDeps): Promise<Pipeline> {
  const { createPipeline } = await importPipeline()
  return createPipeline(deps)
}

async function loadRealTargeting(deps: Parameters<typeof openTargeting>[0]): Promise<Targeting> {
  const { openTargeting } = await import('./pipeline/targeting.ts')
  return openTargeting(deps)
}
