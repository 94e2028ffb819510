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
  watchUrl: (watch, report) => watchUrl(watch, report),
  watchPage(watch, report) {
    const stops = [
      watchVisibility(() => watch.onVisibility(), report),
      watchPageHide(() => watch.onHide(), report),
      watchActivation(() => watch.onActivate(), report),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  },
  createSettler,
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  microtask: queueMicrotask.bind(globalThis),
}
