import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createTestCollector, findLeaks, outlineOf, rebuildOutlines } from '@session-replay-kit/core/testing'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPageClock } from '../../../core/test/support/page-clock.ts'
import { expectSoon } from '../../../core/test/support/routers/expect-soon.ts'
import { type PageNotes, type Resume, watchPage } from '../../../core/test/support/routers/watch-page.ts'
import { findBrowser, NO_BROWSER } from '../../../examples/setup/find-browser.mjs'
import { readDatabases } from './read-databases.ts'
import { type ServedApp, serveApp } from './serve-app.ts'

const SECRETS = ['billing', 'payroll', 'vault', 'keys', 'account'].map((name) => `classified-${name}`)
// The browser build lies beside the package's main file, but is not among its exports.
const coreRequire = createRequire(new URL('../../../core/package.json', import.meta.url))
const rrwebPath = join(dirname(coreRequire.resolve('rrweb')), 'rrweb.umd.min.cjs')

let browser: Browser
beforeAll(async () => {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error(NO_BROWSER)
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking'],
  })
})
afterAll(() => browser?.close())

describe.each(['vue-router', 'vue-router-4'])('%s', (routerPackage) => {
  let app: ServedApp
  beforeAll(async () => {
    app = await serveApp(routerPackage)
  })
  afterAll(() => app?.close())

  it.concurrent.each([
    { history: 'web', view: 'plain', connected: true },
    { history: 'web', view: 'out-in', connected: true },
    { history: 'hash', view: 'plain', connected: true },
    { history: 'hash', view: 'out-in', connected: true },
    { history: 'web', view: 'keep-alive', connected: true },
    { history: 'web', view: 'plain', connected: false },
    { history: 'web', view: 'out-in', connected: false },
  ])('keeps every secret of restricted routes: %j', async (fixture) => {
    const { collector, context, page, errors, visit } = await open(fixture)

    await visit.load('/')
    await visit.recorded('home')
    const stored = await wander(visit, async () => {
      // Nothing is accepted for a while, so that it stays in the database.
      collector.answerWith('upload', { kind: 'refuse', status: 503 })
      return async () => {
        const texts = await readDatabases(page)
        collector.answerWith('upload', { kind: 'accept' })
        return texts
      }
    })
    await visit.to('/list', 'list')
    await page.mouse.move(5, 590)
    const outline = await page.evaluate<string[]>(
      `(${outlineOf})(document, ${JSON.stringify({ maskAs: 'medium' })})`,
    )
    const at = Date.now()
    await page.evaluate('window.replay.flush()')
    await page.goto('about:blank')
    const replayed = await replay(collector, at)
    await context.close()

    expect(visit.navigations()).toBeGreaterThanOrEqual(18)
    expect(errors).toEqual([])
    expect(stored.join(' ')).toContain('Everybody may read about')
    expect(findLeaks(stored, SECRETS)).toEqual([])
    expect(collector.uploads.length).toBeGreaterThan(3)
    expect(JSON.stringify(collector.events())).toContain('Everybody may read about slow')
    expect(findLeaks(collector.evidence(), SECRETS)).toEqual([])
    expect(replayed).toEqual(outline)
    const { dirty, resumes } = visit.notes()
    expect(dirty).toBe(0)
    expect(resumes.length).toBeGreaterThan(5)
    if (fixture.view === 'plain') expectSoon(resumes)
  })

  it.concurrent('keeps what a restricted page adds under the next address', async () => {
    const opened = await open({
      history: 'web',
      view: 'plain',
      connected: true,
    })
    const { page, visit } = opened
    await visit.load('/')
    await visit.recorded('home')
    await visit.to('/list', 'list')
    await visit.click('/billing/asking')
    await page.locator('.restricted').waitFor()
    await visit.back()
    await page.locator('#asking').waitFor()
    await visit.recorded('list')
    await expectNoLeak(opened)
  })

  it.concurrent('keeps a restricted page that Suspense shows until the next one has its data', async () => {
    const opened = await open({
      history: 'web',
      view: 'suspense',
      connected: true,
    })
    const { page, visit } = opened
    await visit.load('/payroll')
    await visit.onRestricted()
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<p id="menu">Menu</p>')`)
    await visit.click('/waiting')
    await visit.recorded('waiting')
    await expectNoLeak(opened)
  })

  /** Ends the visit: nothing of the restricted page was sent, and recording went on soon after it. */
  async function expectNoLeak({ collector, context, page, errors, visit }: Awaited<ReturnType<typeof open>>) {
    await visit.end()
    await page.evaluate('window.replay.flush()')
    await collector.waitForUpload()
    await context.close()
    expect(errors).toEqual([])
    expect(visit.notes().dirty).toBe(0)
    expect(findLeaks(collector.evidence(), SECRETS)).toEqual([])
    expectSoon(visit.notes().resumes)
  }

  async function open(fixture: { history: string; view: string; connected: boolean }) {
    const collector = createTestCollector()
    const context = await browser.newContext({ viewport: { width: 480, height: 360 } })
    await context.addInitScript(`window.fixture = ${JSON.stringify(fixture)}`)
    await context.addInitScript(`(${watchPage})(${startPageClock})`)
    await context.route(/amplitude\.com/, collector.route)
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    return { collector, context, page, errors, visit: createVisit(page, app.origin, fixture.history) }
  }

  async function replay(collector: ReturnType<typeof createTestCollector>, at: number): Promise<string[]> {
    await collector.waitForUpload(({ decoded }) =>
      decoded.events.some(({ timestamp }) => timestamp >= at - 5000),
    )
    const player = await browser.newPage({ viewport: { width: 480, height: 360 } })
    const [outline] = await rebuildOutlines(player, collector.events(), { rrwebPath })
    await player.close()
    return outline ?? []
  }
})

