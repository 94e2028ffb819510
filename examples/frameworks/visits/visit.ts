import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { findLeaks, outlineOf, rebuildOutlines, recordedText } from '@session-replay-kit/core/testing'
import type { Browser, ConsoleMessage, Page } from 'playwright'
import { expect } from 'vitest'
import { readDatabases } from '../../../vue/test/browser/read-databases.ts'
import type { ServedCollector } from './collector.ts'
import { type Sighting, watchCheckout } from './watch-checkout.ts'

// The same shop in each framework: links in `nav`, a heading per page, the status of the recorder in `output`, and
// `.checkout`, which may never be recorded.

/** The first exists on the checkout only, the second is typed there; the others also stand on the masked account. */
export const SECRETS = [
  'NL00 FERN 0123 4567 89',
  'NL11 TYPED 9876 5432 10',
  'Robin Fernandez',
  'robin@example.com',
]
const TYPED = SECRETS[1] as string
/** Never a secret: what is searched for in vain has to be findable. One text node in every framework. */
const PUBLIC_TEXT = ' once a week.'
const PATIENCE_MS = 30_000

// The browser build lies beside the package's main file, but is not among its exports.
const rrwebMain = createRequire(new URL('../../../core/package.json', import.meta.url)).resolve('rrweb')
const rrwebPath = join(dirname(rrwebMain), 'rrweb.umd.min.cjs')

export interface Report {
  navigations: number
  /** For each return from the checkout: ms of the page's clock from its end to the first event of the new recording. */
  resumedAfterMs: number[]
  /** Events that were recorded while the checkout was on show. */
  recordedMeanwhile: number
  /** Moments at which the replay shows something else than the page did. */
  differences: string[]
  /** Everything readable that was recorded. */
  text: string
  /** Warnings and errors of the page's console. */
  complaints: string[]
}

export type Visitor = ReturnType<typeof createVisitor>

/** Lets a visitor loose on the app, and looks for secrets in all that was sent or stored meanwhile. */
export async function visit(
  { browser, origin, collector }: { browser: Browser; origin: string; collector: ServedCollector },
  wander: (visitor: Visitor) => Promise<void>,
): Promise<Report> {
  collector.clear()
  const context = await browser.newContext({ viewport: { width: 900, height: 600 } })
  const sightings: Sighting[] = []
  await context.exposeFunction('sighted', (one: Sighting) => void sightings.push(one))
  await context.addInitScript(watchCheckout)
  const page = await context.newPage()
  const complaints: string[] = []
  const complain = (message: ConsoleMessage): void => {
    // The browser reports uploads that the test had refused.
    if (message.location().url.startsWith(collector.url)) return
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  }
  page.on('console', complain)
  page.on('pageerror', (error) => complaints.push(String(error)))

  try {
    const visitor = createVisitor(page, origin, collector, sightings)
    await wander(visitor)
    await visitor.leave()
    const { moments, returns, navigations } = visitor.notes()
    const until = Math.max(...moments.map(({ recordedAt }) => recordedAt))
    const isWhole = () => collector.events().some(({ timestamp }) => timestamp >= until)
    await collector.waitForUpload(isWhole, PATIENCE_MS)

    const events = collector.events()
    expect(findLeaks(collector.evidence(), SECRETS)).toEqual([])
    expect(findLeaks(collector.evidence(), [PUBLIC_TEXT])).not.toEqual([])
    const rebuilt = await rebuildOutlines(await context.newPage(), events, {
      rrwebPath,
      at: moments.map(({ at }) => at),
    })
    return {
      navigations,
      resumedAfterMs: returns.map((goneAt) => {
        const first = events.find(({ timestamp }) => timestamp >= goneAt)
        return (first?.timestamp ?? Number.POSITIVE_INFINITY) - goneAt
      }),
      recordedMeanwhile: spansOf(sightings).flatMap(([from, to]) =>
        events.filter(({ timestamp }) => timestamp > from && timestamp < to),
      ).length,
      differences: moments.flatMap(({ name, outline }, index) => compare(name, outline, rebuilt[index])),
      text: recordedText(events),
      complaints,
    }
  } finally {
    await context.close()
  }
}

interface Moment {
  name: string
  at: number
  outline: string[]
  /** The newest event of the collector must not be older. */
  recordedAt: number
}

