import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import type { MaskLevel } from '../../src/types.ts'
import { bundleForPage, type PageServer, servePages } from '../support/browser.ts'
import { builtCore } from '../support/built-core.ts'
import { CHANNELS } from '../support/private-page.ts'
import { type Evidence, searchEvidence } from './evidence.ts'
import type { StorageDump } from './pages/private-page.ts'
import type { StartOptions } from './pages/recorders.ts'
import { openPost, type Post } from './post.ts'
import { createSecrets, isPlanted, MARKED, MOMENTS, type Moment, OFF_PAGE, verdictOf } from './regions.ts'

declare global {
  var privatePage: typeof import('./pages/private-page.ts')
  var flushRrweb: () => Promise<unknown>
  var replayPlugin: import('../../src/entry/plugin.ts').SessionReplayPlugin
}

export type RecorderName = 'kit' | 'official' | 'rrweb'

export interface Visit {
  recorder: RecorderName
  level: MaskLevel
  moment: Moment
  /** Which form of each marker the unusual channels get: three turns in a row have had all. */
  turn?: number
  worker: boolean
  /** As batches fill up, or nothing before the page is left: then all of it is on disk first. */
  delivery: 'as usual' | 'on leaving'
  /** Console and network are switched on by remote configuration. */
  logging: boolean
}

export interface Findings {
  checks: number
  /** Hidden by the policy, and found. */
  leaks: string[]
  /** Visible by the policy, and not in the replay. */
  wronglyHidden: string[]
  amounts: Evidence['amounts'] & { exitRequests: number }
}

const START = { kit: 'startKit', official: 'startOfficial', rrweb: 'startRrweb' } as const

export const RECORD_ALL = {
  sr_sampling_config: { capture_enabled: true, sample_rate: 1 },
  sr_interaction_config: { enabled: true, batch: false },
}
const LOGGING = {
  console: { enabled: true, levels: ['log', 'info', 'warn', 'error'] },
  network: { enabled: true, body: { request: true, response: true } },
}

/**
 * No batch closes by itself; the first, which is as large as a batch may be, gets no answer, however long that takes:
 * after a failure nothing would be tried while the page is left.
 */
const LATE = {
  sendTimeoutMs: 0,
  flushIntervalConfig: { minIntervalMs: 60_000, maxIntervalMs: 60_000 },
  eagerFullSnapshotSend: false,
}

const PAGE = '<!doctype html><title>shop</title><body><script src="/page.js"></script>'

export async function servePrivatePages(): Promise<PageServer> {
  const [script, kit] = await Promise.all([
    bundleForPage(join(import.meta.dirname, 'pages/private-page.ts'), 'privatePage'),
    builtCore(),
  ])
  return servePages({ '/': PAGE, '/account': PAGE, '/next': PAGE, '/page.js': script, ...kit })
}

/** A page of its own origin and storage, with everything that it sends kept. */
export interface Stage {
  readonly page: Page
  readonly post: Post
  readonly site: string
  start(options: Partial<StartOptions>): Promise<void>
  dump(): Promise<StorageDump>
  /** Leaves the page, visits another one of the site, which delivers what is left, and waits until all has arrived. */
  leave(): Promise<{ dump: StorageDump; exitRequests: number }>
  close(): Promise<void>
}

export async function openStage(
  browser: Browser,
  server: PageServer,
  sessionReplay: Record<string, unknown>,
  recorder: RecorderName = 'kit',
): Promise<Stage> {
  const [context, post] = await Promise.all([browser.newContext(), openPost({ sessionReplay })])
  const page = await context.newPage()
  page.setDefaultTimeout(120_000)
  const site = server.origin
  const start = (options: Partial<StartOptions>): Promise<void> =>
    page.evaluate(([name, all]) => privatePage[name](all), [
      START[recorder],
      { post: post.origin, level: 'medium', worker: false, ...options },
    ] as [(typeof START)[RecorderName], StartOptions])
  const dump = (): Promise<StorageDump> => page.evaluate(() => privatePage.dumpStorage())
  return {
    page,
    post,
    site,
    start,
    dump,
    async leave() {
      const sent = post.letters.length
      await page.goto(`${site}/next`)
      // What the browser took over from the page that is gone.
      await page.waitForTimeout(300)
      const exitRequests = post.letters.slice(sent).filter(({ url }) => url.includes('/track')).length
      // The next page itself is not recorded.
      const { sessionReplay } = post.configs as { sessionReplay?: { sr_sampling_config?: object } }
      const off = { ...sessionReplay?.sr_sampling_config, sample_rate: 0 }
      if (sessionReplay && recorder === 'kit')
        post.configs = { sessionReplay: { ...sessionReplay, sr_sampling_config: off } }
      if (recorder !== 'rrweb') await start({ sampleRate: recorder === 'kit' ? 0 : 1 })
      if (recorder === 'official') await page.waitForTimeout(3000)
      let last = await dump()
      for (let tries = 0; tries < 60 && hasUnsent(last); tries++) {
        await page.waitForTimeout(200)
        last = await dump()
      }
      return { dump: last, exitRequests }
    },
    async close() {
      await context.close()
      await post.close()
    },
  }
}

