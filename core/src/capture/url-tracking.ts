import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'
import { keepListening } from './document-swap.ts'

/** The name that the replay player knows. */
export const URL_TRACKING_PLUGIN = 'amplitude/url-tracking@1'

export interface UrlTrackingDeps {
  /** The address of the page: now, and whenever it may have changed. */
  location: { get(): string; subscribe(run: (href: string) => void): Stop }
  /** Puts one plugin event into the replay. */
  addPluginEvent(plugin: string, payload: unknown): void
  sanitizeUrl(url: string): string
  /** `document.title` is left out if false. */
  captureTitle: boolean
  maskTitle(title: string): string
  report: Report
}

/** Tells the address at the start and whenever it is another one than before. */
export function startUrlTracking(deps: UrlTrackingDeps): Stop {
  let last: string | undefined
  const tell = guard('recording the address', deps.report, (href: string) => {
    if (href === last) return
    last = href
    deps.addPluginEvent(URL_TRACKING_PLUGIN, {
      href: deps.sanitizeUrl(href),
      title: deps.captureTitle ? deps.maskTitle(document.title) : '',
      viewportHeight: window.innerHeight,
      viewportWidth: window.innerWidth,
      type: 'url-change-event',
    })
  })
  tell(deps.location.get())
  return keepListening(() => deps.location.subscribe(tell), deps.report)
}
