import type { Page } from 'playwright'
import * as answers from '../../support/answers.ts'
import type { Scenario, StageSettings } from '../../support/fault-stage.ts'

declare const faultPage: typeof import('../pages/fault-page.ts')

/** How a recording ends: with the browser, with its database, or because it was told to. */
export function endings(scenario: Scenario): void {
  scenario('the browser is killed', { browser: 'own' }, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 30)
    await stage.second(page)
    const safe = new Set(stage.wrote)
    await stage.write(page, 3)
    await stage.killBrowser()
    await stage.visit()
    await stage.arrived(8_000)
    await stage.verdict({ lost: (name) => !safe.has(name), duplicates: 33, rebuild: false })
  })

  scenario('the browser is killed in an outage, with two tabs', { browser: 'own' }, async (stage) => {
    stage.collector.script(() => answers.reset())
    const pages = [await stage.visit(), await stage.visit()]
    await Promise.all(pages.map((page) => stage.write(page, 30)))
    await Promise.all(pages.map((page) => stage.second(page)))
    await stage.killBrowser()
    stage.collector.script([])
    await stage.visit()
    await stage.arrived(8_000)
    await stage.verdict({ rebuild: false })
  })

  scenario('frozen, then killed', { browser: 'whole' }, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 20)
    await stage.browser.freeze(page)
    await stage.browser.crash(page)
    await stage.arrived(3_000)
    await stage.verdict({ rebuild: false, said: 0 })
  })

  scenario('site data is deleted during the visit', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 15)
    const session = await page.context().newCDPSession(page)
    await session.send('Storage.clearDataForOrigin', { origin: stage.origin, storageTypes: 'all' })
    await stage.write(page, 25, 100)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict()
  })

  scenario('the origin may use next to nothing of the disk', {}, async (stage) => {
    stage.collector.script(() => answers.status(503))
    const page = await stage.visit()
    const session = await page.context().newCDPSession(page)
    await session.send('Storage.overrideQuotaForOrigin', { origin: stage.origin, quotaSize: 60_000 })
    await stage.write(page, 10)
    await page.evaluate(async () => {
      for (let left = 20; left > 0; left -= 1) {
        const element = document.body.appendChild(document.createElement('i'))
        element.textContent = Array.from({ length: 600 }, () => Math.random()).join()
        await new Promise((resolve) => setTimeout(resolve, 50))
        element.remove()
      }
    })
    await stage.write(page, 10)
    stage.collector.script([])
    await stage.rest(page)
    await stage.arrived(30_000)
    await stage.verdict()
  })

  for (const [what, settings] of Object.entries<StageSettings>({
    'without a disk': { options: { storeType: 'memory' } },
    'with a worker': { options: { useWebWorker: true } },
    'with a silent disk': { head: '<script>IDBFactory.prototype.open = () => new EventTarget()</script>' },
    'without idle time': { options: { performanceConfig: { enabled: false } } },
    'without compression': { options: { enableTransportCompression: false } },
  })) {
    scenario(`exit right after activity ${what}`, settings, async (stage) => {
      const page = await stage.visit()
      await stage.write(page, 20)
      await page.goto(`${stage.origin}/plain`)
      await stage.arrived(3_000)
      await stage.verdict({ rebuild: false })
    })
  }

  scenario(
    'removed in a short outage, without a disk',
    { options: { storeType: 'memory' } },
    async (stage) => {
      const page = await stage.visit()
      stage.collector.script([answers.status(503), answers.status(503)])
      await stage.write(page, 20)
      await page.evaluate(() => faultPage.stop())
      await stage.arrived(20_000)
      await stage.verdict({ rebuild: false })
    },
  )

  scenario('removed in an outage, and added again', {}, async (stage) => {
    const page = await stage.visit()
    stage.collector.script(() => answers.status(503))
    await stage.write(page, 20)
    await page.evaluate(() => faultPage.stop())
    await page.waitForTimeout(1_500)
    stage.collector.script([])
    await stage.beginOn(page)
    await stage.write(page, 20)
    await stage.rest(page)
    await stage.arrived(15_000)
    await stage.verdict()
  })

  for (const useWebWorker of [false, true]) {
    const how = useWebWorker ? 'with a worker' : 'on the main thread'
    scenario(
      `removing the recorder leaves nothing, ${how}`,
      { head: WATCH, options: { useWebWorker } },
      async (stage) => {
        const page = await stage.visit({ record: 'no' })
        // Playwright's own listeners come with the first of these.
        await page.waitForFunction(() => 'kit' in window)
        const before = await traces(page)
        await stage.beginOn(page)
        await stage.write(page, 20)
        await page.evaluate(() => faultPage.stop())
        await stage.arrived(10_000)
        await page.waitForTimeout(2_000)
        stage.expect(await traces(page)).toEqual(before)
        await stage.verdict({ rebuild: false, said: 0 })
      },
    )
  }

  scenario('eight recordings in a row keep less than 3 MB', { browser: 'shell' }, async (stage) => {
    const page = await stage.visit()
    const cycle = async (): Promise<void> => {
      await page.evaluate(() => faultPage.stop())
      await page.waitForTimeout(300)
      await stage.beginOn(page)
      await stage.write(page, 10, 20)
    }
    await cycle()
    const before = await heapOf(page)
    for (let cycles = 0; cycles < 8; cycles += 1) await cycle()
    stage.expect((await heapOf(page)) - before).toBeLessThan(3_000_000)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ said: 0 })
  })

  scenario(
    'a page that is opted out from the start forgets what others left',
    { browser: 'shell' },
    async (stage) => {
      stage.collector.script(() => answers.reset())
      const dead = await stage.visit()
      await stage.write(dead, 10)
      await stage.second(dead)
      await stage.browser.crash(dead)
      stage.collector.script([])
      const { length } = stage.collector.uploads
      const page = await stage.visit({ optOut: true, record: 'ask' })
      await page.waitForTimeout(1_500)
      await stage.load(page)
      await stage.write(page, 5)
      await stage.rest(page)
      stage.wrote.splice(0, 10)
      await stage.arrived()
      const leaked = stage.collector.uploads.slice(length).filter(({ text }) => /item a\d/.test(text))
      stage.expect(leaked).toHaveLength(0)
      await stage.verdict({ rebuild: false })
    },
  )

  scenario('what the official SDK could not send is taken over', {}, async (stage) => {
    const page = await stage.visit({ record: 'no' })
    const event = (name: string, at: number): string =>
      JSON.stringify({ type: 3, timestamp: at, data: { source: 0, adds: [{ text: `item ${name}` }] } })
    const now = Date.now()
    const rows = {
      waiting: [event('x1', now - 60_000), event('x2', now - 59_000)],
      open: [event('x3', now - 1_000)],
    }
    await page.evaluate(leaveOfficialRows, { ...rows, sessionId: stage.sessionId - 500 })
    stage.wrote.push('x1', 'x2', 'x3')
    await stage.beginOn(page)
    await stage.write(page, 5)
    await stage.rest(page)
    await stage.arrived()
    const taken = stage.collector.uploads.filter(({ text }) => /item x\d/.test(text))
    stage
      .expect(new Set(taken.map(({ sessionId }) => sessionId)))
      .toEqual(new Set([String(stage.sessionId - 500)]))
    stage.expect(taken.flatMap(({ elements }) => elements)).toEqual([...rows.waiting, ...rows.open])
    stage.expect(taken[0]?.deviceId).toBe('device-1')
    await stage.verdict({ said: 0 })
  })
}

