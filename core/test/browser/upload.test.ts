import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import * as answers from '../support/answers.ts'
import {
  bundleForPage,
  makeProfile,
  openBrowser,
  type PageServer,
  servePages,
  type TestBrowser,
} from '../support/browser.ts'
import { type Collector, startCollector } from '../support/collector.ts'

// The upload stage in a real browser, with real exits, against a collector on another origin.

declare const uploadPage: typeof import('./pages/upload-page.ts')

let script: string
let browser: TestBrowser
let profile: Awaited<ReturnType<typeof makeProfile>>
let collector: Collector
let pages: PageServer
let page: Page

beforeAll(async () => {
  script = await bundleForPage(join(import.meta.dirname, 'pages/upload-page.ts'), 'uploadPage')
  profile = await makeProfile()
  browser = await openBrowser(profile.path)
})
afterAll(async () => {
  await browser?.close()
  await profile?.remove()
})

beforeEach(async () => {
  collector = await startCollector()
  pages = await servePages({
    '/': '<!doctype html><script src="/upload.js"></script>',
    '/strict': `<!doctype html><meta http-equiv="Content-Security-Policy" content="connect-src 'self'"><script src="/upload.js"></script>`,
    '/next': '<!doctype html>next',
    '/upload.js': script,
  })
  page = await browser.newPage()
  await visit('/')
})
afterEach(async () => {
  await page.close()
  await pages.close()
  await collector.close()
})

const visit = (path: string): Promise<unknown> =>
  page.goto(`${pages.origin}${path}?track=${encodeURIComponent(collector.trackUrl)}`)
const sequences = (): unknown[] =>
  collector.kept({ type: 'replay' }).map(({ data }) => (data as { sequence: number }).sequence)

it('delivers across origins with the headers of the protocol', async () => {
  await page.evaluate(() => uploadPage.send(1, 100))
  await collector.until((uploads) => uploads.length === 1)
  const [upload] = collector.uploads
  expect(upload?.headers).toMatchObject({
    authorization: 'Bearer KEY',
    'content-encoding': 'gzip',
    'content-type': 'application/json',
    accept: '*/*',
    'x-client-library': 'standalone/0.1.0',
    'x-client-sample-rate': '1',
    'x-sampling-hash-alg': 'xxhash32',
  })
  await page.waitForFunction(() => uploadPage.left().length === 0)
})

it('hands over what fits on exit, skips what is too big and sends what follows', async () => {
  for (const [sequence, bytes] of [
    [1, 15_000],
    [2, 100_000],
    [3, 15_000],
    [4, 15_000],
    [5, 45_000],
    [6, 3_000],
  ] as const) {
    await page.evaluate(([one, two]) => uploadPage.hold(one, two), [sequence, bytes] as const)
  }
  await page.goto(`${pages.origin}/next`)
  await collector.until((uploads) => uploads.length >= 4)
  expect(sequences().sort()).toEqual([1, 3, 4, 6])
})

it('hands over when the tab is closed', async () => {
  await page.evaluate(() => uploadPage.hold(1, 30_000))
  await page.close({ runBeforeUnload: true })
  await collector.until((uploads) => uploads.length === 1)
  expect(sequences()).toEqual([1])
})

it('sends nothing twice after a return from the back/forward cache', async () => {
  for (const sequence of [1, 2]) await page.evaluate((one) => uploadPage.hold(one, 5_000), sequence)
  await page.goto(`${pages.origin}/next`)
  await collector.until((uploads) => uploads.length === 2)
  await page.goBack({ waitUntil: 'commit' })
  // The same page and not a new load: it remembers that it was left. A headless shell loads it anew.
  await page.waitForFunction(() => document.readyState === 'complete')
  expect(await page.evaluate(() => uploadPage.wasLeft())).toBe(browser.whole)
  await page.evaluate(() => uploadPage.send(3, 100))
  await collector.until((uploads) => uploads.length >= 3)
  await page.waitForFunction(() => uploadPage.left().length === 0)
  expect(sequences().sort()).toEqual([1, 2, 3])
})

it('reads skip codes and Retry-After across origins', async () => {
  collector.script(({ sessionId }) =>
    sessionId === '1' ? answers.skip(4005) : answers.status(503, { 'Retry-After': '9' }),
  )
  await page.evaluate(() => uploadPage.send(1, 100))
  await page.waitForFunction(() => uploadPage.status().drops['session-killed'] === 1)
  await page.evaluate(() => uploadPage.send(2, 100, 2))
  await page.waitForFunction(() => (uploadPage.status().pausedUntil ?? 0) > Date.now() + 7_000)
  expect(collector.uploads).toHaveLength(2)
})

it('keeps order and identical bytes through resets, and delivers when the server is back', async () => {
  collector.script([answers.reset(), answers.resetAfter(), answers.status(502)])
  for (const sequence of [1, 2, 3]) await page.evaluate((one) => uploadPage.send(one, 500), sequence)
  await collector.until(() => sequences().includes(3), 40_000)
  expect(
    collector.uploads.slice(0, 4).every(({ raw }) => raw.equals(collector.uploads[0]?.raw ?? Buffer.of())),
  ).toBe(true)
  expect(collector.uploads.map(({ kept }) => kept)).toEqual([false, true, false, true, true, true])
  expect(sequences()).toEqual([1, 1, 2, 3])
  expect(collector.maxOpen('1')).toBe(1)
})

it('says once which host a content security policy blocks', async () => {
  await visit('/strict')
  await page.evaluate(() => uploadPage.send(1, 100))
  await page.waitForFunction(() => uploadPage.status().requests >= 2)
  const said = await page.evaluate(() => uploadPage.said())
  expect(said.filter((line) => line.includes('connect-src'))).toEqual([
    expect.stringContaining(collector.origin),
  ])
  expect(collector.uploads).toHaveLength(0)
})
