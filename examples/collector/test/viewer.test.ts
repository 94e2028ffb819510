import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type FrameLocator, type Page } from 'playwright'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBrowser } from '../../setup/find-browser.mjs'
import type { ReplayEvent } from '../api.ts'
import { type Collector, startCollector } from '../server/collector.ts'
import { recordedVisit, uploadRequest } from './recording.ts'

let dir: string
let collector: Collector
let browser: Browser
/** Stands for the recorded site: its pictures are fetched by the viewer. */
let site: Server
const siteRequests: IncomingHttpHeaders[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'viewer-'))
  const viewerDir = join(dir, 'viewer')
  await build({
    configFile: join(import.meta.dirname, '../vite.config.ts'),
    logLevel: 'error',
    build: { outDir: viewerDir },
  })
  collector = await startCollector({ port: 0, dataDir: join(dir, 'replays'), viewerDir })
  site = createServer((request, response) => {
    siteRequests.push(request.headers)
    response
      .writeHead(200, { 'content-type': 'image/svg+xml' })
      .end('<svg xmlns="http://www.w3.org/2000/svg"/>')
  }).listen(0, '127.0.0.1')
  browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] })
})
afterAll(async () => {
  await browser?.close()
  await collector?.stop()
  site?.close()
  await rm(dir, { recursive: true, force: true })
})

async function openViewer(path = '/'): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1300, height: 800 } })
  page.setDefaultTimeout(30_000)
  await page.goto(collector.url + path)
  return page
}
const recorded = (page: Page): FrameLocator => page.frameLocator('.replayer-wrapper iframe')
const send = (deviceId: string, events: ReplayEvent[]): Promise<Response> =>
  fetch(uploadRequest(collector.url, { deviceId, sessionId: 1, events }))
const keyOf = (deviceId: string): string =>
  collector.store.list().find((replay) => replay.deviceId === deviceId)?.key ?? 'none'

test('opens the newest replay and shows its page, its facts and its address', async () => {
  await send('ada', recordedVisit(Date.now() - 3_600_000))
  const page = await openViewer()
  await page.getByRole('navigation').getByText('ada').waitFor()
  await recorded(page).getByRole('heading', { name: 'Monstera' }).waitFor()
  await page.getByText('9 events').waitFor()
  expect(await page.locator('.address').textContent()).toBe('http://127.0.0.1:4401/')
  await page.getByLabel('Position in the replay').fill('9500')
  await recorded(page).getByRole('heading', { name: 'Thank you' }).waitFor()
  expect(await page.locator('.address').textContent()).toBe('http://127.0.0.1:4401/#/thanks')
  await page.close()
})

test('plays to the end, jumping over the time in which nothing was recorded', async () => {
  await send('grace', recordedVisit(Date.now() - 3_600_000))
  const page = await openViewer(`/#/replay/${keyOf('grace')}`)
  await page.getByLabel('Speed').selectOption('8')
  // The note goes again: who looks for it only after the click may miss it.
  await Promise.all([
    page.getByText('Recording was paused for 7 s').waitFor(),
    page.getByRole('button', { name: 'Play', exact: true }).click(),
  ])
  await page.getByText('0:11 / 0:11').waitFor()
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  await page.close()
})

test('shows a running session and lets it grow', async () => {
  const visit = recordedVisit(Date.now() - 3000)
  const page = await openViewer()
  await send('running', visit.slice(0, 4))
  await page.getByRole('navigation').getByText('running').click()
  await recorded(page).getByRole('heading', { name: 'Monstera' }).waitFor()
  await page.getByRole('button', { name: 'Live', pressed: true }).waitFor()
  await send('running', visit.slice(4, 6))
  await recorded(page).getByText('Added to your basket').waitFor()
  await page.close()
})

