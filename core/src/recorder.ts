/**
 * The life of one recorder. Facts come in (ids, the server's settings, opt-out, holds), one decision is made from all
 * of them, and recording is moved from what is to what should be. Every change of a fact ends in `apply`; nothing else
 * starts or stops recording. Closing is synchronous: when the call that closed the gate returns, nothing more is
 * emitted. Opening may take a moment (the pipeline is loaded on first use) and always begins with a full snapshot.
 */
import { type EffectiveSettings, joinSettings } from './config/join.ts'
import { createRemoteConfig, type RemoteConfig } from './config/remote.ts'
import { guard, ReplayError } from './errors.ts'
import { strictness } from './mask-levels.ts'
import type { Pipeline, PipelineDeps } from './pipeline.ts'
import { hasLeftovers } from './platform/leftovers.ts'
import { isPrerendering, watchActivation } from './platform/prerendering.ts'
import { createValue } from './platform/readable.ts'
import { localStore } from './platform/storage.ts'
import { createChunkLoader } from './recorder/chunk-loader.ts'
import { explainRecorder } from './recorder/explain.ts'
import { importPipelineChunk, loadPipelineChunk, loadTargetingChunk } from './recorder/lazy-chunks.ts'
import { selectionOf } from './recorder/selection.ts'
import { watchTargeting } from './recorder/targeting-watch.ts'
import type { Recorder, RecorderDeps, RecorderStatus } from './recorder/types.ts'
import { decideGate, type GateFacts } from './session/gate.ts'
import { createSession } from './session/session.ts'
import { replayProperties } from './session/tagging.ts'
import type { CloseReason, MaskLevel } from './types.ts'
import { VERSION } from './version.ts'

/** What the server itself said so recently holds for the same session: pausing on a route costs no request, in ms. */
const SETTINGS_FRESH_MS = 600_000

/** Who waits for the first snapshot does not wait longer for a chunk that does not come, in ms. */
const BEGUN_MS = 1000