function createVisitor(page: Page, origin: string, collector: ServedCollector, sightings: Sighting[]) {
  const moments: Moment[] = []
  const returns: number[] = []
  let navigations = 0
  let measured: Sighting | undefined

  const gone = (): void => {
    if (sightings.at(-1)?.isShown) sightings.push({ isShown: false, at: Date.now() })
    measured = sightings.at(-1)
  }
  const search = async (): Promise<string[]> => {
    const stored = await readDatabases(page)
    expect(findLeaks(stored, SECRETS)).toEqual([])
    expect(findLeaks(collector.evidence(), SECRETS)).toEqual([])
    return stored
  }
  const visitor = {
    /** Types the address: a new document. */
    async load(path: string) {
      navigations++
      await page.goto('about:blank')
      gone()
      await page.goto(origin + path)
    },
    async reload() {
      navigations++
      await page.reload()
      gone()
    },
    async click(path: string) {
      navigations++
      await page.click(`nav a[href="${path}"]`)
    },
    /** Faster than any page loads. */
    async rush(paths: string[]) {
      navigations += paths.length
      await page.evaluate(async (all) => {
        for (const path of all) {
          document.querySelector<HTMLElement>(`nav a[href="${path}"]`)?.click()
          await new Promise((resolve) => setTimeout(resolve, 15))
        }
      }, paths)
    },
    async go(steps: number) {
      navigations++
      await page.evaluate((by) => history.go(by), steps)
    },
    /** Waits until a page is on show and recorded, and remembers how it looks. */
    async recorded(name: string) {
      await page.getByRole('heading', { level: 1, name, exact: true }).waitFor({ timeout: PATIENCE_MS })
      await page.waitForFunction(
        () =>
          ![...document.querySelectorAll('.checkout')].some((area) => area.checkVisibility()) &&
          document.querySelector('output')?.textContent === 'recording',
        undefined,
        { timeout: PATIENCE_MS },
      )
      const moment = await page.evaluate<{ at: number; outline: string[] }>(
        `({ at: Date.now(), outline: (${outlineOf})(document, { maskAs: 'medium' }) })`,
      )
      const last = sightings.at(-1)
      if (last && !last.isShown && last !== measured) returns.push(last.at)
      measured = last
      moments.push({ name, ...moment, recordedAt: last?.isShown === false ? last.at : 0 })
      // The next change must not fall into the same millisecond.
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 5)))
    },
    /** Stays a while on the checkout and types into it. */
    async restricted() {
      const area = page.locator('.checkout').filter({ visible: true })
      await area.locator('input').fill(TYPED, { timeout: PATIENCE_MS })
      const left = area.getByText('s left')
      const before = await left.textContent()
      await page.waitForFunction(
        (text) => ![...document.querySelectorAll('.checkout p')].some((each) => each.textContent === text),
        before,
      )
      expect(await page.textContent('output')).toBe('paused')
      await search()
    },
    /** The collector accepts nothing during `wander`, so that batches stay in the browser, where they are searched. */
    async offline(wander: () => Promise<void>) {
      collector.answerWith('upload', { kind: 'refuse', status: 503 })
      await wander()
      const isStored = (texts: string[]): boolean => texts.join('').includes(PUBLIC_TEXT)
      await expect.poll(async () => isStored(await search()), { timeout: PATIENCE_MS }).toBe(true)
      collector.answerWith('upload', { kind: 'accept' })
    },
    /** Leaves the site: the recorder sends what it has. */
    async leave() {
      await page.goto('about:blank')
      gone()
    },
    notes: () => ({ moments, returns, navigations }),
  }
  return visitor
}

/** From each sighting to the end of it. */
function spansOf(sightings: Sighting[]): [from: number, to: number][] {
  return sightings.flatMap(({ isShown, at }, index) => {
    const next = sightings[index + 1]
    return isShown && next ? [[at, next.at] as [number, number]] : []
  })
}

function compare(name: string, live: string[], replayed: string[] = []): string[] {
  const length = Math.max(live.length, replayed.length)
  for (let line = 0; line < length; line++) {
    if (live[line] !== replayed[line]) {
      return [`${name}, line ${line + 1}: page ${live[line]}, replay ${replayed[line]}`]
    }
  }
  return []
}
