import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { resolveOptions } from '../config/resolve-options.ts'
import type { TransportRequest } from '../types.ts'
import type { Delivery } from './delivery.ts'
import type { startPageDelivery } from './page-delivery.ts'

type PageWindow = Window & typeof globalThis

// In a page of its own: `document.open()` would take the test runner along.
let page: PageWindow
let frame: HTMLIFrameElement
let delivery: Delivery
let sent: TransportRequest[] = []
const onLeave = vi.fn()

beforeEach(async () => {
  frame = document.createElement('iframe')
  frame.src = '/test/support/frames/page.html'
  const ready = new Promise((resolve) =>
    window.addEventListener('message', ({ data }) => data === 'page ready' && resolve(true)),
  )
  // Firefox goes on with a page that writes itself anew before it has loaded.
  const loadedFrame = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  document.body.append(frame)
  await Promise.all([ready, loadedFrame])
  page = frame.contentWindow as PageWindow
  const module = '/src/pipeline/page-delivery.ts'
  const loaded = (await page.eval(`import('${module}')`)) as {
    startPageDelivery: typeof startPageDelivery
  }
  sent = []
  onLeave.mockClear()
  const handleSendEvents = async (request: TransportRequest) => {
    sent.push(request)
    return { status: 200 }
  }
  delivery = loaded.startPageDelivery({
    apiKey: 'KEY',
    options: resolveOptions(
      { storeType: 'memory', useWebWorker: false, handleSendEvents } as never,
      () => {},
    ),
    destination: {
      apiKey: 'KEY',
      serverZone: 'US',
      trackServerUrl: undefined,
      version: '1',
      library: { type: 'plugin', version: '1' },
    },
    deviceId: () => 'device',
    mayUpload: () => 'yes',
    onSessionKilled() {},
    onGap() {},
    onLeave,
    onFocus() {},
    onAttention() {},
    debug() {},
    report: (error) => {
      throw error
    },
  })
})

afterEach(async () => {
  await delivery.end()
  frame.remove()
})

function add(): void {
  delivery.add(
    { type: 5, timestamp: Date.now(), data: { tag: 'left', payload: {} } },
    { identity: { deviceId: 'device', sessionId: 1 }, channel: 'replay', pageUrl: '', sampleRate: 1 },
  )
}

const writeAnew = async () => {
  page.document.open()
  page.document.write('<!doctype html><html><body>written page</body></html>')
  page.document.close()
  await vi.waitFor(() => expect(page.document.body.textContent).toBe('written page'))
}

it.each([
  ['as it came', async () => {}],
  ['that wrote itself anew', writeAnew],
])('hands over when the user leaves a page %s', async (_, prepare) => {
  await prepare()
  add()
  page.dispatchEvent(new page.PageTransitionEvent('pagehide', { persisted: false }))
  expect(sent).toHaveLength(1)
})

it('hears in a page that wrote itself anew that the network is back', async () => {
  const setOnline = (value: boolean) =>
    Object.defineProperty(page.navigator, 'onLine', { value, configurable: true })
  setOnline(false)
  add()
  await delivery.flush()
  await writeAnew()
  setOnline(true)
  page.dispatchEvent(new page.Event('online'))
  await vi.waitFor(() => expect(sent).toHaveLength(1))
})

it('listens to nothing once it has ended, whatever becomes of the document', async () => {
  await delivery.end()
  await writeAnew()
  page.dispatchEvent(new page.PageTransitionEvent('pagehide', { persisted: false }))
  expect(onLeave).not.toHaveBeenCalled()
})
