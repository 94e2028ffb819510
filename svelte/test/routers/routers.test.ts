import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findLeaks, outlineOf, rebuildOutlines, recordedText } from '@session-replay-kit/core/testing'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBrowser } from '../../../examples/setup/find-browser.mjs'
import { buildIn, openSite, type Site } from '../support/site.ts'
import { type PageNotes, readStorage, watchPage } from '../support/watch-page.ts'

// A secret exists only on restricted pages. A visitor wanders through them in every way that a browser knows; the
// secret must be in nothing that was sent or stored, and the replay of the other pages must equal what was seen.

const SECRETS = [
  'CLASSIFIED-title',
  'CLASSIFIED-heading',
  'CLASSIFIED-tip',
  'CLASSIFIED-4711',
  'CLASSIFIED-field',
]
const HERE = import.meta.dirname
const RESUME_LIMIT_MS = 700
const rrwebMain = createRequire(join(HERE, '../../../core/package.json')).resolve('rrweb')
const rrwebPath = join(dirname(rrwebMain), 'rrweb.umd.min.cjs')

let browser: Browser
let small = ''
const kit = join(HERE, 'kit')

beforeAll(async () => {
  small = await mkdtemp(join(tmpdir(), 'replay-routers-'))
  await buildIn(join(HERE, 'small'), ['--config', '../vite.small.config.js', '--outDir', small])
  await buildIn(kit)
  browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] })
}, 240_000)

afterAll(async () => {
  await browser?.close()
  if (small) await rm(small, { recursive: true, force: true })
})

interface Visit {
  page: Page
  site: Site
  click(path: string): Promise<void>
  /** Waits until an open page is on show and recorded, and remembers how it looks. */
  recorded(path: string): Promise<void>
  /** Waits until a restricted page is on show, and searches everything that was sent and stored. */
  restricted(): Promise<void>
  finish(): Promise<{ notes: PageNotes; differences: string[]; text: string }>
}

async function visit(folder: string, start: (origin: string) => string): Promise<Visit> {
  const site = await openSite(folder)
  const context = await browser.newContext()
  await context.addInitScript(watchPage)
  const page = await context.newPage()
  const errors: unknown[] = []
  page.on('pageerror', (error) => errors.push(error))
  const all: PageNotes = { dirty: 0, resumeDelays: [] }
  const moments: { path: string; at: number; outline: string[] }[] = []
  await page.goto(start(site.origin))

  const search = async (): Promise<void> => {
    expect(findLeaks(site.collector.evidence(), SECRETS)).toEqual([])
    expect(findLeaks(await page.evaluate(readStorage), SECRETS)).toEqual([])
  }
  const collectNotes = async (): Promise<void> => {
    const { dirty, resumeDelays } = await page.evaluate(() => {
      const { notes } = window as unknown as { notes: PageNotes }
      const copy = { ...notes }
      Object.assign(notes, { dirty: 0, resumeDelays: [] })
      return copy
    })
    all.dirty += dirty
    all.resumeDelays.push(...resumeDelays)
  }

  return {
    page,
    site,
    click: (path) => page.click(`[data-to="${path}"]`),
    async recorded(path) {
      await page.getByText(`Open page ${path}`, { exact: true }).waitFor()
      await page.waitForFunction(
        () => !document.querySelector('.restricted') && window.replay.getSnapshot().isRecording,
      )
      const moment = await page.evaluate<{ at: number; outline: string[] }>(
        `({ at: Date.now(), outline: (${outlineOf})(document, { maskAs: 'medium' }) })`,
      )
      moments.push({ path, ...moment })
      // The next change must not fall into the same millisecond.
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 5)))
      await collectNotes()
    },
    async restricted() {
      await page.locator('.restricted').first().waitFor()
      expect(await page.evaluate(() => window.replay.getSnapshot().isRecording)).toBe(false)
      await search()
    },
    async finish() {
      await page.evaluate(() => window.replay.flush())
      await search()
      await collectNotes()
      await page.goto('about:blank')
      const until = Math.max(...moments.map(({ at }) => at))
      const hasAll = (): boolean => site.collector.events().some(({ timestamp }) => timestamp >= until - 2000)
      await site.collector.waitForUpload(hasAll, 10_000)
      expect(findLeaks(site.collector.evidence(), SECRETS)).toEqual([])
      const events = site.collector.events()
      const rebuilt = await rebuildOutlines(page, events, { rrwebPath, at: moments.map(({ at }) => at) })
      const differences = moments.flatMap(({ path, outline }, index) =>
        outline.join('\n') === rebuilt[index]?.join('\n')
          ? []
          : [`${index} ${path}\n${outline.join('\n')}\n---\n${rebuilt[index]?.join('\n')}`],
      )
      expect(errors).toEqual([])
      await context.close()
      await site.close()
      return { notes: all, differences, text: recordedText(events) }
    },
  }
}

