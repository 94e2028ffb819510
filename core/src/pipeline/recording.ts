import type { ConsoleLevel } from '../capture/console.ts'
import { decideFrameRole } from '../capture/frame-role.ts'
import type { Interactions } from '../capture/interactions.ts'
import { startUrlTracking } from '../capture/url-tracking.ts'
import { readLogging } from '../config/remote-logging.ts'
import { guard, ReplayError } from '../errors.ts'
import type { Readable } from '../platform/readable.ts'
import type { Privacy } from '../privacy/privacy.ts'
import type { Channel, Identity, ReplayEvent, Stop } from '../types.ts'
import type { EventOrigin } from './delivery.ts'
import { type PrivateCapture, type PrivateCaptureDeps, startPrivateCapture } from './private-capture.ts'

/** What stays the same from the first snapshot of a recording to its end. */
export interface RecordingSettings extends Pick<PrivateCaptureDeps, 'settings'> {
  readonly identity: Identity
  /** Payload of the diagnostic `metadata` event. Must hold nothing private. */
  readonly metadata: Record<string, unknown>
}

export interface RecordingDeps extends RecordingSettings, Omit<PrivateCaptureDeps, 'href'> {
  readonly location: Readable<string>
  /** Addresses of our own requests: never recorded. */
  ownUrls(): readonly string[]
  /** Takes each private event over. */
  add(event: ReplayEvent, origin: EventOrigin): void
}

/** One uninterrupted recording of the page, from a full snapshot to its end. */
export interface Recording extends PrivateCapture {
  /** Tells what is gathered: changes of the last moment, and what is summed up until the page is left. */
  leave(): void
}

/**
 * Records until stopped. Every event has been made private before anything but rrweb sees it, and carries the ids it
 * was captured under. Meta and FullSnapshot are emitted before this returns if the document is parsed.
 */
export function startRecording(deps: RecordingDeps): Recording {
  const { identity, options, settings, location, report } = deps
  const { sampleRate } = settings
  const { crossOriginIframes: frames } = options
  const stops: Stop[] = []
  let stopped = false

  const addTo =
    (channel: Channel) =>
    (event: ReplayEvent, by: Privacy): void => {
      if (!stopped) deps.add(event, { identity, channel, pageUrl: safeUrl(by), sampleRate })
    }

  // Asked for each event, new for each page only.
  let lastUrl = { href: '', level: '', safe: '' }
  let ending = false
  function safeUrl(by: Privacy): string {
    // What is told at the end happened before, and the address may be that of a page that is not recorded.
    if (ending && lastUrl.href) return lastUrl.safe
    const href = location.get()
    const level = by.level()
    if (href !== lastUrl.href || level !== lastUrl.level)
      lastUrl = { href, level, safe: by.sanitizeUrl(href) }
    return lastUrl.safe
  }

  const inner = startPrivateCapture({ ...deps, href: location.get }, addTo('replay'))
  const { privacy, capture } = inner

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
  // Names and nesting of Amplitude's recorder: its tools, and the viewer's privacy lens, read the policy here.
  const { privacyConfig } = inner
  capture.addCustomEvent('metadata', { ...deps.metadata, joinedConfig: { privacyConfig, sampleRate } })
  capture.addCustomEvent('debug-info', { version: deps.metadata.standaloneSDKVersion })

  const addInteraction = addTo('interaction')
  let interactions: Interactions | undefined

  // Chunks of their own: most projects never switch them on.
  void load('clicks and scrolling', watchInteractions)
  const { consoleLevels, network } = readLogging(settings.logging)
  if (consoleLevels.length > 0) void load('the console', startConsole)
  if (network) void load('the network', () => startNetwork(network))
  if (frames.enabled && decideFrameRole() === 'top') void load('frames of other origins', startFrames)

  async function load(what: string, start: () => Promise<void>): Promise<void> {
    try {
      await start()
    } catch (cause) {
      report(new ReplayError('CAPTURE_FAILED', `Session Replay: ${what} cannot be recorded.`, { cause }))
    }
  }

  async function watchInteractions(): Promise<void> {
    if (!settings.interaction) return
    const { batch, trackEveryMs } = settings.interaction
    const { startInteractions } = await import('../capture/interactions.ts')
    if (stopped) return
    interactions = startInteractions({
      // Interactions travel as objects of their own form, not as rrweb events.
      emit: (interaction) => addInteraction(interaction as unknown as ReplayEvent, privacy),
      placeOf: privacy.placeOf,
      sanitizeUrl: privacy.sanitizeUrl,
      batch,
      batchEveryMs: trackEveryMs,
      selectorLimits: options.performanceConfig.interaction,
      report,
    })
    stops.push(interactions.stop)
  }

  async function startConsole(): Promise<void> {
    const { startConsoleCapture } = await import('../capture/console.ts')
    if (stopped) return
    const { addPluginEvent } = capture
    const levels = consoleLevels as ConsoleLevel[]
    stops.push(startConsoleCapture({ levels, addPluginEvent, report }))
  }

  async function startNetwork(bodies: NonNullable<typeof network>): Promise<void> {
    const { startNetworkCapture } = await import('../capture/network.ts')
    if (stopped) return
    stops.push(
      startNetworkCapture({
        bodies,
        isSecretName: privacy.isSecretName,
        ownUrls: deps.ownUrls,
        emit: (entry) => capture.addCustomEvent('fetch-request', entry),
        sanitizeUrl: privacy.sanitizeUrl,
        report,
      }),
    )
  }

  async function startFrames(): Promise<void> {
    const { startFrameParent } = await import('../capture/iframes.ts')
    if (!stopped) stops.push(startFrameParent({ ...frames, capture, report }))
  }

  return {
    ...inner,
    leave() {
      capture.tellChanges()
      interactions?.flush()
    },
    stop: guard('ending the recording', report, () => {
      if (stopped) return
      ending = true
      capture.tellLastChanges()
      interactions?.flush()
      stopped = true
      for (const stop of stops.reverse()) stop()
      inner.stop()
    }),
  }
}
