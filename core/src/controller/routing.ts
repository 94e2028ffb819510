import { guard, type Report } from '../errors.ts'
import { isMaskLevel, stricter } from '../mask-levels.ts'
import {
  createRouteMatcher,
  type RouteConfig,
  type RouteDecision,
  type RouteMatcher,
} from '../navigation/routes.ts'
import type { MaskLevel, Stop } from '../types.ts'
import type { Era, EraCause } from './era.ts'
import type { Gate } from './gate.ts'
import type { Holds } from './holds.ts'
import type { RecorderPort } from './ports.ts'
import type { NavigationSource, Release, ReplayLifecycleEvent, ReplayRouteMeta } from './types.ts'

/** What address and mounted components say about recording, and about the mask level. */
export interface Routing {
  /** Looks at the address now; `url` may be one that is about to be written. */
  evaluate(url: string | URL | undefined, source: NavigationSource, cause?: EraCause): RouteDecision
  setRoutes(config: RouteConfig): void
  addMeta(read: () => ReplayRouteMeta | null): Stop
  addRendered(read: () => string | URL | null): Stop
  /** A component forbids recording until the release, and what it rendered must have left after that. */
  restrict(detail: string | undefined, settle: true | 'replaced'): Release
  setMaskLevel(level: MaskLevel | null): void
  /** Hands the level in force to the recorder. */
  sendMask(): void
  /** Takes back what the recorder was told: whoever records after us is not bound by our rules. */
  release(): void
  /** The latest decision about the page. */
  decision(): RouteDecision | null
}

export function createRouting(deps: {
  routes: RouteConfig | undefined
  /** Decisions count only between start and stop; before and after they are only answered. */
  isRunning(): boolean
  href(): string
  holds: Holds
  era: Era
  gate: Gate
  recorder(): RecorderPort
  announce(event: ReplayLifecycleEvent): void
  microtask(run: () => void): void
  report: Report
}): Routing {
  const { holds, era, gate, report } = deps
  let matcher: RouteMatcher | null = null
  let latest: RouteDecision | null = null
  let routeMask: MaskLevel | null = null
  let ownMask: MaskLevel | null = null
  let sentMask: MaskLevel | null = null
  let sentTo: RecorderPort | null = null
  let restricting = 0
  /** Components that began to restrict in this turn. */
  let beginning = 0
  const metas = new Set<() => unknown>()
  const addresses = new Set<() => string | URL | null | undefined>()

  const decide = (url: string | URL): RouteDecision => {
    matcher ??= createRouteMatcher(deps.routes, report)
    return [...metas].reduce((decision, read) => restrictBy(read(), decision), matcher(url))
  }

  /** What routers still show, though the address may name another page already. */
  const decideRendered = (): RouteDecision[] =>
    [...addresses].flatMap((read) => {
      const address = read()
      if (address === undefined) return UNREADABLE
      return address === null ? [] : decide(address)
    })

  /** What a router tells when asked. At first, and like new rules, it speaks about the page on show. */
  const join = <T>(readers: Set<() => T | undefined>, name: string, ask: () => T): Stop => {
    // A reader that throws answers undefined.
    const read = guard(name, report, ask)
    readers.add(read)
    evaluate(undefined, 'adapter', 'rules')
    return () => {
      readers.delete(read)
      evaluate(undefined, 'adapter')
    }
  }

  // An era that fails half-way holds recording back, so its errors cost a recording and not a secret.
  const want = guard(
    'following the address',
    report,
    (denied: boolean, cause: EraCause, wasOpen: boolean) => {
      if (deps.isRunning()) era.want({ denied: denied || restricting > 0, mask: routeMask }, cause, wasOpen)
    },
  )

  const sendMask = (): void => {
    const level = stricter(ownMask, era.mask())
    const recorder = deps.recorder()
    if (level === sentMask && (recorder === sentTo || level === null)) return
    sentMask = level
    sentTo = recorder
    gate.renew()
    recorder.setMaskLevel(level)
  }

  const evaluate: Routing['evaluate'] = (url, source, cause = CAUSES[source] ?? 'url') => {
    const here = decide(deps.href())
    const there = url === undefined ? here : decide(url)
    if (!deps.isRunning()) return there
    // An address that is only about to be written can forbid, but not allow: the old screen is still on show. So it may
    // be after the address was written: back and forward write it before anything is loaded.
    const decisions = [there, here, ...decideRendered()]
    const denied = decisions.find(({ allowed }) => !allowed)
    const now = denied ?? here
    if (latest === null || !isSame(now, latest)) {
      latest = now
      deps.announce({ type: 'route', decision: now, source })
    }
    const wasOpen = gate.isOpen()
    if (denied) holds.latch('route', true, denied.matched ?? denied.path)
    else {
      routeMask = decisions.reduce<MaskLevel | null>((level, { mask }) => stricter(level, mask), null)
      deps.recorder().limitSampleRate(here.sampleRate)
    }
    want(denied !== undefined, cause, wasOpen)
    sendMask()
    // Only after the era knows: there must be no moment without any reason to pause.
    if (!denied) holds.latch('route', false)
    return there
  }

  return {
    evaluate,
    sendMask,
    release() {
      if (sentMask !== null) deps.recorder().setMaskLevel(null)
      sentMask = null
      deps.recorder().limitSampleRate(null)
    },
    decision: () => latest,
    setRoutes(config) {
      matcher = createRouteMatcher(config, report)
      evaluate(undefined, 'adapter', 'rules')
    },
    addMeta: (ask) => join(metas, 'reading route metadata', ask),
    addRendered: (ask) => join(addresses, 'reading the rendered address', ask),
    restrict(detail, settle) {
      const wasOpen = gate.isOpen()
      const release = holds.add('component', detail)
      const count = (step: 1 | -1, cause: EraCause): void => {
        restricting += step
        want(holds.has('route'), cause, wasOpen)
      }
      count(1, 'component')
      beginning++
      deps.microtask(() => beginning--)
      const settleAndRelease = (): void => {
        if (release.released) return
        // What began in this very turn may have put its screen in, and not only what comes after it.
        count(-1, settle === 'replaced' && beginning === 0 ? 'replacement' : 'component')
        release()
      }
      return Object.defineProperty(settleAndRelease, 'released', { get: () => release.released }) as Release
    },
    setMaskLevel(level) {
      ownMask = level
      sendMask()
    },
  }
}

const CAUSES: Partial<Record<NavigationSource, EraCause>> = { load: 'load', replaced: 'replacement' }

const UNREADABLE: RouteDecision = {
  allowed: false,
  matched: 'unreadable rendered address',
  mask: null,
  sampleRate: null,
  path: '',
}

/** What cannot be understood denies; `undefined` is what a reader that throws has said. */
const restrictBy = (meta: unknown, decision: RouteDecision): RouteDecision => {
  if (meta === null) return decision
  const isMask = typeof meta === 'object' && Object.keys(meta).every((key) => key === 'mask')
  const mask = isMask ? ((meta as { mask?: unknown }).mask ?? null) : 'deny'
  if (mask === null) return decision
  if (isMaskLevel(mask)) return { ...decision, mask: stricter(decision.mask, mask) }
  return decision.allowed ? { ...decision, allowed: false, matched: 'route metadata' } : decision
}

const isSame = (a: RouteDecision, b: RouteDecision): boolean =>
  (Object.keys(a) as (keyof RouteDecision)[]).every((key) => a[key] === b[key])
