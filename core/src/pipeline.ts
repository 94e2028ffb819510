/**
 * The path of one event through the stages, and of a flush.
 *
 *   capture ─▶ privacy ─▶ pack ─▶ store ─▶ upload
 *   └─── recording ────┘  └───── delivery ──────┘
 *
 * One pipeline serves a page and an API key. Recordings start and stop in it any number of times; what was captured
 * stays on its way whatever becomes of them. The stages do not know each other: `pipeline/` hands each the functions
 * of the next. All of this is one lazy chunk, loaded when a session is going to be recorded or when an earlier page
 * left something to send; a page that is not recorded never downloads it.
 */
import { decideFrameRole } from './capture/frame-role.ts'
import type { EffectiveSettings } from './config/join.ts'
import type { ResolvedOptions } from './config/resolve-options.ts'
import { guard, ReplayError, type Report } from './errors.ts'
import type { Delivery, DeliveryStatus } from './pipeline/delivery.ts'
import type { FrameRecording } from './pipeline/frame-recording.ts'
import { startPageDelivery } from './pipeline/page-delivery.ts'
import { followLocation } from './pipeline/page-location.ts'
import { type Recording, startRecording } from './pipeline/recording.ts'
import { createSessionLength } from './pipeline/session-length.ts'
import { localStore } from './platform/storage.ts'
import type { MinDurationFacts } from './session/min-duration.ts'
import type { CloseReason, Identity, MaskLevel, SessionId } from './types.ts'
import { type Destination, trackUrl } from './upload/endpoint.ts'

export interface PipelineDeps {
  readonly apiKey: string
  readonly options: ResolvedOptions
  readonly destination: Destination
  /** Clicks and scrolling of the session at hand are wanted. */
  readonly tellsInteractions: boolean
  /** For what another recorder left behind without one. */
  deviceId(): string | undefined
  /** Consent and server allow it. False: not yet. */
  mayUpload(): boolean
  /** How long a session has to last, and which one goes on. */
  minimum(): Pick<MinDurationFacts, 'minSessionDurationMs' | 'currentSessionId'>
  /** The server wants no more of this session. */
  onSessionKilled(sessionId: SessionId): void
  /** Recording broke off by itself, and would again. */
  onFailed(): void
  /** The page got or lost the focus, or is back from the back/forward cache: a moment to decide again. */
  onAttention(): void
  /** For `debugMode`. */
  debug(line: string): void
  readonly report: Report
}

export type PipelineStatus = DeliveryStatus

export interface WantedRecording {
  readonly identity: Identity
  readonly settings: EffectiveSettings
  /** For the diagnostic `metadata` event. */
  readonly maskLevel: MaskLevel
}

export interface Pipeline {
  /** Records under these settings until `stop`; a recording under way is ended first. */
  start(wanted: WantedRecording): void
  /** Nothing more is emitted once this returns. What was captured is packed and stays on its way. */
  stop(reason: CloseReason): void
  isRecording(): boolean
  /** The node is, or was when recording stopped, part of the recording. */
  knows(node: Node): boolean
  hasRecorded(): boolean
  /** The element is left out of the recording with everything in it. */
  isBlocked(element: Element): boolean
  /** What the recording shows of a node, and which rule decided it; null while nothing was recorded. */
  explainNode(node: Node): { visibility: 'visible' | 'masked' | 'blocked'; rule: string } | null
  checkpoint(): void
  setMaskLevel(level: MaskLevel | null): void
  maskLevel(): MaskLevel | null
  describePrivacy(): Record<string, unknown> | null
  /** Nodes that change too often to be recorded in full. */
  hotNodes(): { element: string; stage: string; perSecond: number }[]
  flush(): Promise<void>
  adopt(): void
  discard(): Promise<void>
  discardRecent(ms: number): void
  wake(): void
  /** Of the delivery that runs or, at rest, of the last one. */
  status(): PipelineStatus | null
  /** Ends the recording, delivers what is left, then holds nothing of the page: no listener, timer, worker or lock. */
  rest(): Promise<void>
}

/** Where every zone's remote config address begins. */
const CONFIG_HOSTS = 'https://sr-client-cfg.'

