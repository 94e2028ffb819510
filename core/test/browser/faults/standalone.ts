import type { Page } from 'playwright'
import { expectSessions } from '../../support/fault-sessions.ts'
import type { Scenario, Stage } from '../../support/fault-stage.ts'

declare const faultPage: typeof import('../pages/fault-page.ts')

/** The recorder without the Browser SDK. */
export function standaloneFaults(scenario: Scenario): void {
  scenario('standalone: a visit over two pages', { door: 'standalone' }, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 20)
    await stage.load(page)
    await stage.write(page, 20)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ duplicates: 20, said: 0 })
  })

  scenario('standalone: initialised again and again', { door: 'standalone' }, async (stage) => {
    const page = await stage.visit()
    for (let times = 0; times < 4; times += 1) {
      await Promise.all([stage.beginOn(page), stage.beginOn(page)])
      await stage.write(page, 5)
    }
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict()
  })

  scenario('standalone: initialised again with other options', { door: 'standalone' }, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 10)
    await stage.beginOn(page, { options: { useWebWorker: true } })
    await stage.write(page, 10)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ said: 0 })
  })

  scenario('standalone: the session changes', { door: 'standalone' }, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 15)
    const first = stage.wrote.slice()
    const next = stage.sessionId + 1_000_000
    await page.evaluate((id) => faultPage.setSession(id), next)
    await stage.write(page, 15)
    await stage.rest(page)
    await stage.arrived()
    expectSessions(stage, first, next)
    await stage.verdict({ rebuild: false, said: 0 })
  })

  scenario('standalone: shut down, then nothing', { door: 'standalone' }, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 10)
    await page.evaluate(() => faultPage.stop())
    await stage.arrived(5_000)
    const { length } = stage.collector.uploads
    await stage.write(page, 10)
    for (let seconds = 0; seconds < 3; seconds += 1) await stage.second(page)
    stage.expect(stage.collector.uploads).toHaveLength(length)
    await stage.verdict({ lost: isAfter(stage, 10), rebuild: false })
  })

  for (const [how, tell] of Object.entries({ 'is told': true, 'is not told': false })) {
    scenario(
      `standalone: opted out in analytics, and the recorder ${how}`,
      { door: 'standalone' },
      async (stage) => {
        const page = await stage.visit()
        await stage.write(page, 5)
        await stage.arrived()
        if (tell) await page.evaluate(() => faultPage.setOptOut(true))
        else await page.evaluate(optOutSilently)
        const { length } = stage.collector.uploads
        await stage.write(page, 15)
        await page.waitForTimeout(3_000)
        await leave(stage, page)
        stage.expect(stage.collector.uploads).toHaveLength(length)
        await stage.load(page)
        await stage.write(page, 5)
        await stage.rest(page)
        await stage.arrived(5_000)
        const leaked = stage.collector.uploads.slice(length).filter(({ text }) => /item a\d/.test(text))
        stage.expect(leaked).toHaveLength(0)
        await stage.verdict({ lost: isAfter(stage, 5), said: 0 })
      },
    )
  }
}

/** Items of the first page from the given one on. */
const isAfter =
  (stage: Stage, count: number) =>
  (name: string): boolean =>
    name.startsWith('a') && stage.wrote.indexOf(name) >= count

/** The connector says so when it is asked, and tells nobody. */
function optOutSilently(): void {
  const { analyticsConnectorInstances } = window as unknown as {
    analyticsConnectorInstances: { $default_instance: { identityStore: { getIdentity(): object } } }
  }
  const { identityStore } = analyticsConnectorInstances.$default_instance
  identityStore.getIdentity = () => ({ optOut: true })
}

async function leave(stage: Stage, page: Page): Promise<void> {
  await page.goto(`${stage.origin}/plain`)
  await page.waitForTimeout(500)
}
