import { createAnalytics } from './controller/analytics.ts'
import { createAttachment } from './controller/attachment.ts'
import { browser } from './controller/browser.ts'
import { createEra } from './controller/era.ts'
import { createGate } from './controller/gate.ts'
import { createHolds } from './controller/holds.ts'
import { followLeader, type Leader } from './controller/leader.ts'
import type { BuildParts, Host, ReplayParts } from './controller/ports.ts'
import { claimPage, leavePage, type Tenant, whenFree } from './controller/registry.ts'
import { resolveConsent, resolveControllerOptions } from './controller/resolve-controller-options.ts'
import { createRouting } from './controller/routing.ts'
import { sameOptions } from './controller/same-options.ts'
import type { Settler } from './controller/settle.ts'
import { decideStatus, describe, IDLE } from './controller/snapshot.ts'
import type {
  HoldKind,
  NavigationSource,
  Release,
  ReplayController,
  ReplayOptions,
  ReplaySnapshot,
} from './controller/types.ts'
import { createView } from './controller/view.ts'
import { guard, ReplayError, type Report } from './errors.ts'
import type { RouteDecision } from './navigation/routes.ts'
import { LIVES_ON_MS } from './platform/page.ts'
import type { Stop } from './types.ts'

// One place decides whether this page is recorded now. It knows reasons to pause (holds), where the plugin stands in
// the Browser SDK (attachment) and whether a restricted screen is still leaving (era). From these follows the gate,
// in the same call that changed them: closing is immediate and synchronous, opening needs everything to agree.
// Amplitude's add and remove, listeners and events come later and never decide anything.

/** While these are held the plugin stays in the SDK: it must hear of an opt-in, and a short pause is not a removal. */
const STAYS_ATTACHED: ReadonlySet<HoldKind> = new Set(['opt-out', 'hidden', 'masking'])

/** What people decide, and nothing else takes back. */
const DECISIONS: readonly HoldKind[] = ['manual', 'consent']

const GRACE_MS = 50

/**
 * Builds a controller. Inert until `start()`, and for ever on a server.
 * `build` makes plugin and recorder, once and in a browser only; `host` is the page.
 */
