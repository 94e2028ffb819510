import * as answers from '../../support/answers.ts'
import { sessionsOf } from '../../support/fault-score.ts'
import type { Scenario, Stage } from '../../support/fault-stage.ts'
import { networkOf } from '../../support/page-network.ts'

declare const faultPage: typeof import('../pages/fault-page.ts')

/** The way to the server, and servers that answer in odd ways. */
export function networkFaults(scenario: Scenario): void {
  scenario('the server keeps everything, and no answer may be read', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 10)
    await stage.arrived()
    const { length } = stage.collector.uploads
    stage.collector.script(() => answers.unshared())
    await stage.write(page, 20, 100)
    await page.waitForTimeout(6_000)
    const tries = stage.collector.uploads.length - length
    stage.expect(tries).toBeLessThanOrEqual(8)
    stage.collector.script([])
    await stage.rest(page)
    await stage.arrived(40_000)
    // Every one of them is a copy that nobody could avoid, and the same one.
    await stage.verdict({ duplicates: 30, copies: tries + 1 })
  })

  scenario('answers in drips', { options: { sendTimeoutMs: 1_000 } }, async (stage) => {
    const page = await stage.visit()
    stage.collector.script(() => answers.drip())
    await stage.write(page, 30, 100)
    await stage.rest(page)
    await stage.arrived(30_000)
    await stage.verdict({ said: 0 })
  })

  scenario('answers that say they are gzipped and are not', {}, async (stage) => {
    const page = await stage.visit()
    stage.collector.script(() => ({ ...answers.accept(), headers: { 'Content-Encoding': 'gzip' } }))
    await stage.write(page, 20, 100)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ said: 0 })
  })

  for (const [what, value] of Object.entries({
    negative: '-5',
    'no number': 'soon',
    past: new Date(0).toUTCString(),
    zero: '0',
  })) {
    scenario(`Retry-After is ${what}`, {}, async (stage) => {
      const page = await stage.visit()
      await stage.write(page, 5)
      await stage.arrived()
      stage.collector.script([answers.status(503, { 'Retry-After': value })])
      await stage.write(page, 10, 100)
      await stage.rest(page)
      await stage.arrived()
      const refused = stage.collector.uploads.find(({ answer }) => answer.status === 503)
      const next = stage.collector.uploads[(refused?.index ?? 0) + 1]
      stage.expect((next?.receivedAt ?? 0) - (refused?.receivedAt ?? 0)).toBeGreaterThanOrEqual(950)
      await stage.verdict({ said: 0 })
    })
  }

  scenario('Retry-After is longer than the visit', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 5)
    await stage.arrived()
    stage.collector.script([answers.status(429, { 'Retry-After': '100000000' })])
    await stage.write(page, 20, 100)
    await page.waitForTimeout(4_000)
    const tries = stage.collector.uploads.filter(({ kept }) => !kept)
    stage.expect(tries).toHaveLength(1)
    // Not at the exit either.
    const { length } = stage.collector.uploads
    await page.goto(`${stage.origin}/plain`)
    await page.waitForTimeout(500)
    stage.expect(stage.collector.uploads).toHaveLength(length)
    await stage.load(page)
    await stage.arrived()
    await stage.verdict({ rebuild: false, said: 0 })
  })

  scenario('a login page answers in place of the server', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 5)
    await stage.arrived()
    const login = `${stage.collector.origin}/login`
    stage.collector.script(() => answers.status(302, { Location: login }))
    await stage.write(page, 20, 100)
    await page.waitForTimeout(1_500)
    stage.collector.script([])
    await stage.rest(page)
    await stage.arrived(40_000)
    await stage.verdict()
  })

  scenario('offline and online again and again', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 5)
    await stage.arrived()
    const { length } = stage.collector.uploads
    const writing = stage.write(page, 40, 100)
    const network = await networkOf(page)
    for (let flaps = 0; flaps < 8; flaps += 1) {
      await network.offline(true)
      await page.waitForTimeout(250)
      await network.offline(false)
      await page.waitForTimeout(250)
    }
    await writing
    await stage.rest(page)
    await stage.arrived(20_000)
    stage.expect(stage.collector.uploads.length - length).toBeLessThanOrEqual(20)
    // A request that was cut off may have arrived.
    await stage.verdict({ duplicates: 40, copies: 3, said: 0 })
  })

  for (const [what, change] of Object.entries({
    'the session changes': 'session',
    'another device takes over': 'device',
  } as const)) {
    scenario(`${what} while the page is offline`, {}, async (stage) => {
      const page = await stage.visit()
      await stage.write(page, 5)
      await stage.arrived()
      const network = await networkOf(page)
      await network.offline(true)
      await stage.write(page, 15)
      const first = stage.wrote.slice()
      await page.evaluate(
        ([kind, id]) => (kind === 'session' ? faultPage.setSession(id) : faultPage.setDevice('device-2')),
        [change, stage.sessionId + 1_000_000] as const,
      )
      await stage.write(page, 15)
      await network.offline(false)
      await stage.rest(page)
      await stage.arrived(20_000)
      const { uploads } = stage.collector
      const named = (name: string): string[] =>
        change === 'session' ? sessionsOf(name, uploads) : devicesOf(name, stage)
      const before = change === 'session' ? String(stage.sessionId) : 'device-1'
      // What is still on the page then is part of the first snapshot of what follows, which may arrive first.
      for (const name of first) stage.expect(named(name)).toContain(before)
      for (const name of stage.wrote.slice(first.length)) stage.expect(named(name)).not.toContain(before)
      await stage.verdict({ rebuild: false, said: 0 })
    })
  }

  scenario('exit while offline, delivered by the next visit', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 5)
    await stage.arrived()
    const network = await networkOf(page)
    await network.offline(true)
    // The emulation ends a moment before the page does, so the server is away as well.
    stage.collector.script(() => answers.reset())
    await stage.write(page, 20)
    await page.waitForTimeout(200)
    await Promise.all([page.waitForEvent('close'), page.close({ runBeforeUnload: true })])
    const next = await stage.visit()
    stage.collector.script([])
    await stage.write(next, 5)
    await stage.rest(next)
    await stage.arrived()
    await stage.verdict({ rebuild: false, said: 0 })
  })

  scenario('exit while the server throttles', {}, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 5)
    await stage.arrived()
    stage.collector.script(() => answers.status(429, { 'Retry-After': '3' }))
    await stage.write(page, 20)
    await stage.collector.until((uploads) => uploads.some(({ kept }) => !kept))
    const { length } = stage.collector.uploads
    await stage.write(page, 5)
    await page.goto(`${stage.origin}/plain`)
    await page.waitForTimeout(300)
    stage.expect(stage.collector.uploads).toHaveLength(length)
    stage.collector.script([])
    await stage.load(page)
    await stage.arrived()
    await stage.verdict({ rebuild: false, said: 0 })
  })

  scenario('a slow line', {}, async (stage) => {
    const page = await stage.visit()
    const network = await networkOf(page)
    await network.limit(4_000)
    await stage.write(page, 40, 100)
    await stage.rest(page)
    await stage.arrived(30_000)
    await stage.verdict({ said: 0 })
  })
}

function devicesOf(name: string, { collector }: Stage): string[] {
  const pattern = new RegExp(`item ${name}\\b`)
  const ids = collector.uploads.filter(({ text }) => pattern.test(text)).map(({ deviceId }) => deviceId)
  return [...new Set(ids)]
}
