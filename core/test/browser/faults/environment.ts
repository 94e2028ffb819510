import type { Page } from 'playwright'
import type { Scenario, Stage, StageSettings } from '../../support/fault-stage.ts'

/** A browser that lacks something, or in which something throws, or never answers. */
export function environmentFaults(scenario: Scenario): void {
  const visible: Record<string, StageSettings> = {
    'no IndexedDB': script(`Object.defineProperty(window, 'indexedDB', { value: undefined })`),
    'IndexedDB throws when it is touched': script(
      `Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError') } })`,
    ),
    'IndexedDB throws when it is opened': script(
      `IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError') }`,
    ),
    'IndexedDB answers opening with an error': script(`IDBFactory.prototype.open = () => {
      const request = new EventTarget()
      Object.defineProperty(request, 'error', { value: new DOMException('no', 'UnknownError') })
      setTimeout(() => { const event = new Event('error'); request.dispatchEvent(event); request.onerror?.(event) })
      return request
    }`),
    'IndexedDB is silent when it is opened': script(`IDBFactory.prototype.open = () => new EventTarget()`),
    'IndexedDB falls silent later': script(`
      const { transaction } = IDBDatabase.prototype
      setTimeout(() => {
        const silent = () => new EventTarget()
        for (const name of ['put', 'add', 'get', 'getAll', 'delete', 'clear']) IDBObjectStore.prototype[name] = silent
      }, 1500)`),
    'writing to IndexedDB fails later': script(`
      setTimeout(() => {
        IDBObjectStore.prototype.put = () => { throw new DOMException('broken', 'UnknownError') }
      }, 1500)`),
    'the disk is full': script(`
      IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') }`),
    'transactions of IndexedDB throw': script(`
      IDBDatabase.prototype.transaction = () => { throw new DOMException('closing', 'InvalidStateError') }`),
    'localStorage is denied': script(`for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError') } })`),
    'localStorage is full': script(
      `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }`,
    ),
    'cookies are denied': script(`Object.defineProperty(Document.prototype, 'cookie', {
      get() { throw new DOMException('denied', 'SecurityError') }, set() { throw new DOMException('denied', 'SecurityError') } })`),
    'no Web Locks': script(`Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })`),
    'Web Locks throw': script(`LockManager.prototype.request = () => { throw new Error('no') }`),
    'Web Locks reject': script(`LockManager.prototype.request = () => Promise.reject(new Error('no'))`),
    'Web Locks are silent': script(`LockManager.prototype.request = () => new Promise(() => {})`),
    'the storage estimate is silent': script(
      `StorageManager.prototype.estimate = () => new Promise(() => {})`,
    ),
    'no CompressionStream': script(`delete window.CompressionStream; delete window.DecompressionStream`),
    'no requestIdleCallback': script(`delete window.requestIdleCallback; delete window.cancelIdleCallback`),
    'requestIdleCallback is silent': script(`window.requestIdleCallback = () => 1`),
    'no sendBeacon': script(`Object.defineProperty(Navigator.prototype, 'sendBeacon', { value: undefined })`),
    'no crypto': script(`Object.defineProperty(window, 'crypto', { value: undefined })`),
    'no Navigation API': script(`delete window.navigation`),
    'no ReadableStream': script(`delete window.ReadableStream`),
    'fetch without keepalive': script(`delete Request.prototype.keepalive`),
    'the host wraps fetch': script(`
      const real = window.fetch
      window.fetch = function (...args) { window.fetched = (window.fetched ?? 0) + 1; return real.apply(this, args) }`),
    'the host wraps fetch and its wrapper throws at times': script(`
      const real = window.fetch; let calls = 0
      window.fetch = (...args) => { if (++calls % 3 === 0) throw new Error('host'); return real(...args) }`),
    'the host replaces Promise': script(`
      const Native = Promise
      window.Promise = class ZoneAwarePromise extends Native {}`),
    'the host patches timers and observers as zone libraries do': script(`
      const wrap = (name) => { const real = window[name]; window[name] = (run, ...rest) => real(() => run(), ...rest) }
      wrap('setTimeout'); wrap('setInterval'); wrap('requestAnimationFrame')
      const Real = MutationObserver
      window.MutationObserver = class extends Real { constructor(run) { super((...args) => run(...args)) } }
      const add = EventTarget.prototype.addEventListener
      EventTarget.prototype.addEventListener = function (type, run, options) {
        return add.call(this, type, typeof run === 'function' ? function (...args) { return run.apply(this, args) } : run, options)
      }`),
    'the host adds to prototypes': script(`
      Array.prototype.last = function () { return this[this.length - 1] }
      Object.defineProperty(Object.prototype, 'extra', { value: 1, enumerable: true, writable: true, configurable: true })
      String.prototype.toJSON = function () { return String(this) }
      Array.prototype.toJSON = function () { return [...this] }`),
    'arrays have a toJSON, as with an old Prototype.js': script(`
      Array.prototype.toJSON = function () { return '[' + this.map(String).join() + ']' }`),
    'Date is replaced': script(`
      const Real = Date
      window.Date = class extends Real {}`),
  }
  for (const [what, settings] of Object.entries(visible)) {
    scenario(`environment: ${what}`, settings, async (stage) => {
      await plainVisit(stage)
      await stage.verdict()
    })
  }

  const workers: Record<string, StageSettings> = {
    'a worker': {},
    'no workers': script(`delete window.Worker`),
    'workers throw': script(`window.Worker = class { constructor() { throw new Error('no') } }`),
    'workers are silent': script(
      `window.Worker = class extends EventTarget { postMessage() {} terminate() {} }`,
    ),
    'workers fail to load': script(`window.Worker = class extends EventTarget {
      constructor() { super(); setTimeout(() => { const e = new Event('error'); this.dispatchEvent(e); this.onerror?.(e) }) }
      postMessage() {} terminate() {} }`),
    'a worker dies': script(`const Real = Worker; window.Worker = class extends Real {
      constructor(...args) { super(...args); setTimeout(() => this.terminate(), 2000) } }`),
    'a policy forbids workers': {
      headers: { 'Content-Security-Policy': "worker-src 'none'" },
    },
    'a policy forbids blob workers': {
      headers: { 'Content-Security-Policy': "worker-src 'self'" },
    },
  }
  for (const [what, { head = '', headers = {} }] of Object.entries(workers)) {
    scenario(
      `packing in a worker: ${what}`,
      { head, headers, options: { useWebWorker: true } },
      async (stage) => {
        await plainVisit(stage)
        await stage.verdict()
      },
    )
  }

  for (const name of ['fetch', 'AbortController']) {
    scenario(
      `environment: without ${name} nothing is recorded, and a line says so`,
      script(`delete window.${name}`),
      async (stage) => {
        const page = await stage.visit({ record: 'ask' })
        await stage.write(page, 5)
        await page.waitForTimeout(2_500)
        stage.expect(stage.said.length).toBeGreaterThan(0)
        await stage.verdict({ lost: () => true, rebuild: false })
      },
    )
  }

  scenario('environment: the database is of a newer version', {}, async (stage) => {
    const page = await stage.visit({ record: 'no' })
    await page.goto(`${stage.origin}/plain`)
    await raiseVersions(stage, page)
    await stage.load(page)
    await stage.write(page, 20)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict()
  })

  scenario(
    'environment: a policy without our endpoints',
    {
      headers: { 'Content-Security-Policy': "connect-src 'self'" },
    },
    async (stage) => {
      const page = await stage.visit({ record: 'ask' })
      await stage.write(page, 20)
      await page.waitForTimeout(2_000)
      stage.expect(stage.collector.uploads).toHaveLength(0)
      stage.expect(stage.said.length).toBeGreaterThan(0)
      await stage.verdict({ lost: () => true, rebuild: false })
    },
  )

  scenario('environment: forged window messages', {}, async (stage) => {
    const page = await stage.visit()
    await page.evaluate(() => {
      const forged = [
        null,
        1,
        'rrweb',
        { type: 'rrweb' },
        { type: 'rrweb', origin: location.origin, event: {} },
        { source: 'session-replay-kit', kind: 'start' },
        { type: 'amplitude' },
      ]
      for (const message of forged) window.postMessage(message, '*')
    })
    await stage.write(page, 20)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ said: 0 })
  })

  scenario('environment: page text that looks like code', {}, async (stage) => {
    const page = await stage.visit()
    await page.evaluate(() => {
      for (const text of [
        '</script><script>throw 1</script>',
        '"]}',
        '\\u2028\u2028\u0000',
        '{"type":2}',
        '\ud800 lone',
        '%00',
        '__proto__',
      ]) {
        const element = document.body.appendChild(document.createElement('b'))
        element.textContent = text
        element.setAttribute('data-text', text)
      }
    })
    await stage.write(page, 20)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ said: 0 })
  })
}

/** Everything at once: the first request in a failing service, a page exit, and one more visit. */
async function plainVisit(stage: Stage): Promise<void> {
  const page = await stage.visit()
  await stage.write(page, 40, 80)
  await stage.rest(page)
  await stage.arrived()
}

const script = (code: string): StageSettings => ({ head: `<script>{${code}}</script>` })

/** Opens every database that the kit may use with a version that does not exist yet. */
async function raiseVersions(stage: Stage, page: Page): Promise<void> {
  await stage.load(page)
  await stage.write(page, 2)
  await stage.arrived()
  await page.waitForTimeout(500)
  await page.goto(`${stage.origin}/plain`)
  await page.evaluate(async () => {
    for (const { name = '', version = 1 } of await indexedDB.databases()) {
      await new Promise((resolve) => {
        const opening = indexedDB.open(name, version + 7)
        opening.onsuccess = () => {
          opening.result.close()
          resolve(undefined)
        }
      })
    }
  })
}