/** More than twenty navigations; every second page is restricted. */
async function wander(
  { page, click, recorded, restricted }: Visit,
  hrefOf: (path: string) => string,
): Promise<void> {
  await recorded('/')
  await click('/list')
  await recorded('/list')
  await click('/secret')
  await restricted()
  await click('/list')
  await recorded('/list')
  await page.evaluate(() => history.back())
  await restricted()
  await page.evaluate(() => history.back())
  await recorded('/list')
  await page.evaluate(() => history.forward())
  await restricted()
  await page.evaluate(() => history.forward())
  await recorded('/list')
  // Redirects, into and out of the restricted area.
  await click('/old')
  await restricted()
  await click('/')
  await recorded('/')
  await click('/secret/deep')
  await restricted()
  await click('/bye')
  await recorded('/list')
  // From one restricted page to another, and away.
  await click('/secret')
  await restricted()
  await click('/secret/deep')
  await restricted()
  await click('/')
  await recorded('/')
  // Faster than any page loads.
  for (const path of ['/secret', '/list', '/secret/deep', '/', '/secret', '/list']) await click(path)
  await recorded('/list')
  for (const path of ['/secret', '/', '/old', '/list', '/secret/deep']) await click(path)
  await restricted()
  await page.evaluate(() => history.go(-2))
  await page.evaluate(() => history.go(2))
  await restricted()
  await click('/list')
  await recorded('/list')
  // Loaded anew, on restricted and open addresses.
  await page.goto('about:blank')
  await page.goto(hrefOf('/secret'))
  await restricted()
  await click('/')
  await recorded('/')
  await click('/secret')
  await restricted()
  await page.reload()
  await restricted()
  await click('/list')
  await recorded('/list')
  // Leaves the site from a restricted page: whatever is sent on exit counts, too.
  await click('/secret/deep')
  await page.locator('.restricted').first().waitFor()
  await page.goto('about:blank')
  await page.goto(hrefOf('/'))
  await recorded('/')
}

const APPS = [
  { name: 'history router', folder: () => small, hrefOf: (origin: string, path: string) => origin + path },
  {
    name: 'hash router',
    folder: () => small,
    hrefOf: (origin: string, path: string) => `${origin}/hash.html#${path}`,
  },
  {
    name: 'SvelteKit',
    folder: () => join(kit, '.svelte-kit/site'),
    hrefOf: (origin: string, path: string) => origin + path,
  },
]

test.each(APPS)(
  '$name: the restricted page is in nothing, the replay of the others is whole',
  async (app) => {
    const one = await visit(app.folder(), (origin) => app.hrefOf(origin, '/'))
    await wander(one, (path) => app.hrefOf(one.site.origin, path))
    const { notes, differences, text } = await one.finish()
    expect(notes.dirty).toBe(0)
    expect(notes.resumeDelays.length).toBeGreaterThanOrEqual(9)
    expect(Math.max(...notes.resumeDelays)).toBeLessThanOrEqual(RESUME_LIMIT_MS)
    expect(differences).toEqual([])
    expect(text).toContain('Plant 3 of /list')
  },
)

test('SvelteKit: a page whose data says deny is in nothing', async () => {
  const one = await visit(join(kit, '.svelte-kit/site'), (origin) => `${origin}/`)
  await one.recorded('/')
  await one.click('/told')
  await one.restricted()
  await one.click('/list')
  await one.recorded('/list')
  await one.page.evaluate(() => history.back())
  await one.restricted()
  await one.page.reload()
  await one.restricted()
  await one.click('/')
  await one.recorded('/')
  const { notes, differences } = await one.finish()
  expect(notes.dirty).toBe(0)
  expect(differences).toEqual([])
})

test('without the rule the very same visit gives everything away', async () => {
  const one = await visit(small, (origin) => `${origin}/?open`)
  await one.recorded('/')
  await one.click('/secret')
  await one.page.locator('.restricted').waitFor()
  await one.page.evaluate(() => window.replay.flush())
  const has = () => findLeaks(one.site.collector.evidence(), ['CLASSIFIED-heading']).length > 0
  await one.site.collector.waitForUpload(has, 10_000)
  await one.page.context().close()
  await one.site.close()
})
