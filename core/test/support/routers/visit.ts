import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { expect } from 'vitest'
import { findLeaks, outlineOf, rebuildOutlines, recordedText } from '../../../src/testing/index.ts'
import { startPageClock } from '../page-clock.ts'
import { expectSoon } from './expect-soon.ts'
import { openSite, type Site } from './site.ts'
import { type PageNotes, readStorage, watchPage } from './watch-page.ts'

// A secret exists only on restricted pages. A visitor wanders through them in every way that a browser knows; the
// secret must be in nothing that was sent or stored, and the replay of the other pages must equal what was seen.
//
// Apps that are visited have links `[data-to]`, say `Open page <path>` on open pages, carry `.restricted` on the others,
// and leave their controller in `window.replay`.

/** What the restricted pages say. */
export const SECRETS = [
  'CLASSIFIED-title',
  'CLASSIFIED-heading',
  'CLASSIFIED-tip',
  'CLASSIFIED-4711',
  'CLASSIFIED-field',
]

const rrwebMain = createRequire(import.meta.url).resolve('rrweb')
const rrwebPath = join(dirname(rrwebMain), 'rrweb.umd.min.cjs')

export interface Visit {
  page: Page
  site: Site
  click(path: string): Promise<void>
  /** Waits until an open page is on show and recorded, and remembers how it looks. */
  recorded(path: string): Promise<void>
  /** Waits until a restricted page is on show, and searches everything that was sent and stored. */
  restricted(): Promise<void>
  /** How often the address has changed, and how many documents were loaded. */
  navigations(): number
  finish(): Promise<{ notes: PageNotes; differences: string[]; text: string }>
}

/** Opens the built app in `folder`; `fixture` is `window.fixture` in it. */
export async function visit(
  browser: Browser,
  folder: string,
  start: (origin: string) => string,
  fixture: object = {},
): Promise<Visit> {
  const site = await openSite(folder)
  // Small, because view transitions are drawn by the processor.
  const context = await browser.newContext({ viewport: { width: 480, height: 360 } })
  await context.addInitScript(`window.fixture = ${JSON.stringify(fixture)}`)
  await context.addInitScript(`(${watchPage})(${startPageClock})`)
  const page = await context.newPage()
  const errors: unknown[] = []
  page.on('pageerror', (error) => {
    if (!isSkippedTransition(error)) errors.push(error)
  })
  const all: PageNotes = { dirty: 0, resumes: [] }
  const moments: { path: string; at: number; outline: string[] }[] = []
  let navigations = 0
  page.on('framenavigated', () => navigations++)
  await page.goto(start(site.origin))

  const search = async (): Promise<void> => {
    expect(findLeaks(site.collector.evidence(), SECRETS)).toEqual([])
    expect(findLeaks(await page.evaluate(readStorage), SECRETS)).toEqual([])
  }
  const collectNotes = async (): Promise<void> => {
    const { dirty, resumes } = await page.evaluate(() => {
      const { notes } = window as unknown as { notes: PageNotes }
      const copy = { ...notes }
      Object.assign(notes, { dirty: 0, resumes: [] })
      return copy
    })
    all.dirty += dirty
    all.resumes.push(...resumes)
  }

  return {
    page,
    site,
    navigations: () => navigations,
    click: (path) => page.click(`[data-to="${path}"]`),
    async recorded(path) {
      await page.getByText(`Open page ${path}`, { exact: true }).waitFor()
      await page.waitForFunction(
        '!document.querySelector(".restricted") && window.replay.getSnapshot().isRecording',
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
      expect(await page.evaluate('window.replay.getSnapshot().isRecording')).toBe(false)
      await search()
    },
    async finish() {
      await page.evaluate('window.replay.flush()')
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

/** Routers skip a view transition when the next one begins, and do not listen to its `ready`, which then rejects. */
const isSkippedTransition = ({ name, message }: Error): boolean =>
  name === 'AbortError' && message.startsWith('Transition was skipped')

/** Two entries back, wherever that is, and forward again before the router has shown it. Runs in the page. */
function thereAndBack(): Promise<void> {
  return new Promise((resolve) => {
    // Before, there is nothing to go forward to.
    const goBack = (): void => {
      history.go(2)
      resolve()
    }
    addEventListener('popstate', goBack, { once: true })
    history.go(-2)
  })
}

/** More than twenty navigations; every second page is restricted. */
export async function wander(
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
  await page.evaluate(thereAndBack)
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

/** A page that only its route's metadata restricts: by link, by history, loaded directly. */
export async function wanderByMetadata({ page, click, recorded, restricted }: Visit): Promise<void> {
  await recorded('/')
  await click('/told')
  await restricted()
  await click('/list')
  await recorded('/list')
  await page.evaluate(() => history.back())
  await restricted()
  await page.reload()
  await restricted()
  await click('/')
  await recorded('/')
}

/** Back from a page that shows what it has waited for only after the address has left it, to one that loads slowly. */
export async function wanderSlowly({ page, click, recorded }: Visit): Promise<void> {
  await recorded('/')
  await click('/late')
  await recorded('/late')
  await click('/secret/slow')
  await page.locator('.restricted progress').waitFor()
  await page.evaluate(() => history.back())
  await page.locator('.restricted h1').waitFor()
  await recorded('/late')
  await click('/')
  await recorded('/')
}

/** Ends the visit. Secrets have been looked for on the way; here is the rest of what it must show. */
export async function expectWhole(one: Visit, leastResumes: number, path = '/list'): Promise<void> {
  const { notes, differences, text } = await one.finish()
  expect(notes.dirty).toBe(0)
  expect(notes.resumes.length).toBeGreaterThanOrEqual(leastResumes)
  expectSoon(notes.resumes)
  expect(differences).toEqual([])
  expect(text).toContain(`Plant 3 of ${path}`)
}

/** The same search finds the secrets where no rule keeps them. */
export async function expectFound({ page, site }: Visit): Promise<void> {
  await page.locator('.restricted').first().waitFor()
  await page.evaluate('window.replay.flush()')
  const has = () => findLeaks(site.collector.evidence(), ['CLASSIFIED-heading']).length > 0
  await site.collector.waitForUpload(has, 10_000)
  await page.context().close()
  await site.close()
}
