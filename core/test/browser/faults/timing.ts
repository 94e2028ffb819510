import * as answers from '../../support/answers.ts'
import type { Scenario, Stage } from '../../support/fault-stage.ts'

declare const faultPage: typeof import('../pages/fault-page.ts')

/** Things that happen at the worst moment. */
export function timingFaults(scenario: Scenario): void {
  scenario(
    'back from the back/forward cache while a request was under way',
    { browser: 'whole' },
    async (stage) => {
      const page = await stage.visit()
      await stage.write(page, 5)
      await stage.arrived()
      stage.collector.script(() => answers.after(1_500))
      await stage.write(page, 15)
      await page.goto(`${stage.origin}/plain`)
      await page.goBack({ waitUntil: 'commit' })
      await page.waitForFunction(() => document.readyState === 'complete')
      stage.expect(await page.evaluate(() => faultPage.shown().length)).toBeGreaterThan(0)
      await stage.write(page, 15)
      await stage.rest(page)
      await stage.arrived(20_000)
      await stage.verdict({ duplicates: 20, said: 0 })
    },
  )

  scenario('exit right after the first snapshot of a page of 50 000 nodes', {}, async (stage) => {
    const page = await stage.visit({ record: 'no' })
    await page.evaluate(() => {
      document.body.append(
        ...Array.from({ length: 500 }, (_, row) => {
          const line = document.createElement('div')
          line.innerHTML = Array.from({ length: 49 }, (_, cell) => `<b>${row * cell * 7919}</b>`).join('')
          return line
        }),
      )
    })
    await stage.beginOn(page)
    await stage.write(page, 3, 10)
    await page.goto(`${stage.origin}/plain`)
    await page.waitForTimeout(500)
    await stage.load(page)
    await stage.arrived()
    const snapshots = stage.collector.uploads.filter(
      ({ kept, text }) => kept && text.includes('\\"type\\":2,') && text.length > 1_000_000,
    )
    stage.expect(snapshots.length).toBeGreaterThan(0)
    await stage.verdict({ duplicates: 3, rebuild: false, said: 0 })
  })

  scenario(
    'long hidden, with timers once a minute, then killed',
    { browser: 'own', browserArgs: ['--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1'] },
    async (stage) => {
      stage.collector.script(() => answers.reset())
      const page = await stage.visit()
      await stage.write(page, 5)
      await stage.browser.hide(page)
      await page.waitForTimeout(4_000)
      // As when a message of a server or of another tab changes the page.
      for (let items = 0; items < 3; items += 1) {
        await page.evaluate(() => faultPage.write('stays'))
        await new Promise((resolve) => setTimeout(resolve, 400))
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      await stage.killBrowser()
      stage.collector.script([])
      await stage.visit()
      await stage.arrived(8_000)
      await stage.verdict({ rebuild: false })
    },
  )

  for (const [what, answer] of Object.entries({
    succeeds: answers.after(1_500),
    fails: answers.after(1_500, answers.status(503)),
    'is too large': answers.after(1_500, answers.status(413)),
  })) {
    scenario(`opting out while a request is under way that ${what}`, {}, async (stage) => {
      const page = await stage.visit()
      await stage.write(page, 5)
      await stage.arrived()
      stage.collector.script([answer])
      const { length } = stage.collector.uploads
      await stage.write(page, 10)
      await stage.collector.until((uploads) => uploads.length > length)
      await page.evaluate(() => faultPage.setOptOut(true))
      const sent = stage.collector.uploads.length
      await stage.write(page, 5)
      await page.waitForTimeout(4_500)
      stage.expect(stage.collector.uploads).toHaveLength(sent)
      await page.goto(`${stage.origin}/plain`)
      await page.waitForTimeout(300)
      stage.expect(stage.collector.uploads).toHaveLength(sent)
      // What was captured before and had not left is forgotten on purpose.
      await stage.verdict({ lost: (name) => stage.wrote.indexOf(name) >= 5, rebuild: false })
    })
  }

  for (const [last, calls] of Object.entries({
    begin: ['begin', 'stop', 'begin', 'stop', 'begin'],
    stop: ['begin', 'stop', 'begin', 'begin', 'stop'],
  })) {
    scenario(
      `standalone: begun and ended in any order, ${last} last`,
      { door: 'standalone' },
      async (stage) => {
        const page = await stage.visit()
        await stage.write(page, 5)
        await page.evaluate(
          async ([all, settings]) => {
            for (const call of all) {
              if (call === 'begin') void faultPage.begin(settings)
              else void faultPage.stop()
              await Promise.resolve()
            }
          },
          [calls, settingsOf(stage)] as const,
        )
        const wanted = last === 'begin'
        await page.waitForTimeout(wanted ? 1_500 : 3_000)
        stage.expect(await page.evaluate(() => faultPage.explain().recording)).toBe(wanted)
        const before = stage.wrote.length
        await stage.write(page, 15)
        if (wanted) await stage.rest(page)
        await stage.arrived(5_000)
        await stage.verdict({
          lost: (name) => !wanted && stage.wrote.indexOf(name) >= before,
          rebuild: wanted,
        })
      },
    )
  }

  scenario('the wall clock jumps to and fro', {}, async (stage) => {
    const page = await stage.visit()
    await page.evaluate(() => {
      const { now } = Date
      let shiftMs = 0
      setInterval(() => {
        shiftMs = (Math.random() - 0.5) * 7_200_000
      }, 150)
      Date.now = () => now() + shiftMs
    })
    await stage.write(page, 40, 60)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ said: 0 })
  })
}

const settingsOf = ({ sessionId, collector }: Stage) => ({
  apiKey: 'fault-suite',
  deviceId: 'device-1',
  sessionId,
  optOut: false,
  door: 'standalone' as const,
  options: { sampleRate: 1, trackServerUrl: collector.trackUrl, configServerUrl: collector.configUrl },
})