export function createRecorder(deps: RecorderDeps): Recorder {
  const { apiKey, options, report } = deps
  const loadPipeline = deps.loadPipeline ?? loadPipelineChunk
  const preloadPipeline = deps.preloadPipeline ?? importPipelineChunk
  const session = createSession(report)
  const status = createValue<RecorderStatus>({ recording: false, reason: 'stopped', replayId: null })
  const serverZone = options.serverZone ?? 'US'

  let ended = false
  /** Nothing is wanted before the next `prepare`. */
  let resting = false
  /** The door that opens it is not ready, or closed again. */
  let stopped = true
  /** The app's own word, whatever its door does meanwhile. */
  let paused = false
  let holds: readonly string[] = []
  let remote: RemoteConfig | null = null
  let remoteAt = Number.NEGATIVE_INFINITY
  let settings: EffectiveSettings | null = null
  let rateLimit: number | null = null
  let pipeline: Pipeline | undefined
  /** Recording broke off: not again before a new start, session or device. */
  let broken = false
  /** What was not sent is to be forgotten as soon as the pipeline is there. */
  let forgets = false
  /** What was last acted on. */
  let wasOptedOut = false
  let level: MaskLevel | null = null
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
      void targeting.evaluate()
    },
    page: globalThis.document,
    report,
  })

  const targeting = watchTargeting({
    rules() {
      const { sessionId } = session.get()
      return settings?.targeting && sessionId ? { flag: settings.targeting, sessionId } : null
    },
    apiKey,
    options,
    report,
    load: deps.loadTargeting ?? loadTargetingChunk,
    onVerdict: () => apply(),
  })

  const facts = (): GateFacts => factsUnder(remote, settings)

  function factsUnder(remote: RemoteConfig | null, settings: EffectiveSettings | null): GateFacts {
    const { sessionId, deviceId } = session.get()
    return {
      sessionId,
      deviceId,
      stopped: stopped || paused || ended,
      invalid: options.invalid,
      remote,
      refused: refused.has(String(sessionId)),
      optedOut: deps.isOptedOut(),
      selection: selectionOf({ settings, sessionId, rateLimit, verdict: targeting.verdict() }),
      holds: isPrerendering() ? [...holds, 'prerendering'] : holds,
      failure: broken ? 'recording broke off' : chunk.hasFailed() ? 'the recorder could not be loaded' : null,
    }
  }

  /** Moves recording to what the facts allow. */
  const apply = guard('deciding what to record', report, (why: CloseReason = 'stop'): void => {
    const decision = decideGate(facts())
    const { identity, replayId } = session.get()
    if (!pipeline && isChunkWanted()) chunk.load()
    if (!decision.open) pipeline?.stop(why)
    else if (pipeline && !pipeline.isRecording() && identity && settings) {
      pipeline.start({ identity, settings, maskLevel: maskLevel() })
    }
    const recording = pipeline?.isRecording() ?? false
    const reason = decision.open ? null : decision.reason
    const before = status.get()
    if (before.recording !== recording || before.reason !== reason || before.replayId !== replayId)
      status.set({ recording, reason, replayId })
  })

  const isChunkWanted = (): boolean => forgets || decideGate({ ...facts(), failure: null }).open

  const chunk = createChunkLoader({
    fetch: () => loadPipeline(pipelineDeps()),
    isWanted: isChunkWanted,
    onLoaded(loaded) {
      pipeline = loaded
      if (level) pipeline.setMaskLevel(level)
      if (forgets || deps.isOptedOut()) forgetUnsent()
      else if (remote?.usable && remote.captureEnabled) pipeline.adopt()
      forgets = false
      apply()
    },
    onFailed(cause) {
      const message = 'Session Replay: the recorder could not be loaded; check that its chunks are served.'
      report(new ReplayError('SETUP_FAILED', message, { cause, fatal: true }))
      apply()
    },
  })

  function pipelineDeps(): PipelineDeps {
    return {
      apiKey,
      options,
      destination: {
        apiKey,
        serverZone,
        trackServerUrl: options.trackServerUrl,
        version: VERSION,
        library: deps.library,
      },
      tellsInteractions: !!settings?.interaction,
      deviceId: () => session.get().deviceId,
      mayUpload,
      minimum: () => ({
        minSessionDurationMs: settings?.minSessionDurationMs ?? 0,
        currentSessionId: session.get().sessionId,
      }),
      onSessionKilled(sessionId) {
        refused.add(String(sessionId))
        apply()
      },
      onFailed() {
        broken = true
        apply()
      },
      onAttention: () => apply(),
      debug: deps.debug,
      report,
    }
  }

  /** Of a user who opted out nothing waits for better days, whichever page of this site recorded it. */
  function forgetUnsent(): void {
    if (pipeline) void pipeline.discard()
    else if (chunk.loading() || hasLeftovers(apiKey)) {
      forgets = true
      chunk.load()
    }
  }

  function optOutChanged(): void {
    wasOptedOut = deps.isOptedOut()
    apply('stop')
    if (wasOptedOut) forgetUnsent()
    else pipeline?.wake()
  }

  function mayUpload(): boolean {
    // Without the server's word nothing is sent, whoever captured it.
    if (!remote?.usable || !remote.captureEnabled) return false
    const isOptedOut = deps.isOptedOut()
    if (isOptedOut !== wasOptedOut) {
      // Analytics does not always tell. What was captured since goes with the rest.
      wasOptedOut = isOptedOut
      queueMicrotask(optOutChanged)
    }
    return !isOptedOut
  }

  /**
   * The chunk comes while the server is being asked, if its answer to an earlier page would record this session: a
   * user who leaves within a second is recorded from the second page on.
   */
  function preload(): void {
    const guess = pipeline ? undefined : config.guess()
    if (!guess?.usable) return
    const expected = factsUnder(guess, joinSettings(options, guess))
    if (decideGate({ ...expected, stopped: paused || ended }).open) preloadPipeline().catch(() => {}) // Told when it is needed.
  }

  async function askServer(): Promise<void> {
    const asked = ++question
    broken = false
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
    const before = settings
    remote = answer
    remoteAt = performance.now()
    settings = answer.usable ? joinSettings(options, answer) : null
    if (before && settings) renew(before, settings)
    targeting.forget()
    apply()
    pipeline?.wake()
    if (!pipeline && answer.usable && answer.captureEnabled && !deps.isOptedOut() && hasLeftovers(apiKey))
      chunk.load()
  }

  /** The server has changed its mind since the answer that was kept: recording begins anew under what it says now. */
  function renew(before: EffectiveSettings, now: EffectiveSettings): void {
    if (JSON.stringify(before) === JSON.stringify(now) || !pipeline?.isRecording()) return
    pipeline.stop('session-change')
    // What is gathered is told when recording stops, hidden by the old rules.
    if (hidingOf(before) !== hidingOf(now)) pipeline.discardRecent(Number.POSITIVE_INFINITY)
  }

  let deciding: Promise<void> = Promise.resolve()
  function decideAgain(): Promise<void> {
    deciding = askServer()
      .then(() => targeting.evaluate())
      .then(() => {
        if (settings?.targeting) targeting.follow()
      })
    return deciding
  }

  async function rest(): Promise<void> {
    stopped = true
    resting = true
    question++
    config.stop()
    targeting.stop()
    apply('stop')
    if (!forgets) chunk.stop()
    await chunk.loading()
    // Woken up meanwhile: nothing is left to end.
    if (stopped) await pipeline?.rest()
  }

  const stopWaiting = isPrerendering() ? watchActivation(() => apply(), report) : undefined

  const maskLevel = (): MaskLevel => {
    const own =
      pipeline?.maskLevel() ??
      settings?.privacy.remote?.defaultMaskLevel ??
      options.privacyConfig?.defaultMaskLevel ??
      'medium'
    return level && strictness(level) > strictness(own) ? level : own
  }

  return {
    async prepare(ids) {
      resting = false
      const before = session.get()
      session.update(ids)
      if (deps.isOptedOut()) forgetUnsent()
      // At rest nobody listened for the server any more that an old answer stood in for.
      const isItsWord = remote?.usable && remote.source === 'network'
      const isFresh = isItsWord && performance.now() - remoteAt < SETTINGS_FRESH_MS
      if (!isFresh || session.get().sessionId !== before.sessionId) await decideAgain()
    },
    async setIds(ids) {
      const before = session.get()
      // The old recording ends under the old ids before the new ones are known to anybody.
      const changes = { ...before, ...ids }
      if (changes.sessionId === before.sessionId && changes.deviceId === before.deviceId) return
      pipeline?.stop('session-change')
      session.update(ids)
      broken = false
      const isSameSession = session.get().sessionId === before.sessionId
      if (!isSameSession && !resting) return decideAgain()
      // At rest the server is asked when somebody wants to know.
      if (!isSameSession) remoteAt = Number.NEGATIVE_INFINITY
      apply('session-change')
      pipeline?.wake()
    },
    sessionId: () => session.get().sessionId,
    decided: () => deciding,
    properties() {
      const { identity } = session.get()
      return identity && decideGate(facts()).open ? replayProperties(identity, apiKey, options.debugMode) : {}
    },
    evaluateTargeting: targeting.evaluate,
    start() {
      stopped = false
      broken = false
      targeting.follow()
      apply()
    },
    begun: () => chunk.settled(BEGUN_MS),
    stop() {
      stopped = true
      apply()
    },
    setPaused(next) {
      paused = next
      if (!paused) broken = false
      apply('pause')
    },
    isPaused: () => paused,
    setHolds(next) {
      holds = next
      apply('pause')
    },
    forgetUnsent,
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
    pipeline: () => pipeline,
    status,
    explain: () => explainRecorder(facts(), session.get().replayId, pipeline),
    rest,
    async end() {
      ended = true
      stopWaiting?.()
      await rest()
    },
  }
}

/** What decides how much of the page is shown. */
const hidingOf = ({ privacy, ugcFilterRules, logging }: EffectiveSettings): string =>
  JSON.stringify([privacy, ugcFilterRules, logging])
