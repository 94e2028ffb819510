import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright'
import { it, type TestContext } from 'vitest'
import type { StandaloneOptions } from '../../src/index.ts'
import { rebuildOutlines } from '../../src/testing/rebuild.ts'
import type { ReplayEvent } from '../../src/types.ts'
import type { Settings } from '../browser/pages/fault-page.ts'
import {
  bundleForPage,
  makeProfile,
  openBrowser,
  type PageServer,
  servePages,
  type TestBrowser,
} from './browser.ts'
import { builtCore } from './built-core.ts'
import { type Collector, startCollector } from './collector.ts'
import { arrivedItems, playable, type Score, scoreOf, timelineOf } from './fault-score.ts'

// One scenario of the fault suite: an origin with pages that record themselves, and a collector on another origin.
// Scenarios share a browser and nothing else, so many of them run at the same time.

declare const faultPage: typeof import('../browser/pages/fault-page.ts')

/** Whose recorder is under the faults. */
export type Subject = 'kit' | 'official'

export interface StageSettings {
  /** @default 'kit' */
  readonly subject?: Subject
  /** Told the figures of the verdict. */
  readonly onScore?: (figures: Figures) => void
  /**
   * All but `own` are shared with other scenarios. `crowded`: a few processes for all pages. `shell`: a process for
   * each page, which may crash or keep it busy. `whole`: it hides tabs and has a back/forward cache, which a headless
   * shell has not. `own`: a whole one for this scenario alone, which may kill it.
   * @default 'crowded'
   */
  readonly browser?: keyof SharedBrowsers | 'own'
  /** For an `own` browser. */
  readonly browserArgs?: string[]
  /** HTML before every script of the page: what is to be missing or broken in this environment. */
  readonly head?: string
  /** How pages reach the recorder. @default 'plugin' */
  readonly door?: Settings['door']
  /** Sent with every file of the page's origin. */
  readonly headers?: Record<string, string>
  readonly options?: StandaloneOptions
  readonly transport?: Settings['transport']
  /** Time from a page's first item to its removal, ms. */
  readonly lifeMs?: number
}

export interface Figures {
  readonly score: Score
  /** Without what the fault may cost. */
  readonly lost: number
  readonly rebuilt: boolean | undefined
  readonly pageErrors: number
}

export interface VisitSettings {
  /** @default the one of the stage */
  readonly sessionId?: number
  readonly options?: StandaloneOptions
  readonly optOut?: boolean
  /**
   * `begin`: gives the page over when its recording has begun; what a page writes before is nobody's.
   * `ask`: the recorder is asked, and need not record. `no`: the page is there, the recorder is not.
   * @default 'begin'
   */
  readonly record?: 'begin' | 'ask' | 'no'
}

export interface Stage {
  browser: TestBrowser
  /** Kills the whole browser at once and opens it again on the same profile. */
  killBrowser(): Promise<void>
  readonly expect: TestContext['expect']
  readonly collector: Collector
  readonly origin: string
  readonly sessionId: number
  /** Items that pages have written, in order. */
  readonly wrote: string[]
  /** A second as the page lives it: longer where everything is slow. What is older than this survives a crash. */
  second(page: Page): Promise<void>
  /** What pages said on the console and threw, without the browser's own lines. */
  readonly said: string[]
  readonly pageErrors: string[]
  /** Opens a page in a window of its own and begins to record it. */
  visit(settings?: VisitSettings): Promise<Page>
  /** Begins to record a page that something else has opened. */
  take(page: Page, settings?: VisitSettings): Promise<void>
  /** Begins to record a page that was visited without. */
  beginOn(page: Page, settings?: VisitSettings): Promise<void>
  /** Loads the page anew in the same tab, or another one of the origin, and records it. */
  load(page: Page, settings?: VisitSettings): Promise<void>
  write(page: Page, count?: number, everyMs?: number): Promise<void>
  /** Waits until items are gone that go, writes a last one and remembers what the visitor sees. */
  rest(page: Page): Promise<void>
  /** Resolves when the server has all that was written, or when `timeoutMs` have passed. Gives the time it took. */
  arrived(timeoutMs?: number): Promise<number>
  /** Prints one line of figures and holds the guarantees that every scenario has to keep. */
  verdict(allowed?: Allowed): Promise<Score>
  close(): Promise<void>
}

