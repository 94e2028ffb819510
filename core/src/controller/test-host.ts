import type { UrlWatch } from '../platform/navigation.ts'
import type { Host, PageWatch } from './ports.ts'
import type { SettleTask } from './settle.ts'

/** A page and a clock in the hands of a test. */
export interface TestHost extends Host {
  /** Writes the address, as `pushState` does. */
  go(path: string): void
  /** Lets this much time pass. Only what is due runs, in order. */
  advance(ms: number): void
  page: PageWatch | null
  url: UrlWatch | null
  hidden: boolean
  prerendering: boolean
  documentless: boolean
  /** The settling that runs now. */
  settling: (SettleTask & { hints: number }) | null
  /** What a restricted screen changes is noted. */
  watching: boolean
  /** The restricted screen has left. */
  finishSettling(): void
  readonly timers: number
}

export function createTestHost(path = '/'): TestHost {
  let href = `https://shop.example${path}`
  let now = 0
  let timers: { at: number; run: () => void }[] = []
  const host: TestHost = {
    page: null,
    url: null,
    hidden: false,
    prerendering: false,
    documentless: false,
    settling: null,
    watching: false,
    hasDocument: () => !host.documentless,
    href: () => href,
    isHidden: () => host.hidden,
    isPrerendering: () => host.prerendering,
    watchUrl(watch) {
      host.url = watch
      return () => {
        host.url = null
      }
    },
    watchPage(watch) {
      host.page = watch
      watch.onVisibility()
      return () => {
        host.page = null
      }
    },
    createSettler: () => ({
      start(task) {
        const settling = { ...task, hints: 0 }
        host.settling = settling
        return {
          committed: () => {
            settling.hints++
          },
          stop: () => {
            if (host.settling === settling) host.settling = null
          },
        }
      },
      remember: (known) => known,
      watchChanges() {
        host.watching = true
        return () => {
          host.watching = false
        }
      },
      pauseChanges() {
        host.watching = false
        return () => {
          host.watching = true
        }
      },
      clearMarks: () => {},
      stop: () => {},
    }),
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((each) => each !== timer)
      }
    },
    microtask: queueMicrotask,
    matches: (element, selector) => element.matches(selector),
    go(to) {
      href = new URL(to, href).href
      host.url?.onChange(href, 'url')
    },
    advance(ms) {
      const end = now + ms
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (!due) break
        timers = timers.filter((each) => each !== due)
        now = Math.max(now, due.at)
        due.run()
      }
      now = end
    },
    finishSettling() {
      const { settling } = host
      host.settling = null
      settling?.onSettled({ afterMs: 100, quarantined: 0, timedOut: false })
    },
    get timers() {
      return timers.length
    },
  }
  return host
}
