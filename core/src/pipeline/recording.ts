import { startInteractions } from '../capture/interactions.ts'
import { type Capture, type CaptureMirror, startCapture } from '../capture/record.ts'
import { startUrlTracking } from '../capture/url-tracking.ts'
import type { EffectiveSettings } from '../config/join.ts'
import { readLogging } from '../config/remote-logging.ts'
import type { ResolvedOptions } from '../config/resolve-options.ts'
import { guard, ReplayError, type Report } from '../errors.ts'
import type { Readable } from '../platform/readable.ts'
import { joinPrivacyConfig } from '../privacy/policy.ts'
import { createPrivacy, type Privacy } from '../privacy/privacy.ts'
import { createSecretNames } from '../privacy/url.ts'
import type { Identity, MaskLevel, ReplayEvent, Stop } from '../types.ts'
import type { EventOrigin } from './delivery.ts'

/** What stays the same from the first snapshot of a recording to its end. */
export interface RecordingSettings {
  readonly identity: Identity
  readonly sampleRate: number
  readonly settings: EffectiveSettings
  /** Payload of the diagnostic `metadata` event. Must hold nothing private. */
  readonly metadata: Record<string, unknown>
}

export interface RecordingDeps extends RecordingSettings {
  readonly options: ResolvedOptions
  readonly location: Readable<string>
  /** Addresses of our own requests: never recorded. */
  ownUrls(): readonly string[]
  readonly maskLevel: MaskLevel | null
  /** Takes each private event over. */
  add(event: ReplayEvent, origin: EventOrigin): void
  readonly report: Report
}

/** One uninterrupted recording of the page, from a full snapshot to its end. */
export interface Recording {
  readonly privacy: Privacy
  readonly mirror: CaptureMirror
  /** Asks for a fresh full snapshot; many requests within 500 ms make one. */
  checkpoint(): void
  addCustomEvent(tag: string, payload: unknown): void
  /** Tells what is summed up until the page is left. */
  leave(): void
  stop: Stop
}

/** Snapshots of a page whose markers change all the time would cost more than they mend. */
const CHECKPOINT_EVERY_MS = 500

/**
 * Records until stopped. Every event has been made private before anything but rrweb sees it, and carries the ids it
 * was captured under. Meta and FullSnapshot are emitted before this returns if the document is parsed.
 */
export function startRecording(deps: RecordingDeps): Recording {
  const { identity, sampleRate, options, settings, location, report } = deps
  const stops: Stop[] = []
  let stopped = false

  const add = (event: ReplayEvent, channel: EventOrigin['channel']): void => {
    if (!stopped)
      deps.add(event, { identity, channel, pageUrl: privacy.sanitizeUrl(location.get()), sampleRate })
  }

  const privacy = createPrivacy({
    config: joinPrivacyConfig(settings.privacy.local, settings.privacy.remote),
    ugcFilterRules: settings.ugcFilterRules,
    applyBackgroundColor: options.applyBackgroundColorToBlockedElements,
    href: () => location.get(),
    report,
    onMarkersChanged: () => checkpoint(),
  })
  if (deps.maskLevel) privacy.setLevel(deps.maskLevel)
  stops.push(privacy.stop)

  const capture: Capture = startCapture({
    emit: (event) => add(event, 'replay'),
    rewrite: (event, mirror, foreign) =>
      privacy.rewrite(event, mirror, foreign ? { foreign: true } : undefined),
    blockSelector: privacy.blockSelector,
    settings: {
      inlineStylesheet: options.shouldInlineStylesheet,
      inlineImages: options.inlineImages,
      captureAdoptedStyleSheets: options.captureAdoptedStyleSheets,
      fullSnapshotIntervalMs: options.fullSnapshotIntervalMs,
    },
    report,
  })
  stops.push(capture.stop)

  let checkpointTimer: ReturnType<typeof setTimeout> | undefined
  let lastCheckpointAt = Number.NEGATIVE_INFINITY
  function checkpoint(): void {
    if (stopped || checkpointTimer !== undefined) return
    const wait = Math.max(0, lastCheckpointAt + CHECKPOINT_EVERY_MS - performance.now())
    checkpointTimer = setTimeout(() => {
      checkpointTimer = undefined
      lastCheckpointAt = performance.now()
      capture.takeFullSnapshot()
    }, wait)
  }
  stops.push(() => clearTimeout(checkpointTimer))

  stops.push(
    startUrlTracking({
      location,
      addPluginEvent: capture.addPluginEvent,
      sanitizeUrl: privacy.sanitizeUrl,
      captureTitle: options.captureDocumentTitle,
      maskTitle: privacy.maskTitle,
      report,
    }),
  )
  capture.addCustomEvent('metadata', deps.metadata)

  const interactions = settings.interaction
    ? startInteractions({
        emit: (interaction) => add(interaction as unknown as ReplayEvent, 'interaction'),
        session: () => identity.sessionId,
        decide: privacy.decide,
        sanitizeUrl: privacy.sanitizeUrl,
        batch: settings.interaction.batch,
        batchEveryMs: settings.interaction.trackEveryMs,
        selectorLimits: options.performanceConfig.interaction,
        report,
      })
    : undefined
  if (interactions) stops.push(interactions.stop)

  void startLogging()

  /** Console and network capture are chunks of their own: most projects never switch them on. */
  async function startLogging(): Promise<void> {
    const { consoleLevels, network } = readLogging(settings.logging)
    try {
      if (consoleLevels.length > 0) {
        const { startConsoleCapture } = await import('../capture/console.ts')
        if (stopped) return
        stops.push(
          startConsoleCapture({
            levels: consoleLevels as ('info' | 'log' | 'warn' | 'error')[],
            addPluginEvent: capture.addPluginEvent,
            maskText: (text) => text,
            report,
          }),
        )
      }
      if (network) {
        const { startNetworkCapture } = await import('../capture/network.ts')
        if (stopped) return
        stops.push(
          startNetworkCapture({
            bodies: network,
            // What is hidden is decided in `privacy.rewrite`, as for every event.
            maskText: (text) => text,
            isSecretName: createSecretNames(),
            ownUrls: deps.ownUrls,
            emit: (entry) => capture.addCustomEvent('fetch-request', entry),
            sanitizeUrl: privacy.sanitizeUrl,
            report,
          }),
        )
      }
    } catch (cause) {
      report(
        new ReplayError('CAPTURE_FAILED', 'Session Replay: console and network can not be recorded.', {
          cause,
        }),
      )
    }
  }

  return {
    privacy,
    mirror: capture.mirror,
    checkpoint,
    addCustomEvent: capture.addCustomEvent,
    leave: () => interactions?.flush(),
    stop: guard('ending the recording', report, () => {
      if (stopped) return
      interactions?.flush()
      stopped = true
      for (const stop of stops.reverse()) stop()
    }),
  }
}
