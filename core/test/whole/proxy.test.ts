import { mkdir, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import { createTestCollector, recordedText } from '../../src/testing/index.ts'
import { namedBlocks } from '../support/doc-blocks.ts'
import { launch } from './stage.ts'

// The Node server of docs/proxy.md, as it is written there, between a page in a browser and Amplitude. The page may talk
// to nobody but its own origin.

const FOLDER = join(import.meta.dirname, '.proxy-server')
const KEY = 'YOUR_API_KEY'
const POLICY = `default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; connect-src 'self'`

const PAGE = `<!doctype html><meta charset="utf-8"><title>Shop</title><h1>Behind a proxy</h1>
  <script type="module" src="/page.js"></script>`
const SCRIPT = `import { flush, init } from '/kit/index.js'
  addEventListener('click', () => document.body.append('clicked'))
  Object.assign(window, { flush })
  init('${KEY}', {
    deviceId: 'device-1', sessionId: 1700000000000, sampleRate: 1, useWebWorker: true,
    trackServerUrl: '/replay/track', configServerUrl: '/replay/config',
  })`

/** Stands for the reader's app, which the server of the example imports. */
function serveApp(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const files: Record<string, string> = { ...inject('product'), '/': PAGE, '/page.js': SCRIPT }
  const path = incoming.url ?? '/'
  const type = path.endsWith('.js') ? 'text/javascript' : 'text/html'
  outgoing.writeHead(path in files ? 200 : 404, { 'content-type': type, 'Content-Security-Policy': POLICY })
  outgoing.end(files[path])
}

let browser: Browser
let server: Server
const collector = createTestCollector()
/** What the server asked Amplitude. */
const forwarded: { url: string; headers: Record<string, string> }[] = []

beforeAll(async () => {
  browser = await launch()
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    forwarded.push({ url, headers: init.headers as Record<string, string> })
    return collector.handle(new Request(url, init))
  })
  const { 'server.ts': code = '' } = namedBlocks(join(import.meta.dirname, '../../docs/proxy.md'))
  expect(code).toContain('server.listen(3000)')
  await mkdir(FOLDER, { recursive: true })
  await writeFile(join(FOLDER, 'server.ts'), code.replace('server.listen(3000)', ''))
  await writeFile(
    join(FOLDER, 'serve-app.ts'),
    'export const serveApp = (...all: unknown[]) => (globalThis as any).serveApp(...all)\n',
  )
  Object.assign(globalThis, { serveApp })
  server = ((await import(/* @vite-ignore */ join(FOLDER, 'server.ts'))) as { server: Server }).server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await browser?.close()
  server?.closeAllConnections()
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)))
  vi.unstubAllGlobals()
  await rm(FOLDER, { recursive: true, force: true })
})

it('carries a whole visit through the own origin, and nothing else leaves the page', async () => {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const context = await browser.newContext()
  await context.addCookies([{ name: 'visitor', value: 'cookie-of-the-shop', url: origin }])
  const page = await context.newPage()
  const requests: string[] = []
  const said: string[] = []
  context.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(String(error)))
  try {
    await page.goto(origin)
    await collector.waitForUpload(({ decoded }) => decoded.channel === 'replay', 20_000)
    await page.click('h1')
    await page.evaluate(() => (window as unknown as { flush(): Promise<void> }).flush())
    await collector.waitForUpload(() => recordedText(collector.events()).includes('clicked'), 20_000)
    await page.evaluate(() => document.body.append('parting'))
    // On the way out requests cannot set headers: the key goes in the address.
    await page.goto('about:blank')
    await collector.waitForUpload(() => recordedText(collector.events()).includes('parting'), 20_000)
  } finally {
    await context.close()
  }
  expect(said).toEqual([])
  expect(requests.filter((url) => !url.startsWith(`${origin}/`) && url !== 'about:blank')).toEqual([])
  expect(requests).toContain(`${origin}/replay/config/${KEY}?config_group=browser`)
  expect(forwarded.map(({ url }) => new URL(url).host)).toEqual(
    expect.arrayContaining(['sr-client-cfg.amplitude.com', 'api-sr.amplitude.com']),
  )
  expect(JSON.stringify(forwarded)).not.toContain('cookie-of-the-shop')
  expect(collector.uploads.every(({ apiKey }) => apiKey === KEY)).toBe(true)
})
