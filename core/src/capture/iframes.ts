import { guard, type Report } from '../errors.ts'
import type { ReplayEvent, Stop } from '../types.ts'
import { keepListening } from './document-swap.ts'
import { actionMessage, eventMessage, type FrameAction, readAction, readEvent } from './frame-messages.ts'
import { isTrustedOrigin } from './frame-origin.ts'
import { type FrameTranslation, translateFrameEvent } from './frame-translation.ts'
import type { Capture } from './record.ts'

/*
 * Frames of other origins. The browser lets nobody look into them, so the kit has to run on both sides: the
 * frame records itself by its own settings and posts each event, already made private, to its parent, which
 * gives it a place in its own recording. A frame in a frame does both. Nothing is posted to `*` that tells
 * anything, and messages count only from trusted origins (`isTrustedOrigin`) and from the right window.
 */

interface FrameSettings {
  /** Frames start and stop with their parent. @default true */
  coordinateChildren?: boolean | undefined
  /** Origins that recordings are exchanged with. @default origins of the same site */
  allowedOrigins?: readonly string[] | undefined
  report: Report
}

export interface FrameParentDeps extends FrameSettings {
  capture: Pick<Capture, 'mirror' | 'frameIds' | 'addForeignEvent' | 'onFullSnapshot'>
}

const FIRST_ASK_MS = 50
const MAX_ASKS = 6

type FrameWindow = Window & typeof globalThis

/** Takes in what frames of other origins record. Begin after the capture, end before it. */
export function startFrameParent(deps: FrameParentDeps): Stop {
  const { capture } = deps
  const coordinate = deps.coordinateChildren ?? true
  const listening = new Set<Window>()
  const asking = new Map<HTMLIFrameElement, ReturnType<typeof setTimeout>>()
  let frames = new Map<unknown, HTMLIFrameElement>()
  let translations = new WeakMap<HTMLIFrameElement, FrameTranslation>()

  const isTrusted = (origin: string): boolean => isTrustedOrigin(origin, location.origin, deps.allowedOrigins)

  const tell = (frame: HTMLIFrameElement, wanted: FrameAction): void => {
    // Frames that begin by themselves still have to give a baseline when we begin.
    const action = coordinate ? wanted : 'snapshot'
    if (!coordinate && wanted === 'stop') return
    // The frame may be anywhere: the word itself tells nothing, and the frame checks who says it.
    frame.contentWindow?.postMessage(actionMessage(action), '*')
  }

  const onMessage = guard('a message of a frame', deps.report, (message: MessageEvent) => {
    const action = readAction(message.data)
    const event = action ? undefined : readEvent(message.data)
    if ((action !== 'ready' && !event) || !message.source || !isTrusted(message.origin)) return
    const frame = frameOf(message.source)
    if (!frame) return
    if (action === 'ready') tell(frame, 'start')
    else if (event) take(frame, event)
  })

  const take = (frame: HTMLIFrameElement, event: ReplayEvent): void => {
    const ids = capture.frameIds()
    const frameId = capture.mirror.getId(frame)
    if (!ids) return
    if (frameId === -1) {
      askLater(frame)
      return
    }
    let translation = translations.get(frame)
    if (translation?.frameId !== frameId) {
      translation = {
        frameId,
        rootId: undefined,
        node: (id) => ids.nodes.getId(frame, id),
        style: (id) => ids.styles.getId(frame, id),
      }
      translations.set(frame, translation)
    }
    const translated = translateFrameEvent(event, translation)
    if (translated) capture.addForeignEvent(translated, frame)
  }

  /** A frame may speak before its own element is recorded. One that never is (blocked) is asked a few times only. */
  const askLater = (frame: HTMLIFrameElement, tries = 0): void => {
    if (tries >= MAX_ASKS || (tries === 0 && asking.has(frame))) return
    const ask = guard('asking a frame', deps.report, () => {
      asking.delete(frame)
      if (capture.mirror.getId(frame) === -1) askLater(frame, tries + 1)
      else tell(frame, 'snapshot')
    })
    asking.set(frame, setTimeout(ask, FIRST_ASK_MS * 2 ** tries))
  }

  const frameOf = (source: unknown): HTMLIFrameElement | undefined => {
    const known = frames.get(source)
    if (known?.contentWindow === source && known?.isConnected) return known
    look()
    return frames.get(source)
  }

  /** Finds all frames, also in shadow trees and in frames of this origin, whose children post to them. */
  const look = (): void => {
    frames = new Map()
    const roots: (Document | ShadowRoot)[] = [document]
    for (let root = roots.pop(); root; root = roots.pop()) {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) roots.push(element.shadowRoot)
        if (element.localName !== 'iframe') continue
        const frame = element as HTMLIFrameElement
        const inner = frame.contentDocument
        if (inner) {
          roots.push(inner)
          listen(inner.defaultView)
        } else if (frame.contentWindow) frames.set(frame.contentWindow, frame)
      }
    }
  }

  const onLoad = guard('a frame that loaded', deps.report, (event: Event) => {
    const frame = event.target as Partial<HTMLIFrameElement> | null
    if (frame?.localName !== 'iframe') return
    if (!frame.contentDocument) return tell(frame as HTMLIFrameElement, 'start')
    const known = frames
    look()
    // What loaded inside may have been ready before we listened there.
    for (const [win, inner] of frames) if (!known.has(win)) tell(inner, 'start')
  })

  const listen = (win: FrameWindow | null): void => {
    if (!win) return
    listening.add(win)
    // Again and again, because `document.open()` ends it; a listener that is there is not added twice.
    win.addEventListener('message', onMessage)
    win.document.addEventListener('load', onLoad, true)
  }

  const leave = (win: Window): void => {
    try {
      win.removeEventListener('message', onMessage)
      win.document.removeEventListener('load', onLoad, true)
    } catch {
      // It went to another origin and has not loaded yet: what listened went with the document before.
    }
  }

  const restart = (action: FrameAction): void => {
    // New ids from now on: nothing of a frame fits until its next snapshot.
    translations = new WeakMap()
    listen(window)
    look()
    for (const frame of frames.values()) tell(frame, action)
  }

  restart('start')
  const stopFollowing = capture.onFullSnapshot(() => restart('snapshot'))
  return () => {
    stopFollowing()
    for (const timer of asking.values()) clearTimeout(timer)
    asking.clear()
    for (const frame of frames.values()) guard('stopping a frame', deps.report, tell)(frame, 'stop')
    for (const win of listening) leave(win)
    listening.clear()
  }
}