const hasUnsent = ({ databases }: StorageDump): boolean =>
  databases.some(({ store, rows }) => store === 'batches' && rows.length > 0)

/** Plants everything, records at the given moment, leaves, and searches all that was sent and stored. */
export async function makeVisit(browser: Browser, server: PageServer, visit: Visit): Promise<Findings> {
  const { recorder, level, moment, worker, delivery, logging, turn: given = 0 } = visit
  const config = { ...RECORD_ALL, ...(logging && { sr_logging_config: LOGGING }) }
  const stage = await openStage(browser, server, config, recorder)
  const { page, post, site } = stage
  const secret = createSecrets()
  const turn = MOMENTS.indexOf(moment) + (worker ? 1 : 0) + given
  const words = MARKED.map((_, at) => CHANNELS.map((_, i) => (isPlanted(i, at, turn) ? secret() : '')))
  const ids = MARKED.map(secret)
  const off = Object.fromEntries(Object.keys(OFF_PAGE).map((name) => [name, secret()]))
  try {
    await page.goto(`${site}/?access_token=${off.token}`, { referer: `${site}/from?ticket=${off.referrer}` })
    await page.evaluate(() => privatePage.build())
    if (moment === 'at load') {
      await page.evaluate((all) => privatePage.plant(all), words)
      await page.evaluate((all) => privatePage.plantOffPage(all), off)
    }
    if (moment === 'changed later') await page.evaluate((all) => privatePage.plantPlain(all), words)
    if (delivery === 'on leaving') post.answers = { upload: { kind: 'hang' } }
    await stage.start({
      level,
      worker,
      userProperty: off['user property'],
      eventProperty: off['event property'],
      more: delivery === 'on leaving' ? LATE : {},
    })
    if (recorder === 'kit') await page.waitForFunction('replayPlugin.explain().recording')
    // Frames, which are recorded one after another.
    await page.waitForTimeout(1000)
    if (moment === 'added later') await page.evaluate((all) => privatePage.plant(all), words)
    if (moment === 'changed later') await page.evaluate((all) => privatePage.alter(all), words)
    // Also in the page that was full at load: console and requests happen while recording.
    await page.evaluate((all) => privatePage.plantOffPage(all), off)
    await page.evaluate((all) => privatePage.clickIn(all), ids)
    // Frames load and are recorded; what was captured is on disk a second later.
    await page.waitForTimeout(2500)
    if (recorder === 'rrweb') await page.evaluate(() => flushRrweb())
    const before = await stage.dump()
    post.answers = {}
    const { dump: after, exitRequests } = await stage.leave()
    const evidence = searchEvidence(post.letters, [before, after])
    return judge(visit, evidence, exitRequests, words, ids, off)
  } finally {
    await stage.close()
  }
}

function judge(
  { recorder, level, logging }: Visit,
  { recorded, anywhere, clicked, amounts }: Evidence,
  exitRequests: number,
  words: string[][],
  ids: string[],
  off: Record<string, string>,
): Findings {
  const leaks: string[] = []
  const wronglyHidden: string[] = []
  let checks = 0
  const check = (verdict: 'show' | 'hide' | 'any', word: string, name: string): void => {
    if (verdict === 'any') return
    checks++
    const place = anywhere.get(word.toLowerCase())
    if (verdict === 'hide' && place) leaks.push(`${name} (${place})`)
    // Others keep what they could not send as plain text: that counts as recorded.
    const isShown = recorded.has(word.toLowerCase()) || (recorder !== 'kit' && place !== undefined)
    if (verdict === 'show' && !isShown) wronglyHidden.push(name)
  }
  for (const [at, marked] of MARKED.entries()) {
    for (const [i, channel] of CHANNELS.entries()) {
      const word = words[at]?.[i]
      if (word) check(verdictOf(channel, marked, level), word, `${channel.name}, ${marked.name}`)
    }
    // Ids belong to the layout of the replay; in a click they tell what was pressed.
    if (marked.column === 'mask' || marked.column === 'block') {
      checks++
      if (clicked.has((ids[at] ?? '').toLowerCase())) leaks.push(`id in a click, ${marked.name}`)
    }
  }
  for (const [name, place] of Object.entries(OFF_PAGE)) {
    const verdict = place.logged && !logging ? 'hide' : place[level]
    check(verdict, off[name] ?? '', name)
  }
  for (const [word, place] of anywhere) if (word.startsWith('encoded')) leaks.push(`${word} (${place})`)
  return { checks, leaks, wronglyHidden, amounts: { ...amounts, exitRequests } }
}