/** What a scenario may do, where the guarantees leave room. */
export interface Allowed {
  /** Copies of requests whose outcome nobody knows. @default 0 */
  readonly duplicates?: number
  /** Most copies of the same item, where any are allowed. @default 2 */
  readonly copies?: number
  /** Items that this fault may cost, by name. */
  readonly lost?: (name: string) => boolean
  /** Compare the replay with what `rest` has seen of the page. @default true */
  readonly rebuild?: boolean
  /** Lines on the console. @default 4 */
  readonly said?: number
}

const KIT = `<script type="module">import * as kit from '/kit/index.js'; window.kit = kit</script>`
const OFFICIAL = '<script src="/official.js"></script>'

const API_KEY = 'fault-suite'

/** Batches close faster than by default, so that a scenario takes seconds. The default has scenarios of its own. */
const QUICK: StandaloneOptions = { flushIntervalConfig: { minIntervalMs: 500, maxIntervalMs: 1500 } }

const rrwebPath = join(dirname(createRequire(import.meta.url).resolve('rrweb')), 'rrweb.umd.min.cjs')

const scripts = new Map<string, Promise<string>>()
function scriptOf(page: string, globalName: string): Promise<string> {
  const script =
    scripts.get(page) ?? bundleForPage(join(import.meta.dirname, '../browser/pages', page), globalName)
  scripts.set(page, script)
  return script
}

const idlePlayers = new WeakMap<TestBrowser, Page[]>()

function playersOf(browser: TestBrowser): Page[] {
  const players = idlePlayers.get(browser) ?? []
  idlePlayers.set(browser, players)
  return players
}

/** A window for a replay. Scenarios hand them on: a process for each would take longer than the replay. */
const takePlayer = async (browser: TestBrowser): Promise<Page> =>
  playersOf(browser).pop() ?? (await browser.newWindow())

let sessions = Date.now()

/** The browsers that scenarios share, see `StageSettings.browser`. */
export interface SharedBrowsers {
  readonly crowded: TestBrowser
  readonly shell: TestBrowser
  readonly whole: TestBrowser
}

/** A scenario as a test of its own, at the same time as others. */
export type Scenario = (
  name: string,
  settings: StageSettings,
  run: (stage: Stage) => Promise<unknown>,
) => void

export const scenariosIn =
  (browsers: () => SharedBrowsers): Scenario =>
  (name, settings, run) =>
    it.concurrent(name, (context) => runScenario(browsers(), context, settings, run))

type ScenarioContext = Pick<TestContext, 'expect' | 'task'>

export async function runScenario(
  browsers: SharedBrowsers,
  context: ScenarioContext,
  settings: StageSettings,
  run: (stage: Stage) => Promise<unknown>,
): Promise<void> {
  const { browser = 'crowded', browserArgs } = settings
  const profile = browser === 'own' ? await makeProfile() : undefined
  const own = profile ? await openBrowser(profile.path, { args: browserArgs }) : undefined
  const stage = await openStage(own ?? browsers[browser as keyof SharedBrowsers], context, settings)
  stage.killBrowser = async () => {
    if (!profile) throw new Error('only a browser of its own may be killed')
    await stage.browser.kill()
    stage.browser = await openBrowser(profile.path, { args: browserArgs })
  }
  try {
    await run(stage)
  } finally {
    await stage.close()
    if (profile) await stage.browser.close()
    await profile?.remove()
  }
}

