import { record } from '@rrweb/record'
import { guard, ReplayError, type Report } from '../errors.ts'
import { EventType, IncrementalSource, type ReplayEvent, type Stop } from '../types.ts'
import { type Clock, pageTime } from './clock.ts'
import { watchDocumentSwap } from './document-swap.ts'
import { createMutationBudget, type HotNode, type MutationLimits } from './mutation-budget.ts'
import { keepNatives } from './natives.ts'
import { openRoom, tellChanges, tellLastChanges } from './rrweb-room.ts'

/** Which node an id of the recording means. Stays readable after stop, until the next recording starts. */
export interface CaptureMirror {
  getNode(id: number): Node | null
  /** -1 for a node that is not recorded. */
  getId(node: Node): number
  /** The recorder has seen this node, even if it was removed since. */
  has(node: Node): boolean
}

/** An event that a frame of another origin recorded, and this frame's element. */
export interface Foreign {
  foreign: true
  frame: Element
}

export interface CaptureSettings {
  inlineStylesheet: boolean
  inlineImages: boolean
  captureAdoptedStyleSheets: boolean
  /** Time after which the next change is followed by a full snapshot, in ms. Off if 0 or absent. */
  fullSnapshotIntervalMs?: number | undefined
  /** What one node may change; no limit if absent. */
  mutationLimits?: MutationLimits | undefined
}

export interface CaptureDeps {
  /** Receives each event that may leave, in order. */
  emit(event: ReplayEvent): void
  /** Makes an event private before anybody else sees it; null drops it. */
  rewrite(event: ReplayEvent, mirror: CaptureMirror, foreign?: Foreign): ReplayEvent | null
  /** CSS selector of what is recorded as an empty box. An empty one means the class `amp-block`. */
  blockSelector: string
  settings: CaptureSettings
  report: Report
  /** Recording broke off for good, as `report` has been told. Called in a microtask: `startCapture` has returned. */
  onFatal?: (() => void) | undefined
  /** @default one for all recordings of this page, which never runs backwards */
  clock?: Clock
}

/** Gives a frame's ids a place among ours; rrweb hands one to each recording. */
type FrameIds = Parameters<
  NonNullable<NonNullable<RecordPlugins>[number]['getMirror']>
>[0]['crossOriginIframeMirror']
type RecordPlugins = NonNullable<Parameters<typeof record>[0]>['plugins']

export interface Capture {
  /** Ends everything before it returns: nothing is emitted afterwards, listeners, timers and natives are back. */
  stop: Stop
  /** Emits the changes that wait to be told together with later ones. */
  tellChanges(): void
  /** The same before `stop`: not if the page has changed in this very task, whose changes are not to be recorded. */
  tellLastChanges(): void
  /** Nodes that change too often to be told in full. */
  hotNodes(): readonly HotNode[]
  /** Emits Meta and FullSnapshot; at once, or right after the event that is being emitted. */
  takeFullSnapshot(): void
  addCustomEvent(tag: string, payload: unknown): void
  addPluginEvent(plugin: string, payload: unknown): void
  /** Passes on an event that a frame of another origin recorded, with ids already translated. */
  addForeignEvent(event: ReplayEvent, frame: Element): void
  /** Calls after each full snapshot, until stopped. */
  onFullSnapshot(run: () => void): Stop
  readonly mirror: CaptureMirror
  /** Undefined until recording has begun. Changes with each full snapshot. */
  frameIds(): { nodes: FrameIds; styles: FrameIds } | undefined
}

/** Events that may wait for the document to be parsed; the recorder's own few, so the number only guards against misuse. */
const MAX_WAITING_EVENTS = 100

/** Of nodes over their budget, in one recording: notices must not become a storm of their own. */
const MAX_NOTICES = 100

/** A lost change spoils what is played after it: a full snapshot follows, but not more often than this, in ms. */
const HEAL_AFTER_MS = 10_000

/**
 * Records the page until stopped. Emits Meta and FullSnapshot before it returns, or at `DOMContentLoaded` if
 * the document is still being parsed. What the page does is never disturbed: problems go to `report`.
 *
 * Every full snapshot is a new life of rrweb. Its own way (`record.takeFullSnapshot`) attaches same-origin
 * frames and shadow roots a second time, so that later changes inside them are recorded twice.
 */