type Visit = ReturnType<typeof createVisit>

/** A visitor: clicks, history and direct loads, and what the page measured meanwhile. */
function createVisit(page: Page, origin: string, history: string) {
  let count = 0
  const notes: { dirty: number; resumes: Resume[] } = { dirty: 0, resumes: [] }
  const address = (path: string) => (history === 'hash' ? `${origin}/#${path}` : `${origin}${path}`)
  const keepNotes = async (): Promise<void> => {
    const { dirty, resumes } = await page.evaluate<PageNotes>('window.notes')
    notes.dirty += dirty
    notes.resumes.push(...resumes)
  }
  const visit = {
    navigations: () => count,
    notes: () => notes,
    /** Types the address: a new document. */
    async load(path: string) {
      if (count > 0) await keepNotes()
      count++
      // Only the fragment would change: no new document.
      if (history === 'hash') await page.goto('about:blank')
      await page.goto(address(path))
    },
    async recorded(id: string) {
      await page.locator(`#${id}`).waitFor()
      await page.waitForFunction('window.replay.getSnapshot().isRecording')
    },
    async click(to: string) {
      count++
      await page.click(`[data-to="${to}"]`)
    },
    async to(path: string, id: string) {
      await visit.click(path)
      await visit.recorded(id)
    },
    /** Stays for a while on a page that must not be recorded. */
    async restricted(path: string) {
      await visit.click(path)
      await visit.onRestricted()
    },
    async onRestricted() {
      await page.locator('.restricted').waitFor()
      await page.fill('.restricted input', 'classified-keys')
      // What was typed has been drawn, and a recorder would have told it.
      await page.evaluate(
        () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
      )
      expect(await page.evaluate('window.replay.getSnapshot().isRecording')).toBe(false)
    },
    async back() {
      count++
      await page.evaluate('history.back()')
    },
    async forward() {
      count++
      await page.evaluate('history.forward()')
    },
    async end() {
      await keepNotes()
    },
  }
  return visit
}

async function wander(visit: Visit, cutOff: () => Promise<() => Promise<string[]>>): Promise<string[]> {
  // Links, and links to and from what loads late.
  await visit.restricted('/billing/7')
  await visit.to('/', 'home')
  await visit.restricted('/payroll')
  await visit.to('/slow', 'slow')
  await visit.restricted('/vault')
  await visit.to('/list', 'list')
  // Redirects to and from a restricted page; a parent that restricts its children.
  await visit.restricted('/go')
  await visit.to('/leave', 'list')
  const restore = await cutOff()
  await visit.restricted('/admin/keys')
  await visit.to('/', 'home')
  // A page that is recorded, but masked.
  await visit.click('/account')
  await visit.to('/list', 'list')
  await visit.restricted('/payroll')
  await visit.to('/slow', 'slow')
  const stored = await restore()
  // History: to a restricted page, and away from one.
  await visit.back()
  await visit.onRestricted()
  await visit.back()
  await visit.recorded('list')
  await visit.forward()
  await visit.onRestricted()
  await visit.forward()
  await visit.recorded('slow')
  // Faster than anything settles.
  for (const path of [
    '/billing/7',
    '/',
    '/payroll',
    '/list',
    '/vault',
    '/slow',
    '/payroll',
    '/vault',
    '/',
  ] as const) {
    await visit.click(path)
  }
  await visit.recorded('home')
  // Restricted from the first byte.
  await visit.load('/payroll')
  await visit.onRestricted()
  await visit.to('/', 'home')
  await visit.load('/billing/7')
  await visit.onRestricted()
  await visit.to('/slow', 'slow')
  await visit.load('/vault')
  await visit.onRestricted()
  await visit.restricted('/billing/7')
  await visit.to('/list', 'list')
  await visit.end()
  return stored
}