export async function openStage(
  firstBrowser: TestBrowser,
  { expect, task }: ScenarioContext,
  settings: StageSettings = {},
): Promise<Stage> {
  const { head = '', headers = {}, lifeMs = 1500 } = settings
  const collector = await startCollector()
  const html = `<!doctype html><meta charset="utf-8">${head}
    <title>page</title><h1>Items</h1><script src="/fault.js"></script>
    ${settings.subject === 'official' ? OFFICIAL : KIT}`
  const kit = await builtCore()
  const official = settings.subject === 'official' ? await scriptOf('official-page.ts', 'officialPage') : ''
  const fault = await scriptOf('fault-page.ts', 'faultPage')
  const pages: PageServer = await servePages(
    {
      '/': html,
      '/other': html,
      '/plain': '<!doctype html>plain',
      '/fault.js': fault,
      '/official.js': official,
      ...kit,
    },
    headers,
  )
  sessions += 1
  const stage = {
    sessionId: sessions,
    wrote: [] as string[],
    said: [] as string[],
    pageErrors: [] as string[],
  }
  const opened: Page[] = []
  const strays: string[] = []
  let visits = 0
  let seen: string[] | undefined
  let seenSession = stage.sessionId

  function follow(page: Page): void {
    opened.push(page)
    page.on('console', (message) => {
      const text = message.text()
      if (text.startsWith('#wrote ')) {
        const name = text.slice('#wrote '.length)
        stage.wrote.push(name)
      }
      if (/Session Replay|Amplitude/.test(text)) stage.said.push(text)
    })
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url())
      if (/^(?:http|ws)s?:$/.test(protocol) && !/^127\.0\.0\.1$|\.localhost$/.test(hostname))
        strays.push(request.url())
    })
    page.on('pageerror', (error) => stage.pageErrors.push(String(error.stack ?? error)))
  }

  async function load(page: Page, visit: VisitSettings = {}, path = '/'): Promise<void> {
    await page.goto(`${pages.origin}${path}?visit=${visits}`)
    await begin(page, visit)
  }

  async function begin(page: Page, visit: VisitSettings): Promise<void> {
    const name = tabName(visits)
    visits += 1
    seenSession = visit.sessionId ?? stage.sessionId
    await page.evaluate((tab) => faultPage.enter(tab), name)
    if (visit.record !== 'no') await record(page, visit)
  }

  async function record(page: Page, visit: VisitSettings): Promise<void> {
    await page.waitForFunction(() => 'kit' in window || 'subject' in window)
    const all: Settings = {
      door: settings.door,
      transport: settings.transport,
      apiKey: API_KEY,
      deviceId: 'device-1',
      sessionId: seenSession,
      optOut: visit.optOut ?? false,
      options: {
        sampleRate: 1,
        trackServerUrl: collector.trackUrl,
        configServerUrl: collector.configUrl,
        ...QUICK,
        ...settings.options,
        ...visit.options,
      },
    }
    await page.evaluate((given) => faultPage.begin(given), all)
    if (visit.record === 'ask') return
    // In the page: it may record for a moment only.
    await page
      .waitForFunction(() => faultPage.explain().recording, undefined, { polling: 20 })
      .catch(async (cause) => {
        const { sentence } = await page.evaluate(() => faultPage.explain())
        throw new Error(`recording has not begun: ${sentence} ${self.said.join()}`, { cause })
      })
  }

  async function isRebuilt(): Promise<boolean | undefined> {
    if (!seen) return undefined
    const events = playable(collector.uploads, String(seenSession)) as ReplayEvent[]
    const player = await takePlayer(self.browser)
    try {
      const [outline = []] = await rebuildOutlines(player, events, { rrwebPath })
      const rebuilt = outline.flatMap((line) => /"(item \w+)$/.exec(line)?.[1] ?? [])
      return rebuilt.join() === seen.join()
    } catch {
      return false
    } finally {
      playersOf(self.browser).push(player)
    }
  }

  const self: Stage = {
    ...stage,
    browser: firstBrowser,
    killBrowser: () => Promise.reject(new Error('not this browser')),
    expect,
    second: (page) =>
      page.evaluate(async () => {
        for (let tenths = 0; tenths < 10; tenths += 1)
          await new Promise((resolve) => setTimeout(resolve, 100))
      }),
    collector,
    origin: pages.origin,
    async visit(visit = {}) {
      const page = await self.browser.newWindow()
      follow(page)
      await load(page, visit)
      return page
    },
    load,
    async take(page, visit = {}) {
      follow(page)
      await begin(page, visit)
    },
    beginOn: (page, visit = {}) => record(page, visit),
    write: (page, count = 20, everyMs = 50) =>
      page.evaluate(([one, two, three]) => faultPage.writeMany(one, two, three), [
        count,
        everyMs,
        lifeMs,
      ] as const),
    async rest(page) {
      seen = await page.evaluate(async () => {
        await faultPage.settled()
        faultPage.write('stays')
        return faultPage.shown()
      })
    },
    async arrived(timeoutMs = 15_000) {
      const startedAt = Date.now()
      const isDone = (): boolean => {
        const names = arrivedItems(collector.uploads)
        return stage.wrote.every((name) => names.has(name))
      }
      await collector.until(isDone, timeoutMs).catch(() => {})
      return Date.now() - startedAt
    },
    async verdict(allowed = {}) {
      const score = scoreOf(stage.wrote, collector.uploads)
      const rebuilt = allowed.rebuild === false ? undefined : await isRebuilt()
      const { lost = () => false } = allowed
      const lostForGood = score.lost.filter((name) => !lost(name))
      print(score, lostForGood.length, rebuilt)
      const pageErrors = stage.pageErrors.length
      settings.onScore?.({ score, lost: lostForGood.length, rebuilt, pageErrors })
      const timeline = timelineOf(collector.uploads)
      expect.soft(lostForGood, `lost\n${timeline}`).toEqual([])
      expect
        .soft(score.duplicated.length, `duplicated: ${score.duplicated}\n${timeline}`)
        .toBeLessThanOrEqual(allowed.duplicates ?? 0)
      expect.soft(score.outOfOrder, `out of order\n${timeline}`).toEqual([])
      expect.soft(score.changedCopies, 'copies that differ').toBe(0)
      expect
        .soft(score.mostCopies, `copies of one item\n${timeline}`)
        .toBeLessThanOrEqual(allowed.copies ?? 2)
      expect.soft(stage.pageErrors, 'page errors').toEqual([])
      expect.soft(score.generated, 'items that were written').toBeGreaterThan(0)
      expect.soft(strays, 'requests to others').toEqual([])
      if (allowed.rebuild !== false) expect.soft(rebuilt, 'replay rebuilt, as `rest` has seen it').toBe(true)
      expect.soft(stage.said.length, stage.said.join('\n')).toBeLessThanOrEqual(allowed.said ?? 4)
      return score
    },
    async close() {
      await Promise.all(opened.map((page) => page.close().catch(() => {})))
      await pages.close()
      await collector.close()
    },
  }
  return self

  function print(score: Score, lost: number, rebuilt: boolean | undefined): void {
    const spared = score.lost.length - lost
    const figures = [
      `generated ${score.generated}`,
      `once ${score.once}`,
      `duplicated ${score.duplicated.length}`,
      `lost ${lost}${spared > 0 ? ` (and ${spared} that this fault may cost)` : ''}`,
      `out of order ${score.outOfOrder.length}`,
      `rebuilt ${rebuilt === undefined ? '-' : rebuilt ? 'yes' : 'no'}`,
      `page errors ${stage.pageErrors.length}`,
    ]
    console.log(`FAULT ${task.name}: ${figures.join(', ')}`)
  }
}

/** a, b, … z, ba, … */
function tabName(index: number): string {
  return index
    .toString(26)
    .replace(/./g, (digit) => 'abcdefghijklmnopqrstuvwxyz'[Number.parseInt(digit, 26)] ?? '')
}
