import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'

/**
 * A page that still runs so long after it was left was not left, in ms: the event was made up, or the user has stayed. A
 * page in the back/forward cache has no timers.
 */
export const LIVES_ON_MS = 2000

// The signals of a page's life. Each `watch…` returns its own end, and does nothing where there is no page.

/** The tab can be seen. Servers and workers count as visible: nothing there should wait for a glance. */
export const isVisible = (): boolean => globalThis.document?.visibilityState !== 'hidden'

/** Calls with `true` when the tab is shown and `false` when it is hidden. */
export function watchVisibility(onChange: (visible: boolean) => void, report: Report): Stop {
  return listen(globalThis.document, 'visibilitychange', 'page.visibility', report, () =>
    onChange(isVisible()),
  )
}

/** Calls when the page is left. `persisted`: it may come back from the back/forward cache. */
export function watchPageHide(onHide: (persisted: boolean) => void, report: Report): Stop {
  const view = globalThis.window
  // Browsers without pagehide still have beforeunload, with less to tell.
  const type = view && 'onpagehide' in view ? 'pagehide' : 'beforeunload'
  return listen(view, type, 'page.hide', report, (event) => onHide(isPersisted(event)))
}

/** Calls when the page came back from the back/forward cache; not at the first load. */
export function watchRestore(onRestore: () => void, report: Report): Stop {
  return listen(globalThis.window, 'pageshow', 'page.restore', report, (event) => {
    if (isPersisted(event)) onRestore()
  })
}

/** Calls when a background tab is frozen: the last chance to write before it may be discarded. */
export function watchFreeze(onFreeze: () => void, report: Report): Stop {
  return listen(globalThis.document, 'freeze', 'page.freeze', report, onFreeze)
}

/** The browser does not know to be offline. */
export const isOnline = (): boolean => globalThis.navigator?.onLine !== false

/** Calls when the connection comes back. */
export function watchOnline(onOnline: () => void, report: Report): Stop {
  return listen(globalThis.window, 'online', 'page.online', report, onOnline)
}

/** Calls with `true` when the window gets the focus and `false` when it loses it. */
export function watchFocus(onChange: (focused: boolean) => void, report: Report): Stop {
  const stops = [
    listen(globalThis.window, 'focus', 'page.focus', report, (event) => isOfWindow(event) && onChange(true)),
    listen(globalThis.window, 'blur', 'page.blur', report, (event) => isOfWindow(event) && onChange(false)),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

/**
 * Runs once when the main thread is free, at the latest after `timeoutMs`. Safari has no idle callback:
 * there it runs in the next task.
 */
export function whenIdle(run: () => void, timeoutMs: number, report: Report): Stop {
  const guarded = guard('page.idle', report, run)
  if (typeof globalThis.requestIdleCallback === 'function') {
    const id = requestIdleCallback(() => guarded(), { timeout: timeoutMs })
    return () => cancelIdleCallback(id)
  }
  const id = setTimeout(guarded, 0)
  return () => clearTimeout(id)
}

/** In capture, the window also hears of fields inside it. */
const isOfWindow = (event: Event): boolean => event.target === globalThis.window

const isPersisted = (event: Event): boolean => (event as PageTransitionEvent).persisted === true

function listen(
  target: EventTarget | undefined,
  type: string,
  where: string,
  report: Report,
  run: (event: Event) => void,
): Stop {
  const listener = guard(where, report, run)
  // Capture, so that an app that stops the event in a listener of its own does not hide it from us.
  target?.addEventListener(type, listener, { capture: true })
  return () => target?.removeEventListener(type, listener, { capture: true })
}