export interface FrameChildDeps extends FrameSettings {
  /** The parent records: begin. */
  onStart(): void
  /** The parent records no more: end. */
  onStop(): void
  /** The parent needs a full snapshot of the frame. */
  onSnapshot(): void
}

export interface FrameChild {
  /** Hands an event, already made private, to the parent. Dropped while the parent does not record. */
  post(event: ReplayEvent): void
  stop: Stop
}

/** The part of a frame whose parent is of another origin. Nothing begins until a trusted parent says so. */
export function startFrameChild(deps: FrameChildDeps): FrameChild {
  let parentOrigin: string | undefined
  const isTrusted = (origin: string): boolean => isTrustedOrigin(origin, location.origin, deps.allowedOrigins)

  const onMessage = guard('a message of the parent', deps.report, (message: MessageEvent) => {
    const action = readAction(message.data)
    if (!action || !isAncestor(message.source) || !isTrusted(message.origin)) return
    if (action === 'stop') {
      parentOrigin = undefined
      deps.onStop()
      return
    }
    if (action === 'ready') return
    if (parentOrigin === undefined) {
      parentOrigin = message.origin
      deps.onStart()
    } else if (action === 'snapshot') deps.onSnapshot()
  })

  const stopListening = keepListening(() => {
    window.addEventListener('message', onMessage)
    return () => window.removeEventListener('message', onMessage)
  }, deps.report)
  guard('telling the parent', deps.report, () => {
    const [ancestor] = location.ancestorOrigins ?? []
    if (deps.coordinateChildren ?? true) {
      // Says only that the kit is here, so anybody may hear it; who the parent is shows in its answer.
      if (ancestor === undefined || isTrusted(ancestor))
        window.parent.postMessage(actionMessage('ready'), ancestor ?? '*')
      return
    }
    // Without an answer the parent's origin has to be known: from the browser, or (Firefox) the referrer.
    const likely = ancestor ?? (document.referrer ? new URL(document.referrer).origin : '')
    if (!isTrusted(likely)) return
    parentOrigin = likely
    deps.onStart()
  })()

  return {
    post: guard('handing an event to the parent', deps.report, (event) => {
      if (parentOrigin !== undefined) window.parent.postMessage(eventMessage(event), parentOrigin)
    }),
    stop: () => {
      parentOrigin = undefined
      stopListening()
    },
  }
}

/** A parent that is recorded along with its own parent does not speak itself: that one speaks for it. */
function isAncestor(source: unknown): boolean {
  for (let win: Window = window; win !== win.parent; ) {
    win = win.parent
    if (source === win) return true
  }
  return false
}