test('goes on playing when a batch arrives late', async () => {
  const startedAt = Date.now() - 12_000
  const visit = recordedVisit(startedAt).slice(0, 6)
  const late = visit.splice(4, 1)
  const paid = { type: 2, id: 40, tagName: 'p', attributes: {}, childNodes: [] }
  const text = { type: 3, id: 41, textContent: 'Paid' }
  const adds = [
    { parentId: 6, nextId: null, node: paid },
    { parentId: 40, nextId: null, node: text },
  ]
  const mutation = { source: 0, texts: [], attributes: [], removes: [], adds }
  const click = { source: 2, type: 2, id: 8, x: 120, y: 300 }
  visit.push(
    { type: 3, timestamp: startedAt + 11_000, data: mutation },
    { type: 3, timestamp: startedAt + 12_000, data: click },
  )
  await send('late', visit)
  const page = await openViewer(`/#/replay/${keyOf('late')}`)
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor()
  await send('late', late)
  await recorded(page).getByText('Added to your basket').waitFor()
  await recorded(page).getByText('Paid').waitFor()
  await page.close()
})

test('names what hides a node', async () => {
  await send('lens', recordedVisit(Date.now() - 3_600_000))
  const page = await openViewer(`/#/replay/${keyOf('lens')}`)
  await recorded(page).getByRole('heading', { name: 'Monstera' }).waitFor()
  await page.getByRole('button', { name: 'Privacy lens' }).click()
  const pointAt = async (selector: string): Promise<string> => {
    const box = await recorded(page).locator(selector).boundingBox()
    if (!box) throw new Error(`${selector} is not in the replay`)
    await page.mouse.move(box.x + 5, box.y + 5)
    return (await page.locator('.lens-card > *').allTextContents()).join(' ')
  }
  expect(await pointAt('.amp-mask span')).toBe('masked <span> .amp-mask on <div class="card amp-mask">')
  expect(await pointAt('input')).toBe('masked <input> email fields are hidden at every level')
  expect(await pointAt('.amp-block')).toBe('blocked <div class="amp-block"> .amp-block')
  expect(await pointAt('h1')).toBe('visible <h1> nothing hides it')
  expect(await page.locator('.lens-box.lens-blocked').count()).toBe(1)
  await page.close()
})

test('never runs what was recorded, and fetches its pictures without cookies or referrer', async () => {
  const { port } = site.address() as AddressInfo
  const attributes = {
    src: `http://127.0.0.1:${port}/picture.svg`,
    onload: 'parent.document.title = "ran"',
    alt: 'A picture',
  }
  const startedAt = Date.now() - 3_600_000
  const events = recordedVisit(startedAt)
  const script = { type: 3, id: 902, textContent: 'parent.document.title = "ran"' }
  events.splice(2, 0, {
    type: 3,
    timestamp: startedAt + 30,
    data: {
      source: 0,
      texts: [],
      attributes: [],
      removes: [],
      adds: [
        { parentId: 6, nextId: null, node: { type: 2, id: 900, tagName: 'img', attributes, childNodes: [] } },
        {
          parentId: 6,
          nextId: null,
          node: { type: 2, id: 901, tagName: 'script', attributes: {}, childNodes: [] },
        },
        { parentId: 901, nextId: null, node: script },
      ],
    },
  })
  await send('hostile', events)
  const page = await openViewer()
  await page.context().addCookies([{ name: 'login', value: 'secret', domain: '127.0.0.1', path: '/' }])
  await page.goto(`${collector.url}/#/replay/${keyOf('hostile')}`)
  await recorded(page).getByRole('heading', { name: 'Monstera' }).waitFor()
  await page.getByLabel('Position in the replay').fill('1000')
  await recorded(page).getByAltText('A picture').waitFor({ state: 'attached' })
  await expect.poll(() => siteRequests.length).toBeGreaterThan(0)
  for (const headers of siteRequests) {
    expect(headers.cookie).toBeUndefined()
    expect(headers.referer).toBeUndefined()
  }
  expect(await page.title()).toBe('Replays · Session Replay Kit')
  await page.close()
})

test('edits the remote configuration in the page', async () => {
  const page = await openViewer('/#/settings')
  await page.getByLabel('Sample rate').fill('0.2')
  await page.getByLabel('Sample rate').blur()
  await page.getByText('Saved.').waitFor()
  await page.getByLabel('Uploads').selectOption('skip-429')
  await page.getByText('uploads: skip-429').waitFor()
  expect(collector.settings.get()).toMatchObject({ sampleRate: 0.2, uploadAnswer: 'skip-429' })
  await page.getByLabel('Uploads').selectOption('accept')
  await expect.poll(() => collector.settings.get().uploadAnswer).toBe('accept')
  await page.close()
})
