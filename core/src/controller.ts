import { createAnalytics } from './controller/analytics.ts'
import { createAnnouncer } from './controller/announcer.ts'
import { createAttachment } from './controller/attachment.ts'
import { browser } from './controller/browser.ts'
import { createEra, type EraCause } from './controller/era.ts'
import { createHolds } from './controller/holds.ts'
import { followLeader, type Leader } from './controller/leader.ts'
import type { BuildParts, Host, ReplayParts } from './controller/ports.ts'
import { claimPage, leavePage } from './controller/registry.ts'
import type { Settler } from './controller/settle.ts'
import { decideStatus, describe, IDLE, sameSnapshot } from './controller/snapshot.ts'
import type {
  HoldKind,
  NavigationSource,
  Release,
  ReplayController,
  ReplayOptions,
  ReplaySnapshot,
} from './controller/types.ts'
import { ReplayError, type Report } from './errors.ts'
import { createRouteMatcher, type RouteDecision, type RouteMatcher, stricter } from './navigation/routes.ts'
import type { MaskLevel, Stop } from './types.ts'

// One place decides whether this page is recorded now. It knows reasons to pause (holds), where the plugin stands in
// the Browser SDK (attachment) and whether a restricted screen is still leaving (era). From these follows the gate,
// in the same call that changed them: closing is immediate and synchronous, opening needs everything to agree.
// Amplitude's add and remove, listeners and events come later and never decide anything.

/** While these are held the plugin stays in the SDK: it must hear of an opt-in, and a short pause is not a removal. */
const STAYS_ATTACHED: ReadonlySet<HoldKind> = new Set(['opt-out', 'hidden', 'masking'])

const DISCARDS: ReadonlySet<HoldKind> = new Set(['route', 'component'])

const GRACE_MS = 50
const CHECKPOINT_MS = 500
const POLL_MS = 1000

/**
 * Builds a controller. Inert until `start()`, and for ever on a server.
 * `build` makes plugin and recorder, once and in a browser only; `host` is the page.
 */