export function createPipeline(deps: PipelineDeps): Pipeline {
  const { options, report } = deps
  const location = followLocation(options, report)
  const length = createSessionLength(deps.apiKey, localStore)
  let recording: Recording | undefined
  let last: Recording | undefined
  let level: MaskLevel | null = null

  /** From the first need to the next rest. */
  let delivery: Delivery | undefined
  let lastDelivery: Delivery | undefined
  /** They try for as long as the outage lasts. What is decided about unsent data concerns theirs, too. */
  const ending = new Set<Delivery>()

  function deliver(): Delivery {
    delivery ??= startPageDelivery({
      apiKey: deps.apiKey,
      options,
      destination: deps.destination,
      deviceId: deps.deviceId,
      mayUpload: (header, lastEventAt) =>
        deps.mayUpload() ? length.judge(header, lastEventAt, deps.minimum()) : 'wait',
      onSessionKilled: deps.onSessionKilled,
      onGap: () => recording?.checkpoint(),
      onLeave: () => recording?.leave(),
      onFocus: () => options.captureFullSnapshotOnFocus && recording?.checkpoint(),
      onAttention: deps.onAttention,
      debug: deps.debug,
      report,
    })
    lastDelivery = delivery
    return delivery
  }

  // A frame has a parent to hand its events to, and nothing to deliver.
  let frame: FrameRecording | undefined
  const startInFrame = async (settings: EffectiveSettings): Promise<void> => {
    const loading: FrameRecording = { setMaskLevel() {}, stop() {} }
    frame = loading
    try {
      const { startFrameRecording } = await import('./pipeline/frame-recording.ts')
      if (frame !== loading) return
      frame = startFrameRecording({ options, settings, maskLevel: level, href: location.get, report })
    } catch (cause) {
      if (frame === loading) frame = undefined
      report(new ReplayError('CAPTURE_FAILED', 'Session Replay: this frame cannot be recorded.', { cause }))
    }
  }

  const stop = (reason: CloseReason): void => {
    frame?.stop()
    frame = undefined
    if (!recording) return
    recording.stop()
    last = recording
    recording = undefined
    // Not at once: whoever stops it may first take back what came last (`discardRecent`).
    queueMicrotask(
      guard('ending a batch', report, () => {
        if (!recording) void delivery?.close(reason)
      }),
    )
  }

  /** Who records, and how: for the diagnostic `metadata` event. */
  function describe(): Record<string, unknown> {
    const { library, version } = deps.destination
    return {
      storeType: options.storeType,
      useWebWorker: options.useWebWorker,
      replaySDKType: library.type,
      replaySDKVersion: library.version,
      standaloneSDKType: '@session-replay-kit/core',
      standaloneSDKVersion: version,
    }
  }

  const deliveries = (): Delivery[] => (delivery ? [...ending, delivery] : [...ending])

  function wake(): void {
    for (const each of deliveries()) each.wake()
  }

  async function rest(): Promise<void> {
    stop('stop')
    const leaving = delivery
    delivery = undefined
    if (leaving) {
      ending.add(leaving)
      await leaving.end()
      ending.delete(leaving)
    }
    // What waits for its session to be long enough is to be told.
    if (!delivery && ending.size === 0) length.stop()
  }

  return {
    start({ identity, settings, maskLevel }) {
      stop('session-change')
      const role = options.crossOriginIframes.enabled ? decideFrameRole() : 'top'
      // The parent of the same origin records this document along with its own.
      if (role === 'covered') return
      if (role === 'child') return void startInFrame(settings)
      length.begin(identity.sessionId, settings.minSessionDurationMs, wake)
      const isAwakened = !delivery
      const { add, adopt } = deliver()
      const begun = startRecording({
        identity,
        settings,
        metadata: {
          sessionId: identity.sessionId,
          sampleRate: settings.sampleRate,
          maskLevel,
          ...describe(),
        },
        options,
        location,
        ownUrls: () => [trackUrl(deps.destination), options.configServerUrl ?? CONFIG_HOSTS],
        maskLevel: level,
        add,
        onFatal() {
          if (recording !== begun) return
          stop('stop')
          deps.onFailed()
        },
        report,
      })
      recording = begun
      last = undefined
      // What an earlier delivery had to leave on disk, for one.
      if (isAwakened) adopt()
    },
    stop,
    isRecording: () => (recording ?? frame) !== undefined,
    knows: (node) => (recording ?? last)?.capture.mirror.has(node) ?? false,
    hasRecorded: () => (recording ?? last) !== undefined,
    isBlocked: (element) => (recording ?? last)?.privacy.decide(element) === 'blocked',
    explainNode: (node) => (recording ?? last)?.privacy.explainNode(node) ?? null,
    checkpoint: () => recording?.checkpoint(),
    setMaskLevel(next) {
      level = next
      recording?.privacy.setLevel(next)
      frame?.setMaskLevel(next)
    },
    maskLevel: () => (recording ?? last)?.privacy.level() ?? null,
    hotNodes: () =>
      (recording?.capture.hotNodes() ?? []).map(({ node, stage, perSecond }) => ({
        element: node.nodeName.toLowerCase(),
        stage,
        perSecond,
      })),
    describePrivacy: () => recording?.privacy.describe() ?? null,
    async flush() {
      recording?.capture.tellChanges()
      await delivery?.flush()
    },
    adopt: () => deliver().adopt(),
    async discard() {
      const isAtRest = !delivery
      deliver()
      await Promise.all(deliveries().map((each) => each.discard()))
      if (isAtRest && !recording) await rest()
    },
    discardRecent(ms) {
      for (const each of deliveries()) each.discardRecent(ms)
    },
    wake,
    status: () => lastDelivery?.status() ?? null,
    rest,
  }
}
