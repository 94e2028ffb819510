import { type Capture, startCapture } from '../capture/record.ts'
import type { EffectiveSettings } from '../config/join.ts'
import type { ResolvedOptions } from '../config/resolve-options.ts'
import type { Report } from '../errors.ts'
import { joinPrivacyConfig } from '../privacy/policy.ts'
import { createPrivacy, type Privacy } from '../privacy/privacy.ts'
import type { CheckedPrivacyConfig, MaskLevel, ReplayEvent, Stop } from '../types.ts'

export interface PrivateCaptureDeps {
  readonly options: ResolvedOptions
  readonly settings: EffectiveSettings
  readonly maskLevel: MaskLevel | null
  /** The address that the page has at this moment. */
  href(): string
  /** Recording broke off for good. Called in a microtask. */
  readonly onFatal?: (() => void) | undefined
  readonly report: Report
}

/** Capture and privacy in one: what comes out has nothing private in it any more. */
export interface PrivateCapture {
  readonly privacy: Privacy
  /** The app's settings and the server's, joined. */
  readonly privacyConfig: CheckedPrivacyConfig
  readonly capture: Capture
  /** Asks for a fresh full snapshot; many requests within 500 ms make one. */
  checkpoint(): void
  stop: Stop
}

/** Snapshots of a page whose markers change all the time would cost more than they mend. */
const CHECKPOINT_EVERY_MS = 500

/** Records the page until stopped; `emit` receives each event after privacy has seen it, inside rrweb's own call. */
export function startPrivateCapture(
  deps: PrivateCaptureDeps,
  emit: (event: ReplayEvent, privacy: Privacy) => void,
): PrivateCapture {
  const { options, settings, report } = deps
  const { mutationBudget } = options.performanceConfig
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastAt = Number.NEGATIVE_INFINITY

  const privacyConfig = joinPrivacyConfig(settings.privacy.local, settings.privacy.remote)
  const privacy = createPrivacy({
    config: privacyConfig,
    ugcFilterRules: settings.ugcFilterRules,
    applyBackgroundColor: options.applyBackgroundColorToBlockedElements,
    href: deps.href,
    report,
    onMarkersChanged: checkpoint,
  })
  if (deps.maskLevel) privacy.setLevel(deps.maskLevel)

  const capture = startCapture({
    emit: (event) => emit(event, privacy),
    rewrite: privacy.rewrite,
    blockSelector: privacy.blockSelector,
    settings: {
      inlineStylesheet: options.shouldInlineStylesheet,
      inlineImages: options.inlineImages,
      captureAdoptedStyleSheets: options.captureAdoptedStyleSheets,
      fullSnapshotIntervalMs: options.fullSnapshotIntervalMs,
      mutationLimits: mutationBudget.enabled ? mutationBudget : undefined,
    },
    onFatal: deps.onFatal,
    report,
  })

  function checkpoint(): void {
    if (timer !== undefined) return
    const waitMs = Math.max(0, lastAt + CHECKPOINT_EVERY_MS - performance.now())
    timer = setTimeout(() => {
      timer = undefined
      lastAt = performance.now()
      capture.takeFullSnapshot()
    }, waitMs)
  }

  return {
    privacy,
    privacyConfig,
    capture,
    checkpoint,
    stop() {
      clearTimeout(timer)
      capture.stop()
      privacy.stop()
    },
  }
}