export function createController(
  options: ReplayOptions,
  build: BuildParts,
  host: Host = browser,
): ReplayController {
  let parts: ReplayParts | null = null
  let settler: Settler | null = null
  let matcher: RouteMatcher | null = null
  let starts = 0
  let running = false
  let disposed = false
  let away = false
  let gateOpen = false
  let epoch = 0
  let broken: 'failed' | 'unavailable' | null = null
  let error: ReplayError | null = null
  let route: RouteDecision | null = null
  let ownMask: MaskLevel | null = null
  let sentMask: MaskLevel | null = null
  let restricting = 0
  let leader: Leader | null = null
  let snapshot = IDLE
  let told = IDLE
  let stops: Stop[] = []
  let cancelGrace: Stop | null = null
  let cancelCheckpoint: Stop | null = null
  let waiting: (() => void)[] = []

  const all = (): ReplayParts => {
    parts ??= build(options)
    return parts
  }
  const report: Report = (problem) => all().report(problem)
  const inert = (): boolean => disposed || !host.hasDocument()

  const announcer = createAnnouncer({
    microtask: host.microtask,
    onEvent: options.onEvent,
    report,
    isNews() {
      const before = told
      told = read()
      return told !== before
    },
    afterwards() {
      if (!isIdle()) return
      const ready = waiting
      waiting = []
      for (const resolve of ready) resolve()
    },
  })

  const holds = createHolds(() => update())
  const era = createEra({
    settler: () => (settler ??= host.createSettler(report)),
    recorder: () => all().recorder,
    options: options.settle,
    report,
    onSettled(result) {
      announcer.changed({ type: 'settled', ...result })
      sendMask()
      update()
    },
  })
  const analytics = createAnalytics(options, (run) => host.after(0, run))
  const attachment = createAttachment({
    inner: () => all().plugin,
    client: analytics.client,
    wanted() {
      if (disposed || !running || leader) return 'detached'
      if (broken || holds.has('external')) return 'as-is'
      return holds.list().every(({ kind }) => STAYS_ATTACHED.has(kind)) ? 'attached' : 'detached'
    },
    closeGate: () => closeGate(),
    onChange: () => update(),
    onForeign(what) {
      if (what === 'removed') fail(null, new ReplayError('EXTERNAL_DETACH', REMOVED))
      else if (error?.code === 'EXTERNAL_DETACH') error = null
      holds.latch('external', what === 'removed')
    },
    onOptOut: (optedOut) => holds.latch('opt-out', optedOut),
    onFailure: (status, problem) => fail(status, problem),
    report,
    after: host.after,
  })

  const isIdle = (): boolean => attachment.isIdle() && !era.isSettling() && !holds.has('masking')

  const fail = (status: typeof broken, problem: ReplayError): void => {
    broken = status ?? broken
    error = problem
    report(problem)
    update()
  }

  const closeGate = (): void => {
    if (!gateOpen) return
    gateOpen = false
    epoch++
    const { recorder } = all()
    const reasons = holds.list()
    recorder.close(reasons)
    const restricted = reasons.some(({ kind }) => DISCARDS.has(kind))
    if (restricted && options.discardRecentMs) recorder.discardRecent(options.discardRecentMs)
    announcer.changed({ type: 'gate', open: false, epoch, reasons })
  }

  const openGate = (): void => {
    gateOpen = true
    announcer.changed({ type: 'gate', open: true, epoch, reasons: holds.list() })
    try {
      all().recorder.open()
    } catch (cause) {
      closeGate()
      const message = 'Session Replay: recording could not begin; nothing is recorded.'
      fail('failed', new ReplayError('CAPTURE_FAILED', message, { cause, fatal: true }))
    }
  }

  /** Draws the consequences of whatever just changed. The gate first, everything else may wait. */
  const update = (): void => {
    const mayRecord =
      running &&
      !disposed &&
      !leader &&
      !broken &&
      holds.size === 0 &&
      !era.holdsBack() &&
      attachment.isReady()
    if (!mayRecord) closeGate()
    else if (!gateOpen && !away) openGate()
    leader?.follow(holds.size > 0)
    attachment.reconcile()
    const now = attachment.state()
    announcer.changed(now === snapshot.attachment ? undefined : { type: 'attachment', value: now })
    read()
  }

  const read = (): ReplaySnapshot => {
    if (leader && !disposed) return leader.controller.getSnapshot()
    const status = parts?.recorder.status.get()
    const fresh: ReplaySnapshot = {
      status: decideStatus({
        disposed,
        broken,
        running,
        holds: holds.size,
        settling: era.holdsBack(),
        attachment: attachment.state(),
        gateOpen,
        recorder: status?.state ?? 'held',
      }),
      isRecording: gateOpen && status?.state === 'recording',
      reasons: holds.list(),
      attachment: attachment.state(),
      epoch,
      route,
      maskLevel: parts?.recorder.maskLevel() ?? IDLE.maskLevel,
      sessionReplayId: status?.replayId ?? null,
      error,
    }
    if (!sameSnapshot(snapshot, fresh)) snapshot = Object.freeze(fresh)
    return snapshot
  }

  /** Closes now and records anew in the next task, when what is being changed is in the document. */
  const reopen = (): void => {
    if (!gateOpen) return
    holds.latch('masking', true)
    host.after(0, () => holds.latch('masking', false))
  }

  const sendMask = (): void => {
    const level = stricter(ownMask, era.mask())
    if (level === sentMask) return
    sentMask = level
    reopen()
    all().recorder.setMaskLevel(level)
  }

  // ---- navigation

  const decide = (url: string | URL): RouteDecision => {
    matcher ??= createRouteMatcher(options.routes, report)
    return matcher(url)
  }

  const evaluate = (
    url?: string | URL,
    source: NavigationSource = 'adapter',
    cause?: EraCause,
  ): RouteDecision => {
    if (!host.hasDocument()) return NOWHERE
    const here = decide(host.href())
    const there = url === undefined ? here : decide(url)
    if (inert() || !running) return there
    // An address that is only about to be written can forbid, but not allow: the old screen is still on show.
    const denied = [there, here].find(({ allowed }) => !allowed)
    const now = denied ?? here
    if (route === null || !sameDecision(now, route)) {
      route = now
      announcer.changed({ type: 'route', decision: now, source })
    }
    const wasOpen = gateOpen
    if (denied) holds.latch('route', true, denied.matched ?? denied.path)
    else all().recorder.limitSampleRate(now.sampleRate)
    era.want(
      {
        denied: denied !== undefined || restricting > 0,
        mask: denied ? era.mask() : stricter(here.mask, there.mask),
      },
      cause ?? (source === 'load' ? 'load' : 'url'),
      wasOpen,
    )
    sendMask()
    // After the era knows: the moment between must not look like a moment without reason to pause.
    if (!denied) holds.latch('route', false)
    update()
    return there
  }

  const onUrl = (source: NavigationSource): void => {
    if (source === 'restore') away = false
    evaluate(undefined, source)
    if (source === 'restore') {
      onVisibility()
      if (gateOpen) all().recorder.checkpoint()
    }
  }

  const onVisibility = (): void => {
    if (options.pauseWhenHidden) holds.latch('hidden', host.isHidden())
  }

  // ---- lifetime

  const begin = (): void => {
    running = true
    const { recorder } = all()
    holds.latch('prerender', host.isPrerendering())
    onVisibility()
    evaluate(undefined, 'load')
    const pollMs = options.enableUrlChangePolling ? (options.urlChangePollingInterval ?? POLL_MS) : undefined
    const onBefore = (href: string) => evaluate(href, 'url')
    stops = [
      host.watchUrl({ onBefore, onChange: (_, source) => onUrl(source), pollMs }, report),
      host.watchPage(
        {
          onVisibility,
          onHide: () => {
            away = true
          },
          onActivate: () => holds.latch('prerender', false),
        },
        report,
      ),
      recorder.status.subscribe(() => announcer.changed()),
    ]
    claim()
    update()
  }

  const claim = (): void => {
    const other = claimPage(all().plugin.name, controller)
    if (other === null) {
      analytics.begin()
      return
    }
    report(new ReplayError('DUPLICATE_CONTROLLER', DUPLICATE))
    leader = followLeader(other, {
      onChange: () => announcer.changed(),
      onGone() {
        leader = null
        if (running && !disposed) claim()
        update()
      },
    })
  }

  const end = (): void => {
    cancelGrace = null
    running = false
    for (const stop of stops.splice(0)) stop()
    era.stop()
    leader?.leave()
    leader = null
    if (parts) leavePage(parts.plugin.name, controller)
    update()
  }

  const whenIdle = (): Promise<ReplaySnapshot> =>
    isIdle() ? Promise.resolve(read()) : new Promise((resolve) => waiting.push(() => resolve(read())))

  if (options.consent === 'required') holds.latch('consent', true)

  const controller: ReplayController = {
    subscribe: announcer.subscribe,
    getSnapshot: () => (host.hasDocument() ? read() : IDLE),
    getServerSnapshot: () => IDLE,

    start() {
      if (inert()) return () => {}
      starts++
      cancelGrace?.()
      cancelGrace = null
      if (!running) begin()
      let stopped = false
      return () => {
        if (stopped || disposed) return
        stopped = true
        starts--
        // A remount in the same moment (StrictMode, hot replacement) costs the SDK no remove and add.
        if (starts === 0) cancelGrace = host.after(GRACE_MS, end)
      }
    },
    async dispose() {
      if (inert()) return
      disposed = true
      cancelGrace?.()
      cancelCheckpoint?.()
      end()
      await whenIdle()
      announcer.clear()
    },
    retry() {
      if (inert()) return Promise.resolve(controller.getSnapshot())
      if (leader) return leader.controller.retry()
      if (broken === 'failed' || read().status === 'failed') attachment.renew()
      broken = null
      error = null
      holds.latch('external', false)
      update()
      return whenIdle()
    },

    pause(detail) {
      if (!inert()) holds.latch('manual', true, detail)
      return controller.getSnapshot()
    },
    resume() {
      if (!inert()) holds.latch('manual', false)
      return controller.getSnapshot()
    },
    hold(_kind, { detail, settle = true } = {}) {
      if (inert()) return RELEASED
      const wasOpen = gateOpen
      const release = holds.add('component', detail)
      const count = (step: number): void => {
        restricting += step
        era.want({ denied: holds.has('route') || restricting > 0, mask: era.mask() }, 'component', wasOpen)
      }
      if (!settle) return release
      count(1)
      const releaseAndSettle = (): void => {
        if (release.released) return
        count(-1)
        release()
      }
      return Object.defineProperty(releaseAndSettle, 'released', { get: () => release.released }) as Release
    },
    setConsent(granted) {
      if (!inert()) holds.latch('consent', !granted)
      return controller.getSnapshot()
    },

    navigation: {
      evaluate: (url, source) => evaluate(url, source),
      committed() {
        evaluate()
        era.committed()
      },
      setRoutes(config) {
        matcher = createRouteMatcher(config, report)
        evaluate(undefined, 'adapter', 'rules')
      },
    },

    setMaskLevel(level) {
      if (inert()) return
      ownMask = level
      sendMask()
    },
    privacyChanged(element) {
      if (inert() || parts === null) return
      if (element !== undefined && !element.matches(TIGHTENING)) controller.checkpoint()
      else {
        const wasOpen = gateOpen
        reopen()
        if (wasOpen && options.discardRecentMs) parts.recorder.discardRecent(options.discardRecentMs)
      }
      parts.recorder.privacyChanged(element)
    },
    checkpoint() {
      if (inert()) return
      cancelCheckpoint ??= host.after(CHECKPOINT_MS, () => {
        cancelCheckpoint = null
        if (gateOpen) all().recorder.checkpoint()
      })
    },
    explain() {
      const now = controller.getSnapshot()
      const reason = parts?.recorder.status.get().reason ?? null
      return {
        recording: now.isRecording,
        sentence: describe(now, reason),
        status: now.status,
        reasons: now.reasons,
        attachment: now.attachment,
        route: now.route,
        recorder: parts?.recorder.explain() ?? null,
      }
    },
    whenIdle,
    flush: async () => {
      if (!inert() && parts) await parts.recorder.flush()
    },
    get plugin() {
      return attachment.plugin
    },
  }
  return controller
}

const sameDecision = (a: RouteDecision, b: RouteDecision): boolean =>
  (Object.keys(a) as (keyof RouteDecision)[]).every((key) => a[key] === b[key])

const NOWHERE: RouteDecision = { allowed: false, matched: null, mask: null, sampleRate: null, path: '' }

const RELEASED: Release = Object.assign(() => {}, { released: true })

const TIGHTENING = '[data-amp-block],[data-amp-mask],.amp-block,.amp-mask'

const REMOVED =
  'Session Replay: the plugin was removed from the Browser SDK, or amplitude.init() was called again. Recording is paused until the plugin is added again or retry() is called.'

const DUPLICATE =
  'Session Replay: this page already has a started controller, which goes on recording; the second one only adds its reasons to pause. Create one controller and share it.'