/** Counts in the page what a recorder may leave behind. */
const WATCH = `<script>{
  const left = { listeners: new Map(), timers: new Set(), intervals: new Set(), observers: new Set(), workers: new Set(), frames: new Set() }
  const ids = new WeakMap(); let last = 0
  const idOf = (value) => { if (!ids.has(value)) ids.set(value, ++last); return ids.get(value) }
  const key = (target, type, run, options) => [target === window ? 'window' : target.nodeName ?? target.constructor.name, idOf(target), type, run && idOf(run), Boolean(options?.capture ?? options)].join(' ')
  const { addEventListener, removeEventListener } = EventTarget.prototype
  EventTarget.prototype.addEventListener = function (type, run, options) {
    const target = this ?? window
    if (run && !options?.once && !(target instanceof IDBRequest || target instanceof IDBTransaction || target instanceof IDBDatabase || target instanceof AbortSignal || target instanceof Worker)) {
      const known = key(target, type, run, options)
      left.listeners.set(known, type)
      if (options?.signal) addEventListener.call(options.signal, 'abort', () => left.listeners.delete(known))
    }
    return addEventListener.call(target, type, run, options)
  }
  EventTarget.prototype.removeEventListener = function (type, run, options) {
    const target = this ?? window
    if (run) left.listeners.delete(key(target, type, run, options))
    return removeEventListener.call(target, type, run, options)
  }
  const timed = (start, stop, set, once) => {
    const begin = window[start], end = window[stop]
    window[start] = (run, ...rest) => {
      const id = begin((...args) => { if (once) set.delete(id); run(...args) }, ...rest)
      set.add(id)
      return id
    }
    window[stop] = (id) => { set.delete(id); end(id) }
  }
  timed('setTimeout', 'clearTimeout', left.timers, true)
  timed('setInterval', 'clearInterval', left.intervals, false)
  timed('requestAnimationFrame', 'cancelAnimationFrame', left.frames, true)
  timed('requestIdleCallback', 'cancelIdleCallback', left.frames, true)
  for (const name of ['MutationObserver', 'ResizeObserver', 'IntersectionObserver', 'PerformanceObserver', 'ReportingObserver']) {
    const { observe, disconnect } = window[name].prototype
    window[name].prototype.observe = function (...args) { left.observers.add(this); this.seenAt = new Error().stack; return observe.apply(this, args) }
    window[name].prototype.disconnect = function () { left.observers.delete(this); return disconnect.call(this) }
  }
  const Native = Worker
  window.Worker = class extends Native {
    constructor(...args) { super(...args); left.workers.add(this) }
    terminate() { left.workers.delete(this); super.terminate() }
  }
  const owners = { window, document, history, console, XMLHttpRequest: XMLHttpRequest.prototype, CSSStyleSheet: CSSStyleSheet.prototype, Element: Element.prototype, HTMLElement: HTMLElement.prototype, Node: Node.prototype, HTMLInputElement: HTMLInputElement.prototype, HTMLTextAreaElement: HTMLTextAreaElement.prototype, HTMLSelectElement: HTMLSelectElement.prototype, CSSStyleDeclaration: CSSStyleDeclaration.prototype, Document: Document.prototype, ShadowRoot: ShadowRoot.prototype, CanvasRenderingContext2D: CanvasRenderingContext2D.prototype, HTMLCanvasElement: HTMLCanvasElement.prototype, FontFaceSet: FontFaceSet.prototype, HTMLMediaElement: HTMLMediaElement.prototype, History: History.prototype, Navigator: Navigator.prototype, EventTarget: EventTarget.prototype, CSSGroupingRule: CSSGroupingRule.prototype }
  const natives = () => Object.entries(owners).flatMap(([name, owner]) =>
    Object.entries(Object.getOwnPropertyDescriptors(owner))
      .filter(([property, { value, get, set }]) => !/^(kit|faultPage|traces|crypto)$/.test(property) && [value, get, set].some((one) => typeof one === 'function'))
      .map(([property, { value, get, set }]) => name + '.' + property + ' ' + [value, get, set].map((one) => typeof one === 'function' ? idOf(one) : '-').join()))
  window.traces = async () => ({
    listeners: [...left.listeners.keys()].sort(),
    timers: left.timers.size, intervals: left.intervals.size, frames: left.frames.size,
    observers: [...left.observers].map((one) => one.constructor.name + ' ' + one.seenAt), workers: left.workers.size,
    locks: (await navigator.locks.query()).held.filter(({ name }) => name.includes('session-replay')).length,
    natives: natives(),
  })
}</script>`

