import type { Page } from 'playwright'
import * as answers from '../../support/answers.ts'
import { sessionsOf } from '../../support/fault-score.ts'
import { expectSessions } from '../../support/fault-sessions.ts'
import type { Scenario, Stage } from '../../support/fault-stage.ts'

declare const faultPage: typeof import('../pages/fault-page.ts')

/** The life of pages: how they are left, come back, and change their minds. */
export function pageFaults(scenario: Scenario): void {
  scenario('exit right after activity', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 20)
    await leave(stage, page)
    await stage.arrived(3_000)
    await stage.verdict({ said: 0, rebuild: false })
  })

  scenario('exit within the first second', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 3, 20)
    await leave(stage, page)
    await stage.arrived(3_000)
    await stage.verdict({ said: 0, rebuild: false })
  })

  scenario('the tab is closed right after activity', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 20)
    await page.close({ runBeforeUnload: true })
    await stage.arrived(3_000)
    await stage.verdict({ said: 0, rebuild: false })
  })

  scenario('exit with a tail of 50 KB', SLOW, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 5)
    await writeNoise(page, 10, 4_500)
    await stage.write(page, 5)
    await leave(stage, page)
    await stage.arrived(3_000)
    await stage.verdict({ said: 0, rebuild: false })
  })

  scenario('exit with far more than the browser takes', SLOW, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 5)
    await writeNoise(page, 30, 15_000)
    await stage.write(page, 5)
    await leave(stage, page)
    await page.waitForTimeout(1_000)
    await stage.load(page)
    await stage.arrived()
    // Whether what was handed over arrived, the page that is gone never heard.
    await stage.verdict({ duplicates: 10, rebuild: false })
  })

  scenario('exit with one event that is larger than the budget', SLOW, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 5)
    await stage.arrived()
    await writeNoise(page, 1, 150_000)
    await stage.write(page, 5)
    await leave(stage, page)
    await page.waitForTimeout(1_000)
    await stage.load(page)
    await stage.arrived()
    // Whether what was handed over arrived, the page that is gone never heard.
    await stage.verdict({ duplicates: 10, rebuild: false })
  })

  scenario('exit while a request is under way', {}, async (stage) => {
    stage.collector.script(() => answers.after(1_500))
    const page = await stage.visit()
    await stage.write(page, 30, 60)
    await leave(stage, page)
    await page.waitForTimeout(2_500)
    await stage.load(page)
    await stage.arrived()
    await stage.verdict({ duplicates: 60, rebuild: false })
  })

  scenario('a storm of reloads', {}, async (stage) => {
    const page = await stage.visit()
    for (let reloads = 0; reloads < 6; reloads += 1) {
      await stage.write(page, 4, 30)
      await stage.load(page)
    }
    await stage.write(page, 4)
    await stage.rest(page)
    await stage.arrived()
    // Each page may be left before it hears the answer to what it took over.
    await stage.verdict({ duplicates: 24, copies: 7 })
  })

  scenario('a visit over several pages', {}, async (stage) => {
    const page = await stage.visit()
    for (let pages = 0; pages < 3; pages += 1) {
      await stage.write(page, 15)
      await stage.load(page)
    }
    await stage.write(page, 5)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ duplicates: 45 })
  })

  scenario('the renderer crashes', { browser: 'shell' }, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 20)
    await stage.second(page)
    const safe = new Set(stage.wrote)
    await stage.write(page, 5)
    await stage.browser.crash(page)
    await stage.visit()
    await stage.arrived(8_000)
    await stage.verdict({ lost: (name) => !safe.has(name), rebuild: false, duplicates: 25 })
  })

  scenario('the renderer crashes while the server is down', { browser: 'shell' }, async (stage) => {
    await stage.collector.down()
    await stage.collector.restart()
    stage.collector.script(() => answers.reset())
    const page = await stage.visit()
    await stage.write(page, 40)
    await stage.second(page)
    await stage.browser.crash(page)
    stage.collector.script([])
    await stage.visit()
    await stage.arrived(8_000)
    await stage.verdict({ rebuild: false })
  })

  scenario('back from the back/forward cache', { browser: 'whole' }, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 15)
    await page.goto(`${stage.origin}/plain`)
    await stage.arrived(3_000)
    await page.goBack({ waitUntil: 'commit' })
    await page.waitForFunction(() => document.readyState === 'complete')
    // The same page and not a new load: it still has its items.
    stage.expect(await page.evaluate(() => faultPage.shown().length)).toBeGreaterThan(0)
    await stage.write(page, 15)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ said: 0 })
  })

  // Else the windows of other scenarios put it behind them, and it wakes slowly.
  scenario('frozen and woken', { browser: 'own' }, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 15)
    await stage.browser.freeze(page)
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    await stage.browser.thaw(page)
    await stage.write(page, 15)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ said: 0 })
  })

  scenario('hidden for a while', { browser: 'whole' }, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 15)
    await stage.browser.hide(page)
    await stage.write(page, 3, 1_000)
    await page.waitForTimeout(3_000)
    await stage.browser.show(page)
    await stage.write(page, 15)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ said: 0 })
  })

  scenario('hidden, then killed', { browser: 'whole' }, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 25)
    await stage.browser.hide(page)
    await stage.browser.crash(page)
    await stage.arrived(3_000)
    await stage.verdict({ said: 0, rebuild: false })
  })

  scenario('an idle tail leaves by itself', { options: { flushIntervalConfig: {} } }, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 3)
    await page.waitForTimeout(6_000)
    await stage.write(page, 1)
    stage.expect(await stage.arrived(15_000)).toBeLessThan(10_000)
    await stage.verdict({ said: 0, rebuild: false })
  })

  scenario('the session changes', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 20)
    const first = stage.wrote.slice()
    const next = stage.sessionId + 1_000_000
    await page.evaluate((id) => faultPage.setSession(id), next)
    await stage.write(page, 20)
    await stage.rest(page)
    await stage.arrived()
    expectSessions(stage, first, next)
    await stage.verdict({ rebuild: false, said: 0 })
  })

  scenario('opting out forgets what was not sent, and what follows is never seen', SLOW, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 5)
    await stage.collector.until((uploads) => uploads.length > 0)
    await page.waitForTimeout(500)
    const { length } = stage.collector.uploads
    await stage.write(page, 10)
    await page.evaluate(() => faultPage.setOptOut(true))
    await stage.write(page, 10)
    await stage.rest(page)
    await leave(stage, page)
    await page.waitForTimeout(500)
    stage.expect(stage.collector.uploads).toHaveLength(length)
    // Nor does the next visit find it.
    stage.wrote.splice(0)
    await stage.load(page)
    await stage.write(page, 10)
    await stage.rest(page)
    await stage.arrived()
    const leaked = stage.collector.uploads.slice(length).filter(({ text }) => /item a/.test(text))
    stage.expect(leaked).toHaveLength(0)
    await stage.verdict()
  })

  scenario('opting out takes leftovers of dead tabs along', { browser: 'shell' }, async (stage) => {
    stage.collector.script(() => answers.reset())
    const dead = await stage.visit()
    await stage.write(dead, 10)
    await stage.second(dead)
    await stage.browser.crash(dead)
    const page = await stage.visit()
    await stage.write(page, 10)
    await page.evaluate(() => faultPage.setOptOut(true))
    const { length } = stage.collector.uploads
    await stage.second(page)
    stage.collector.script([])
    await stage.load(page)
    stage.wrote.splice(0)
    await stage.write(page, 10)
    await stage.rest(page)
    await stage.arrived()
    const later = stage.collector.uploads.slice(length)
    stage.expect(later.filter(({ text }) => /item [ab]\d/.test(text))).toHaveLength(0)
    await stage.verdict()
  })

  scenario('opted out and in again', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 10)
    await stage.arrived()
    const before = stage.wrote.length
    await page.evaluate(() => faultPage.setOptOut(true))
    await stage.write(page, 10)
    await page.waitForTimeout(1_600)
    const hidden = stage.wrote.slice(before).filter((name) => Number(name.slice(1)) % 5 !== 0)
    await page.evaluate(() => faultPage.setOptOut(false))
    await stage.write(page, 10)
    await stage.rest(page)
    await stage.arrived(5_000)
    for (const name of hidden) stage.expect(sessionsOf(name, stage.collector.uploads)).toEqual([])
    await stage.verdict({ lost: (name) => hidden.includes(name) })
  })

  scenario('stopped and started in any order', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 5)
    for (let rounds = 0; rounds < 4; rounds += 1) {
      await page.evaluate(
        ([sessionId, track, config]) => {
          const settings = {
            apiKey: 'fault-suite',
            deviceId: 'device-1',
            sessionId,
            optOut: false,
            options: { sampleRate: 1, trackServerUrl: track, configServerUrl: config },
          }
          void faultPage.stop()
          void faultPage.begin(settings)
          void faultPage.stop()
          return faultPage.begin(settings)
        },
        [stage.sessionId, stage.collector.trackUrl, stage.collector.configUrl] as const,
      )
    }
    await stage.write(page, 20)
    await stage.rest(page)
    await stage.arrived(15_000)
    await stage.verdict()
  })

  scenario('nothing is captured or sent after the end', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 10)
    await page.evaluate(() => faultPage.stop())
    await stage.arrived(5_000)
    const { length } = stage.collector.uploads
    const wrote = stage.wrote.length
    await stage.write(page, 10)
    for (let seconds = 0; seconds < 3; seconds += 1) await stage.second(page)
    stage.expect(stage.collector.uploads).toHaveLength(length)
    await stage.verdict({ lost: (name) => stage.wrote.indexOf(name) >= wrote, rebuild: false })
  })

  for (const [what, hours] of [
    ['forward', 3],
    ['back', -3],
  ] as const) {
    scenario(`the wall clock is set ${what}`, {}, async (stage) => {
      const page = await stage.visit()
      await stage.write(page, 15)
      await page.evaluate((shiftMs) => {
        const { now } = Date
        Date.now = () => now() + shiftMs
      }, hours * 3_600_000)
      await stage.write(page, 15)
      await stage.rest(page)
      await stage.arrived()
      await stage.verdict({ said: 0 })
    })
  }
}

/** Batches stay open, so that all of it is still in the page when it is left. */
const SLOW = { options: { flushIntervalConfig: { minIntervalMs: 10_000, maxIntervalMs: 10_000 } } }

async function leave(stage: Stage, page: Page): Promise<void> {
  await page.goto(`${stage.origin}/plain`)
}

/** Changes that gzip cannot shrink. */
async function writeNoise(page: Page, count: number, bytes: number): Promise<void> {
  await page.evaluate(
    async ([times, length]) => {
      for (let left = times; left > 0; left -= 1) {
        const parts = crypto.getRandomValues(new Uint8Array(Math.min(length, 60_000)))
        const noise = Array.from(parts, (byte) => String.fromCharCode(0x100 + byte)).join('')
        const element = document.body.appendChild(document.createElement('i'))
        element.textContent = noise.repeat(Math.ceil(length / parts.length)).slice(0, length)
        await new Promise((resolve) => setTimeout(resolve, 20))
        element.remove()
      }
    },
    [count, bytes] as const,
  )
}
