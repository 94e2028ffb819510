import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ReplayEvent } from '../types.ts'
import type { Capture, startCapture } from './record.ts'

type PageWindow = Window & typeof globalThis & { startCapture: typeof startCapture }

// In a page of its own: `document.open()` would take the test runner along.
let page: PageWindow
let frame: HTMLIFrameElement
let capture: Capture
let events: ReplayEvent[] = []

const types = () => events.map((event) => event.type)
const recorded = (text: string) => vi.waitFor(() => expect(JSON.stringify(events)).toContain(text))

beforeEach(async () => {
  frame = document.createElement('iframe')
  frame.src = '/test/support/frames/page.html'
  const ready = new Promise((resolve) =>
    window.addEventListener('message', ({ data }) => data === 'page ready' && resolve(true)),
  )
  // Firefox goes on with a page that writes itself anew before it has loaded.
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  document.body.append(frame)
  await Promise.all([ready, loaded])
  page = frame.contentWindow as PageWindow
  events = []
  capture = page.startCapture({
    emit: (event) => events.push(event),
    rewrite: (event) => event,
    blockSelector: '',
    settings: { inlineStylesheet: true, inlineImages: false, captureAdoptedStyleSheets: true },
    report: (error) => {
      throw error
    },
  })
})

afterEach(() => {
  capture.stop()
  frame.remove()
})

it('takes a full snapshot when the body is replaced, and no mutation of the whole page', async () => {
  const body = page.document.createElement('body')
  body.innerHTML = '<main>second page</main>'
  page.document.documentElement.replaceChild(body, page.document.body)
  await recorded('second page')
  expect(types()).toEqual([4, 2, 4, 2])
})

it('takes a full snapshot when the page writes itself anew, and hears it afterwards', async () => {
  page.document.open()
  page.document.write('<!doctype html><html><body><input id="field">written page</body></html>')
  page.document.close()
  await recorded('written page')
  expect(types().slice(-2)).toEqual([4, 2])
  const field = page.document.querySelector('#field') as HTMLInputElement
  field.value = 'heard'
  field.dispatchEvent(new page.Event('input', { bubbles: true }))
  await recorded('heard')
})

it('hears clicks, errors and addresses of a page that wrote itself anew', async () => {
  const load = (name: string) => page.eval(`import('/src/capture/${name}.ts')`)
  const report = (error: Error) => {
    throw error
  }
  const told: unknown[] = []
  const tell = (...parts: unknown[]) => told.push(JSON.stringify(parts))
  const { startInteractions } = (await load('interactions')) as typeof import('./interactions.ts')
  const { startConsoleCapture } = (await load('console')) as typeof import('./console.ts')
  const { startUrlTracking } = (await load('url-tracking')) as typeof import('./url-tracking.ts')
  const asItIs = (text: string): string => text
  let followers = 0
  const stops = [
    startInteractions({
      emit: tell,
      placeOf: () => ({ named: true, area: null }),
      sanitizeUrl: asItIs,
      batch: false,
      batchEveryMs: 30_000,
      report,
    }).stop,
    startConsoleCapture({ levels: ['error'], addPluginEvent: tell, report }),
    startUrlTracking({
      location: {
        get: () => 'https://shop.example/',
        subscribe() {
          followers += 1
          return () => {}
        },
      },
      addPluginEvent: () => {},
      sanitizeUrl: asItIs,
      captureTitle: false,
      maskTitle: asItIs,
      report,
    }),
  ]
  page.document.open()
  page.document.write('<!doctype html><html><body>written page</body></html>')
  page.document.close()
  await recorded('written page')
  page.document.body.click()
  page.dispatchEvent(new page.ErrorEvent('error', { message: 'it broke' }))
  expect(told.join()).toContain('"type":"click"')
  expect(told.join()).toContain('it broke')
  expect(followers).toBe(2)
  for (const stop of stops) stop()
})

it('takes none for ordinary changes of the body', async () => {
  page.document.body.append('more')
  page.document.documentElement.setAttribute('class', 'dark')
  await recorded('more')
  expect(types()).toEqual([4, 2, 3])
})

it('takes none after stop', async () => {
  capture.stop()
  const body = page.document.createElement('body')
  page.document.documentElement.replaceChild(body, page.document.body)
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(types()).toEqual([4, 2])
})