const traces = (page: Page): Promise<unknown> =>
  page.evaluate(() => (window as unknown as { traces(): Promise<unknown> }).traces())

/** Bytes of live objects, after garbage is gone. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}

/** The database of the official SDK, as it lies there after a visit without a network. */
async function leaveOfficialRows(rows: {
  waiting: string[]
  open: string[]
  sessionId: number
}): Promise<void> {
  await new Promise<void>((resolve) => {
    const opening = indexedDB.open('fault-suit_amp_session_replay_events', 1)
    opening.onupgradeneeded = () => {
      const { result } = opening
      result.createObjectStore('sessionCurrentSequence', { keyPath: 'sessionId' })
      result
        .createObjectStore('sequencesToSend', { keyPath: 'sequenceId', autoIncrement: true })
        .createIndex('sessionId', 'sessionId')
    }
    opening.onsuccess = () => {
      const { result } = opening
      const transaction = result.transaction(['sessionCurrentSequence', 'sequencesToSend'], 'readwrite')
      transaction.objectStore('sequencesToSend').put({ sessionId: rows.sessionId, events: rows.waiting })
      transaction.objectStore('sessionCurrentSequence').put({ sessionId: rows.sessionId, events: rows.open })
      transaction.oncomplete = () => {
        result.close()
        resolve()
      }
    }
  })
}
