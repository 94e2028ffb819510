import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'

/** Who told about a new address. `restore`: the page came back from the back/forward cache. */
export type UrlSource = 'url' | 'pop' | 'hash' | 'restore'

export interface UrlWatch {
  /** The address that a history call is about to write. Only told where no browser event comes in time. */
  onBefore?(href: string): void
  /** The address is this one now. Also called for the safety net's repetitions when `href` is another one. */
  onChange(href: string, source: UrlSource): void
  /** Looks at the address this often too, in ms. Off when missing. */
  pollMs?: number | undefined
}

type HistoryMethod = typeof History.prototype.pushState

/**
 * Follows the address of the page, synchronously with the write.
 *
 * The Navigation API says so itself: `currententrychange` fires inside `pushState` and before `popstate`.
 * Without it, `pushState` and `replaceState` are wrapped: the wrapper chains to what was there, and takes itself
 * out again only if nobody wrapped it since. `popstate` (in capture), `hashchange` and `pageshow` are listened to
 * in either case. Writes that leave the address as it was are not told.
 */
export function watchUrl(watch: UrlWatch, report: Report, view: Window = window): Stop {
  let known = view.location.href
  let live = true

  const look = guard('navigation.look', report, (source: UrlSource) => {
    const href = view.location.href
    if (!live || (href === known && source !== 'restore')) return
    known = href
    watch.onChange(href, source)
  })

  const stops: Stop[] = []
  const on = (target: EventTarget, type: string, run: (event: Event) => void) => {
    target.addEventListener(type, run, { capture: true })
    stops.push(() => target.removeEventListener(type, run, { capture: true }))
  }

  const { navigation } = view as Window & { navigation?: EventTarget & { currentEntry: object | null } }
  // A sandboxed page has the API too, without an entry, and is told nothing.
  if (navigation?.currentEntry) on(navigation, 'currententrychange', () => look('url'))
  else {
    const announce = guard('navigation.announce', report, (href: string) => {
      // Whatever the history call does next is told: a call that throws leaves the old address in force.
      known = ''
      watch.onBefore?.(href)
    })
    stops.push(hookHistory(view, announce, () => look('url')))
  }
  on(view, 'popstate', () => look('pop'))
  on(view, 'hashchange', () => look('hash'))
  on(view, 'pageshow', (event) => {
    if ((event as PageTransitionEvent).persisted) look('restore')
  })
  if (watch.pollMs !== undefined) {
    const timer = view.setInterval(() => look('url'), watch.pollMs)
    stops.push(() => view.clearInterval(timer))
  }

  return () => {
    live = false
    for (const stop of stops.splice(0)) stop()
  }
}

function hookHistory(view: Window, announce: (href: string) => void, after: () => void): Stop {
  const restores = (['pushState', 'replaceState'] as const).map((name) => {
    const { history } = view
    const inner: HistoryMethod = history[name]
    let live = true
    const hook: HistoryMethod = function (this: History, data, unused, url) {
      if (!live) return inner.call(this, data, unused, url)
      const target = url == null ? null : resolve(url, view)
      if (target !== null && target !== view.location.href) announce(target)
      try {
        return inner.call(this, data, unused, url)
      } finally {
        after()
      }
    }
    history[name] = hook
    return () => {
      live = false
      if (history[name] !== hook) return
      // Untouched pages carry the methods on the prototype: leave no trace.
      if (inner === Object.getPrototypeOf(history)[name]) Reflect.deleteProperty(history, name)
      else history[name] = inner
    }
  })
  return () => {
    for (const restore of restores.reverse()) restore()
  }
}

/** Null where the browser will throw for this address anyway. */
function resolve(url: string | URL, view: Window): string | null {
  try {
    return new URL(url, view.document.baseURI).href
  } catch {
    return null
  }
}
