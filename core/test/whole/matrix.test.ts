import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { outlineOf } from '../../src/testing/outline.ts'
import { rebuildOutlines } from '../../src/testing/rebuild.ts'
import type { MaskLevel } from '../../src/types.ts'
import { GARDEN_BODY, GARDEN_HEAD } from './garden.ts'
import { launch, openStage } from './stage.ts'

// Every door, with and without worker, with both stores, at each level: the replay is what the visitor saw, at three
// moments.

const STYLES = ['color', 'background-color', 'display', 'font-weight']
const ATTRIBUTES = [
  'id',
  'title',
  'href',
  'data-kind',
  'data-state',
  'aria-label',
  'placeholder',
  'name',
  'part',
  'style',
]
/** Those that a level leaves as they are. */
const attributesAt = (level: MaskLevel): string[] =>
  level === 'conservative' ? ATTRIBUTES.filter((name) => /^(id|part|style)$/.test(name)) : ATTRIBUTES
/** The page as a recording at this level has to show it. */
const outlineAt = (level: MaskLevel): string =>
  `(${outlineOf})(document, ${JSON.stringify({ maskAs: level, styles: STYLES, attributes: attributesAt(level) })})`
const rrwebPath = join(dirname(createRequire(import.meta.url).resolve('rrweb')), 'rrweb.umd.min.cjs')

const DOORS: Record<string, { head?: string; script: string }> = {
  plugin: {
    script: `import * as amplitude from '@amplitude/analytics-browser'
      import { sessionReplayPlugin } from '@session-replay-kit/core'
      amplitude.add(sessionReplayPlugin(OPTIONS))
      amplitude.init(KEY, ANALYTICS)`,
  },
  standalone: {
    script: `import { init } from '@session-replay-kit/core'
      init(KEY, { deviceId: 'device-1', sessionId: Date.now(), ...OPTIONS })`,
  },
  'script tag': {
    head: '<script src="/amplitude.min.js"></script><script src="/kit.min.js"></script>',
    script: `window.amplitude.add(window.sessionReplay.plugin(OPTIONS))
      window.amplitude.init(KEY, ANALYTICS)`,
  },
  initAll: {
    script: `import { initAll } from '@session-replay-kit/core/unified'
      initAll(KEY, { analytics: ANALYTICS, sessionReplay: OPTIONS })`,
  },
}

interface Moment {
  /** Epoch ms. */
  at: number
  outline: string[]
}

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser?.close())

describe.concurrent('a replay equals the page', () => {
  const combinations = Object.keys(DOORS).flatMap((door) =>
    [true, false].flatMap((useWebWorker) =>
      (['idb', 'memory'] as const).map((storeType) => ({
        door,
        useWebWorker,
        storeType,
        level: 'medium' as MaskLevel,
      })),
    ),
  )
  const levels = (['light', 'conservative'] as const).map((level) => ({
    door: 'plugin',
    useWebWorker: true,
    storeType: 'idb' as const,
    level: level as MaskLevel,
  }))

  it.for([...combinations, ...levels])(
    '$door, worker $useWebWorker, $storeType, $level',
    async ({ door, level, ...rest }, { expect }) => {
      const options = { ...rest, privacyConfig: { defaultMaskLevel: level } }
      const { head = '', script = '' } = DOORS[door] ?? {}
      const given = `window.OPTIONS = { ...REPLAY, ...${JSON.stringify(options)} }`
      const stage = await openStage(browser, {
        head: GARDEN_HEAD + head,
        body: `${GARDEN_BODY}<script>${given}</script>`,
        script,
      })
      try {
        const { page, collector } = stage
        await stage.load()
        await collector.waitForUpload(({ channel }) => channel === 'replay', 30_000)

        const moments: Moment[] = []
        for (const [index, type] of [typeNothing, typeSearch, fillIn].entries()) {
          await page.evaluate(`step(${index})`)
          await type(page)
          await page.mouse.move(900, 690)
          moments.push(await atRest(page, outlineAt(level)))
        }
        // What was asked for is what was used, not a fall-back.
        expect(page.workers().length > 0, 'a worker runs').toBe(options.useWebWorker)
        const databases = await page.evaluate(() => indexedDB.databases())
        const ours = databases.filter(({ name }) => name?.startsWith('session_replay_kit'))
        expect(ours.length > 0, 'a database is there').toBe(options.storeType === 'idb')

        await page.evaluate("document.body.setAttribute('data-end', '')")
        await stage.leave()
        await collector.waitForUpload(({ decoded }) => decoded.text.includes('data-end'), 30_000)

        const player = await browser.newPage({ viewport: { width: 1000, height: 700 } })
        const rebuilt = await rebuildOutlines(player, collector.events(), {
          rrwebPath,
          at: moments.map(({ at }) => at),
          styles: STYLES,
          attributes: attributesAt(level),
        })
        await player.close()
        for (const [index, { outline }] of moments.entries()) {
          expect(outline.length, `lines at moment ${index}`).toBeGreaterThan(40)
          expect(rebuilt[index], `moment ${index}`).toEqual(outline)
        }
        expect(stage.uncaught).toEqual([])
        expect(stage.said).toEqual([])
      } finally {
        await stage.close()
      }
    },
  )
})

const typeNothing = async (_page: Page): Promise<void> => {}
async function typeSearch(page: Page): Promise<void> {
  await page.fill('[name=q]', 'ivy')
  await page.fill('[name=name]', 'Robin Fernandez')
  await page.check('[name=news]')
}
async function fillIn(page: Page): Promise<void> {
  await page.fill('[name=secret]', 'correct horse')
  await page.fill('[name=note]', 'At the door')
  await page.selectOption('[name=size]', 'l')
}

/** What is seen a moment later: mouse positions, and so what is hovered, are told twice a second. */
const atRest = (page: Page, outline: string): Promise<Moment> =>
  page.evaluate(`new Promise((resolve) => {
    setTimeout(() => resolve({ at: Date.now(), outline: ${outline} }), 600)
  })`)
