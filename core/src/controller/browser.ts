import { keepListening } from '../capture/document-swap.ts'
import { watchUrl } from '../platform/navigation.ts'
import { isVisible, watchPageHide, watchVisibility } from '../platform/page.ts'
import { isPrerendering, watchActivation } from '../platform/prerendering.ts'
import type { Host } from './ports.ts'
import { createSettler } from './settle.ts'

/** Page and clock of a real browser. */
export const browser: Host = {
  hasDocument: () => typeof document !== 'undefined',
  href: () => location.href,
  isHidden: () => !isVisible(),
  isPrerendering,
  watchUrl(watch, report) {
    const listen = (isNewDocument: boolean) => {
      const stop = watchUrl(watch, report)
      // A step back or forward may have gone unheard.
      if (isNewDocument) watch.onChange(location.href, 'url')
      return stop
    }
    return keepListening(listen, report)
  },
  watchPage(watch, report) {
    const listen = () => {
      const stops = [
        watchVisibility(() => watch.onVisibility(), report),
        watchPageHide(() => watch.onHide(), report),
        watchActivation(() => watch.onActivate(), report),
      ]
      // It may have changed while nobody listened.
      watch.onVisibility()
      return () => {
        for (const stop of stops) stop()
      }
    }
    return keepListening(listen, report)
  },
  createSettler,
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  microtask: queueMicrotask.bind(globalThis),
  matches: (element, selector) => Element.prototype.matches.call(element, selector),
}