export function startCapture(deps: CaptureDeps): Capture {
  const { report, settings, rewrite, emit } = deps
  const clock = deps.clock ?? pageTime
  let stopped = false
  let emitting = 0
  let endLife: Stop | undefined
  let snapshotWanted = false
  let lastSnapshotAt = 0
  let ids: { nodes: FrameIds; styles: FrameIds } | undefined
  const waiting: (() => void)[] = []
  const followers = new Set<() => void>()

  let known: Pick<typeof record.mirror, 'getId' | 'getNode' | 'hasNode'> = record.mirror
  const mirror: CaptureMirror = {
    getNode: (id) => known.getNode(id),
    getId: (node) => known.getId(node),
    has: (node) => known.hasNode(node),
  }

  // Through all lives: a full snapshot calms nobody down.
  let notices = 0
  const budget =
    settings.mutationLimits &&
    createMutationBudget(
      settings.mutationLimits,
      (node, stage, changesPerSecond) => {
        if (++notices > MAX_NOTICES) return
        add(EventType.Custom, {
          tag: 'mutation-budget',
          payload: { id: mirror.getId(node), stage: stage ?? 'calm', changesPerSecond },
        })
      },
      () => performance.now(),
    )

  const deliver = (event: ReplayEvent, foreign?: Foreign): void => {
    if (stopped) return
    emitting++
    // Without its snapshot nothing that follows can be played.
    const fatal = event.type === EventType.FullSnapshot
    try {
      event.timestamp = clock()
      const safe = rewrite(event, mirror, foreign)
      if (safe && !stopped) emit(safe)
      else if (fatal && !stopped) throw new Error('the full snapshot was dropped')
    } catch (cause) {
      const message = 'Session Replay: an event could not be recorded.'
      const problem = new ReplayError('CAPTURE_FAILED', message, { cause, fatal })
      if (fatal) breakOff(problem)
      else {
        report(problem)
        if (event.timestamp - lastSnapshotAt > HEAL_AFTER_MS) putOffSnapshot()
      }
    } finally {
      emitting--
    }
    if (event.type === EventType.FullSnapshot) lastSnapshotAt = event.timestamp
    else if (
      settings.fullSnapshotIntervalMs &&
      event.type === EventType.Incremental &&
      event.timestamp - lastSnapshotAt > settings.fullSnapshotIntervalMs
    )
      putOffSnapshot()
  }

  const beginLife = (): void => {
    if (stopped) return
    const closeRoom = openRoom({ report, budget, onGap: putOffSnapshot })
    const natives = keepNatives()
    natives.before(window)
    const end = record({
      emit(event) {
        if (stopped) return
        const attached = attachedFrame(event as ReplayEvent)
        if (attached) natives.before(attached)
        if (settings.captureAdoptedStyleSheets || !isAdoptedStyleEvent(event as ReplayEvent))
          deliver(event as ReplayEvent)
      },
      plugins: [
        {
          name: 'session-replay-kit',
          options: {},
          // Called for each window once rrweb observes it.
          observer: (_emit, win) => {
            natives.after(win as unknown as Window & typeof globalThis)
            return () => {}
          },
          getMirror: (mirrors) => {
            ids = { nodes: mirrors.crossOriginIframeMirror, styles: mirrors.crossOriginIframeStyleMirror }
          },
        },
      ],
      // What may be seen is decided in `rewrite` alone: one decision for all kinds of events.
      maskInputOptions: {},
      blockSelector: deps.blockSelector || '.amp-block',
      inlineStylesheet: settings.inlineStylesheet,
      inlineImages: settings.inlineImages,
      recordCanvas: false,
      recordCrossOriginIframes: false,
      recordAfter: 'DOMContentLoaded',
      slimDOMOptions: {
        script: true,
        comment: true,
        headFavicon: true,
        headWhitespace: true,
        headMetaDescKeywords: true,
        headMetaSocial: true,
        headMetaRobots: true,
        headMetaHttpEquiv: true,
        headMetaAuthorship: true,
        headMetaVerification: true,
      },
      // Calls of the page never run inside rrweb's error handler (see `rrweb-room.ts`): these errors are ours.
      errorHandler: (cause) => {
        report(new ReplayError('CAPTURE_FAILED', 'Session Replay: a change was not recorded.', { cause }))
        return true
      },
    })
    endLife = () => {
      endLife = undefined
      natives.restoreAround(() => end?.())
      closeRoom()
    }
    if (!end && !stopped) {
      const message = 'Session Replay: the page could not be recorded.'
      breakOff(new ReplayError('CAPTURE_FAILED', message, { fatal: true }))
    } else if (stopped) endLife()
    else for (const run of followers) guard('after a full snapshot', report, run)()
  }

  const restart = (): void => {
    if (stopped || !endLife) return
    snapshotWanted = false
    endLife()
    beginLife()
  }

  const putOffSnapshot = (): void => {
    if (snapshotWanted) return
    snapshotWanted = true
    queueMicrotask(
      guard('a full snapshot', report, () => {
        if (snapshotWanted) restart()
      }),
    )
  }

  const begin = guard('starting to record', report, () => {
    if (stopped || document.readyState === 'loading') return
    if (!isSelector(deps.blockSelector)) {
      const message = `Session Replay: blockSelector "${deps.blockSelector}" is not valid CSS, so nothing is recorded. Correct it.`
      breakOff(new ReplayError('BAD_SELECTOR', message, { fatal: true }))
      return
    }
    document.removeEventListener('readystatechange', begin)
    stops.push(watchDocumentSwap(restart, report))
    beginLife()
    for (const run of waiting.splice(0)) run()
  })

  const add = (type: number, data: unknown): void => {
    if (stopped) return
    const run = (): void => deliver({ type, timestamp: 0, data })
    if (endLife) run()
    else if (waiting.length < MAX_WAITING_EVENTS) waiting.push(run)
  }

  const stops: Stop[] = [() => document.removeEventListener('readystatechange', begin)]
  const stop = (): void => {
    if (stopped) return
    stopped = true
    waiting.length = 0
    for (const end of stops) end()
    guard('stopping to record', report, () => endLife?.())()
    // rrweb's map holds every recorded node; keep our copy for questions after the end, and free theirs.
    known = Object.assign(Object.create(Object.getPrototypeOf(record.mirror)), record.mirror)
    record.mirror.reset()
  }

  const breakOff = (problem: ReplayError): void => {
    report(problem)
    stop()
    if (deps.onFatal) queueMicrotask(guard('telling that recording broke off', report, deps.onFatal))
  }

  document.addEventListener('readystatechange', begin)
  begin()

  return {
    stop,
    hotNodes: () => budget?.hotNodes() ?? [],
    tellChanges: () => endLife && tellChanges(),
    tellLastChanges: () => endLife && tellLastChanges(),
    takeFullSnapshot: guard('a full snapshot', report, () => (emitting > 0 ? putOffSnapshot() : restart())),
    addCustomEvent: (tag, payload) => add(EventType.Custom, { tag, payload }),
    addPluginEvent: (plugin, payload) => add(EventType.Plugin, { plugin, payload }),
    addForeignEvent: (event, frame) => {
      if (endLife) deliver(event, { foreign: true, frame })
    },
    onFullSnapshot: (run) => {
      followers.add(run)
      return () => followers.delete(run)
    },
    mirror,
    frameIds: () => ids,
  }
}

/** rrweb blocks nothing at all if one selector of the list is invalid, and says nothing. */
function isSelector(selector: string): boolean {
  try {
    if (selector) document.createDocumentFragment().querySelector(selector)
    return true
  } catch {
    return false
  }
}

/** The same-origin frame whose document this event brings; rrweb begins to observe it right after. */
function attachedFrame(event: ReplayEvent): (Window & typeof globalThis) | null {
  const data = event.data as { isAttachIframe?: boolean; adds?: { parentId: number }[] }
  if (!data.isAttachIframe) return null
  const frame = record.mirror.getNode(data.adds?.[0]?.parentId ?? -1) as HTMLIFrameElement | null
  return (frame?.contentWindow ?? null) as (Window & typeof globalThis) | null
}

function isAdoptedStyleEvent(event: ReplayEvent): boolean {
  const data = event.data as { source?: number; styleId?: number }
  return (
    event.type === EventType.Incremental &&
    (data.source === IncrementalSource.AdoptedStyleSheet || typeof data.styleId === 'number')
  )
}
