import type { Page } from 'playwright'
import { afterAll, beforeAll, it } from 'vitest'
import * as answers from '../support/answers.ts'
import { makeProfile, openBrowser, type TestBrowser } from '../support/browser.ts'
import { openStage, type Stage } from '../support/fault-stage.ts'
import { randomFrom } from '../support/random.ts'

// Random faults for as long as it is wanted: `SOAK_MINUTES=30 SOAK_SEED=7 vitest run --config core/vitest.soak.config.ts`.
// One tab lives through all of it; another one is reloaded, left, crashed and opened anew.

const MINUTES = Number(process.env.SOAK_MINUTES ?? 0.5)
const SEED = Number(process.env.SOAK_SEED ?? 1)

let browser: TestBrowser
let profile: Awaited<ReturnType<typeof makeProfile>>

beforeAll(async () => {
  profile = await makeProfile()
  browser = await openBrowser(profile.path)
})
afterAll(async () => {
  await browser?.close()
  await profile?.remove()
})

const SERVERS: Record<string, (stage: Stage) => void> = {
  fine: (stage) => stage.collector.script([]),
  fails: (stage) => stage.collector.script(() => answers.status(503)),
  throttles: (stage) => stage.collector.script([answers.status(429, { 'Retry-After': '2' })]),
  resets: (stage) => stage.collector.script(() => answers.reset()),
  'resets after keeping': (stage) => stage.collector.script([answers.resetAfter(), answers.resetAfter()]),
  hangs: (stage) => stage.collector.script([answers.hang()]),
  'is slow': (stage) => stage.collector.script(() => answers.after(1_500)),
  truncates: (stage) => stage.collector.script(() => answers.truncate()),
  'wants small bodies': (stage) =>
    stage.collector.script(({ elements }) => (elements.length > 30 ? answers.status(413) : answers.accept())),
}

it(
  `loses nothing in ${MINUTES} minutes of random faults (seed ${SEED})`,
  async (context) => {
    const { expect } = context
    const random = randomFrom(SEED)
    const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item
    const stage = await openStage(browser, context, { options: { sendTimeoutMs: 3_000 } })
    const steady = await stage.visit()
    let restless = await stage.visit()
    const before = await heapOf(steady)
    let mostHeap = 0
    let mostDisk = 0
    /** Written in the last second before a crash. */
    const atRisk = new Set<string>()
    const journal: string[] = []

    const pageFaults: Record<string, () => Promise<void>> = {
      nothing: async () => {},
      reloads: () => stage.load(restless),
      'is left and comes back': async () => {
        await restless.goto(`${stage.origin}/plain`)
        await stage.load(restless)
      },
      'is hidden and shown': async () => {
        await browser.hide(restless)
        await stage.write(restless, 3, 100)
        await browser.show(restless)
      },
      crashes: async () => {
        const safe = stage.wrote.length
        await Promise.all([stage.second(restless), stage.write(restless, 5, 100)])
        for (const name of stage.wrote.slice(safe)) atRisk.add(name)
        await browser.crash(restless)
        await restless.close()
        restless = await stage.visit()
      },
      'is closed': async () => {
        await restless.close({ runBeforeUnload: true })
        restless = await stage.visit()
      },
    }

    const until = Date.now() + MINUTES * 60_000
    while (Date.now() < until) {
      const server = pick(Object.keys(SERVERS))
      const fault = pick(Object.keys(pageFaults))
      journal.push(`${server} / ${fault}`)
      SERVERS[server]?.(stage)
      await Promise.all([stage.write(steady, 20, 60), stage.write(restless, 20, 60)])
      await pageFaults[fault]?.()
      mostHeap = Math.max(mostHeap, (await heapOf(steady)) - before)
      mostDisk = Math.max(mostDisk, await diskOf(steady))
      await stage.write(steady, 1 + random(20), 100)
    }
    stage.collector.script([])
    await stage.write(steady, 5)
    await stage.visit()
    await stage.arrived(90_000)
    console.log(
      `SOAK heap +${(mostHeap / 1e6).toFixed(1)} MB, disk ${(mostDisk / 1e6).toFixed(1)} MB, ${journal.length} faults`,
    )
    const score = await stage.verdict({
      lost: (name) => atRisk.has(name),
      duplicates: Number.POSITIVE_INFINITY,
      copies: Number.POSITIVE_INFINITY,
      said: 40,
      rebuild: false,
    })
    expect
      .soft(
        score.lost.filter((name) => !atRisk.has(name)),
        journal.join('\n'),
      )
      .toEqual([])
    expect.soft(mostHeap).toBeLessThan(20_000_000)
    expect.soft(mostDisk).toBeLessThan(50_000_000)
    await stage.close()
  },
  MINUTES * 60_000 + 180_000,
)

/** Bytes of live objects, after garbage is gone. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}

const diskOf = (page: Page): Promise<number> =>
  page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0)