export function createController(
  options: ReplayOptions,
  build: BuildParts,
  host: Host = browser,
): ReplayController {
  const problems: ReplayError[] = []
  const settings = resolveControllerOptions(options, (problem) => problems.push(problem))
  let parts: ReplayParts | null = null
  let settler: Settler | null = null
  let starts = 0
  let running = false
  let disposed = false
  let away = false
  let cancelReturn: Stop = () => {}
  let broken: 'failed' | 'unavailable' | null = null
  let error: ReplayError | null = null
  /** What `setConsent` was told. */
  let consented: boolean | null = null
  let leader: Leader | null = null
  let toldAttachment = IDLE.attachment
  let stops: Stop[] = []
  let cancelGrace: Stop | null = null

  const all = (): ReplayParts => {
    parts ??= build(options)
    return parts
  }
  const report: Report = (problem) => all().report(problem)
  const inert = (): boolean => disposed || !host.hasDocument()

  const view = createView({
    read: () => read(),
    isIdle: () => attachment.isIdle() && !era.isSettling() && !holds.has('masking'),
    microtask: host.microtask,
    onEvent: settings.onEvent,
    report,
  })
  const recorder = () => leader?.recorder ?? all().recorder
  const holds = createHolds(() => update())
  const gate = createGate({
    recorder,
    holds,
    discardRecentMs: settings.discardRecentMs,
    announce: view.changed,
    after: host.after,
    onFailure: (problem) => fail('failed', problem),
  })
  const era = createEra({
    settler() {
      settler ??= host.createSettler(report)
      return settler
    },
    recorder,
    options: settings.settle,
    report,
    onSettled(result) {
      view.changed({ type: 'settled', ...result })
      routing.sendMask()
      update()
    },
  })
  const routing = createRouting({
    routes: settings.routes,
    isRunning: () => running && !disposed,
    href: host.href,
    holds,
    era,
    gate,
    recorder,
    announce: view.changed,
    microtask: host.microtask,
    report,
  })
  const analytics = createAnalytics(options, (run) => host.after(0, run), report)
  const attachment = createAttachment({
    inner: () => all().plugin,
    async client() {
      const client = await analytics.client()
      await whenFree(all().plugin.name, client)
      return client
    },
    wanted() {
      if (disposed || !running || leader) return 'detached'
      if (broken || holds.has('external')) return 'as-is'
      return holds.list().every(({ kind }) => STAYS_ATTACHED.has(kind)) ? 'attached' : 'detached'
    },
    closeGate: gate.close,
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

  const fail = (status: typeof broken, problem: ReplayError): void => {
    broken = status ?? broken
    error = problem
    report(problem)
    update()
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
    if (!mayRecord) gate.close()
    else if (!away) gate.open()
    leader?.follow(holds.size > 0)
    attachment.reconcile()
    const value = attachment.state()
    view.changed(value === toldAttachment ? undefined : { type: 'attachment', value })
    toldAttachment = value
  }

  const read = (): ReplaySnapshot => {
    if (leader && !disposed) return leader.controller.getSnapshot()
    const status = parts?.recorder.status.get()
    return {
      status: decideStatus({
        disposed,
        broken,
        running,
        holds: holds.size,
        settling: era.holdsBack(),
        attachment: attachment.state(),
        gateOpen: gate.isOpen(),
        recorder: status?.state ?? 'held',
      }),
      isRecording: gate.isOpen() && status?.state === 'recording',
      reasons: holds.list(),
      attachment: attachment.state(),
      epoch: gate.epoch(),
      route: routing.decision(),
      maskLevel: parts?.recorder.maskLevel() ?? IDLE.maskLevel,
      sessionReplayId: status?.replayId ?? null,
      error,
    }
  }

  const evaluate = (url: string | URL | undefined, source: NavigationSource): RouteDecision => {
    if (!host.hasDocument()) return NOWHERE
    const decision = routing.evaluate(url, source)
    update()
    return decision
  }

  const join = (add: () => Stop): Stop => {
    if (inert()) return () => {}
    const end = add()
    update()
    return () => {
      end()
      update()
    }
  }

  const onUrl = (source: NavigationSource): void => {
    if (source !== 'restore') {
      evaluate(undefined, source)
      return
    }
    comeBack()
    onVisibility()
    evaluate(undefined, source)
    if (gate.isOpen()) recorder().checkpoint()
  }

  const goAway = (): void => {
    comeBack()
    away = true
    cancelReturn = host.after(LIVES_ON_MS, () => {
      comeBack()
      update()
    })
  }

  const comeBack = (): void => {
    away = false
    cancelReturn()
  }

  const onVisibility = (): void => {
    if (settings.pauseWhenHidden) holds.latch('hidden', host.isHidden())
  }

  // ---- lifetime

  const begin = (): void => {
    // Not sooner: a server has nobody to tell, and StrictMode makes one that is never started.
    for (const problem of problems.splice(0)) report(problem)
    claim()
    running = true
    // The address before anything else: until it is known nothing may begin.
    evaluate(undefined, 'load')
    holds.latch('prerender', host.isPrerendering())
    const onBefore = (href: string) => evaluate(href, 'url')
    stops = [
      host.watchUrl({ onBefore, onChange: (_, source) => onUrl(source), pollMs: settings.pollMs }, report),
      host.watchPage(
        {
          onVisibility,
          onHide: goAway,
          onActivate: () => holds.latch('prerender', false),
        },
        report,
      ),
      recorder().status.subscribe(() => view.changed()),
    ]
    update()
  }

  const claim = (): void => {
    const other = claimPage(all().plugin.name, tenant)
    if (other === null) {
      analytics.begin()
      return
    }
    // Hot replacement evaluates the module that makes the controller again: the recording that runs is the one wanted.
    if (!other.isLeaving()) report(new ReplayError('DUPLICATE_CONTROLLER', DUPLICATE))
    leader = followLeader(other, tenant, sameOptions(other.options, options), {
      onChange: () => view.changed(),
      onGone() {
        if (!running || disposed) {
          leader = null
          return
        }
        end()
        begin()
      },
    })
    if (leader.isOurs) handDecisions(leader.controller)
  }

  /** Pause and consent stay with the one that records, whichever copy of us they are told to. */
  const handDecisions = (to: ReplayController): void => {
    const paused = holds.list().find(({ kind }) => kind === 'manual')
    if (paused) to.pause(paused.detail)
    if (consented !== null) to.setConsent(consented)
    consented = null
    for (const kind of DECISIONS) holds.latch(kind, false)
  }

  const takeDecisions = (from: ReplayController): void => {
    for (const { kind, detail } of from.getSnapshot().reasons) {
      if (DECISIONS.includes(kind)) holds.latch(kind, true, detail)
    }
  }

  const end = (): void => {
    cancelGrace = null
    comeBack()
    const wasRunning = running
    running = false
    for (const stop of stops.splice(0)) stop()
    era.stop()
    settler?.stop()
    const followed = leader
    followed?.leave()
    leader = null
    if (followed?.isOurs) takeDecisions(followed.controller)
    update()
    if (wasRunning && !followed) {
      routing.release()
      gate.release()
    }
    if (parts) leavePage(parts.plugin.name, controller, attachment.queuedIn(), attachment.whenGone())
  }

  if (settings.consent === 'required') holds.latch('consent', true)

  const controller: ReplayController = {
    subscribe: view.subscribe,
    getSnapshot: () => (host.hasDocument() ? view.get() : IDLE),
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
        // Guarded: the test that unmounts may have taken its document along by then.
        if (starts === 0) cancelGrace = host.after(GRACE_MS, guard('stopping', report, end))
      }
    },
    async dispose() {
      if (inert()) return
      disposed = true
      cancelGrace?.()
      end()
      await view.whenIdle()
      view.clear()
    },
    retry() {
      if (inert()) return Promise.resolve(controller.getSnapshot())
      if (leader) return leader.controller.retry()
      if (broken === 'failed' || read().status === 'failed') attachment.renew()
      broken = null
      error = null
      holds.latch('external', false)
      update()
      return view.whenIdle()
    },

    pause(detail) {
      if (leader?.isOurs) leader.controller.pause(detail)
      else if (!inert()) holds.latch('manual', true, detail)
      return controller.getSnapshot()
    },
    resume() {
      if (leader?.isOurs) leader.controller.resume()
      else if (!inert()) holds.latch('manual', false)
      return controller.getSnapshot()
    },
    hold(_kind, { detail, settle = true } = {}) {
      if (inert()) return RELEASED
      return settle ? routing.restrict(detail, settle) : holds.add('component', detail)
    },
    setConsent(given) {
      if (inert()) return controller.getSnapshot()
      const granted = resolveConsent(given, report)
      // Also where consent was never given here: pages before this one may have left something.
      const isFirstNo = !granted && consented !== false
      consented = granted
      if (leader?.isOurs) leader.controller.setConsent(granted)
      else {
        holds.latch('consent', !granted)
        if (isFirstNo) all().recorder.forgetUnsent()
      }
      return controller.getSnapshot()
    },

    navigation: {
      evaluate: (url, source = 'adapter') => evaluate(url, source),
      committed() {
        evaluate(undefined, 'adapter')
        era.committed()
      },
      setRoutes(config) {
        if (inert()) return
        routing.setRoutes(config)
        update()
      },
      addMeta: (read) => join(() => routing.addMeta(read)),
      addRendered: (read) => join(() => routing.addRendered(read)),
    },

    setMaskLevel(level) {
      if (!inert()) routing.setMaskLevel(level)
    },
    privacyChanged(element) {
      if (inert() || parts === null) return
      if (leader) return leader.controller.privacyChanged(element)
      // What is emitted is decided on the document as it is now; only what was recorded before needs mending.
      if (element !== undefined && !host.matches(element, TIGHTENING)) return controller.checkpoint()
      const wasOpen = gate.isOpen()
      // First, because what is gathered is told when recording stops.
      gate.renew()
      if (wasOpen && settings.discardRecentMs) parts.recorder.discardRecent(settings.discardRecentMs)
    },
    checkpoint() {
      if (inert()) return
      if (leader) return leader.controller.checkpoint()
      if (gate.isOpen()) recorder().checkpoint()
    },
    explain() {
      if (leader) return leader.controller.explain()
      const now = controller.getSnapshot()
      const chain = parts?.recorder.explain() ?? null
      const decision = chain?.decision
      // The plugin's set-up starts the recorder: until then it is stopped, which says nothing.
      const reason = decision && !decision.open && decision.reason !== 'stopped' ? decision.detail : null
      const trouble = chain?.trouble ? `; ${chain.trouble}` : ''
      return {
        recording: now.isRecording,
        sentence: describe(now, reason) + trouble,
        status: now.status,
        reasons: now.reasons,
        attachment: now.attachment,
        route: now.route,
        recorder: chain,
      }
    },
    async whenIdle() {
      await leader?.controller.whenIdle()
      return view.whenIdle()
    },
    flush: async () => {
      if (!inert() && parts) await recorder().flush()
    },
    get plugin() {
      return attachment.plugin
    },
  }
  const keepers: Tenant['keepers'] = new Set()
  const tenant: Tenant = {
    controller,
    options,
    keepers,
    isLeaving: () => starts === keepers.size && [...keepers].every((each) => each.isLeaving()),
  }
  return controller
}

const NOWHERE: RouteDecision = { allowed: false, matched: null, mask: null, sampleRate: null, path: '' }

const RELEASED: Release = Object.assign(() => {}, { released: true })

const TIGHTENING = '[data-amp-block],[data-amp-mask],.amp-block,.amp-mask'

const REMOVED =
  'Session Replay: the plugin was removed from the Browser SDK, or amplitude.init() was called again. Recording is paused until the plugin is added again or retry() is called.'

const DUPLICATE =
  'Session Replay: this page already has a started controller, which goes on recording; the second one only adds its reasons to pause. Create one controller and share it.'
