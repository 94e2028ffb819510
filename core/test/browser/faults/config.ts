import * as answers from '../../support/answers.ts'
import { RECORD_ALL } from '../../support/collector.ts'
import type { Scenario, Stage } from '../../support/fault-stage.ts'

const json = (config: unknown): string => JSON.stringify({ configs: { sessionReplay: config } })

/** What remote config does wrong: without the server's word nothing is captured and nothing is sent. */
export function configFaults(scenario: Scenario): void {
  const refusals = {
    'answers 500': { fault: answers.status(500) },
    'answers 403': { fault: answers.status(403) },
    'answers 404': { fault: answers.status(404) },
    hangs: { fault: answers.hang() },
    'cuts the connection': { fault: answers.reset() },
    'is HTML': { fault: { ...answers.accept(), body: '<html>login</html>' } },
    'is a number': { fault: { ...answers.accept(), body: '1' } },
    'is cut off': { fault: { ...answers.truncate(), body: json(RECORD_ALL).slice(0, 40) } },
    'is cut off without a sign': { fault: { ...answers.accept(), body: json(RECORD_ALL).slice(0, 40) } },
    'is empty': { fault: { ...answers.accept(), body: '' } },
    'has no settings': { fault: { ...answers.accept(), body: '{"configs":{}}' } },
    'says no capture': { sr_sampling_config: { capture_enabled: false, sample_rate: 1 } },
    'says rate 0': { sr_sampling_config: { capture_enabled: true, sample_rate: 0 } },
  }
  for (const [what, config] of Object.entries(refusals)) {
    scenario(`nothing leaves when remote config ${what}`, {}, async (stage) => {
      stage.collector.config(config)
      const page = await stage.visit({ record: 'ask' })
      await stage.write(page, 20)
      await page.waitForTimeout(2_500)
      await page.goto(`${stage.origin}/plain`)
      await page.waitForTimeout(500)
      stage.expect(stage.collector.uploads).toHaveLength(0)
      await nothingWanted(stage)
    })
  }

  scenario('remote config is slow, but in time', {}, async (stage) => {
    stage.collector.config({ fault: { ...answers.after(600), body: json(RECORD_ALL) } })
    const page = await stage.visit()
    await stage.write(page, 20)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ said: 0 })
  })

  scenario('remote config fails at first', {}, async (stage) => {
    stage.collector.config({ fault: answers.reset() })
    const before = stage.visit()
    await untilAsked(stage)
    stage.collector.config(RECORD_ALL)
    const page = await before
    await stage.write(page, 20)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict({ said: 0 })
  })

  scenario('remote config comes late, and recording begins then', {}, async (stage) => {
    stage.collector.config({ fault: answers.status(503) })
    const page = await stage.visit({ record: 'ask' })
    stage.collector.config(RECORD_ALL)
    await stage.write(page, 10)
    await stage.collector.until((uploads) => uploads.length > 0, 20_000)
    stage.wrote.splice(0)
    await stage.write(page, 20)
    await stage.rest(page)
    await stage.arrived()
    await stage.verdict()
  })

  scenario('a page without settings leaves alone what an earlier one could not send', {}, async (stage) => {
    stage.collector.script(() => answers.status(503))
    const page = await stage.visit()
    await stage.write(page, 20)
    await stage.rest(page)
    stage.collector.config({ sr_sampling_config: { capture_enabled: false } })
    await page.goto(`${stage.origin}/plain`)
    await page.waitForTimeout(300)
    stage.collector.script([])
    const { length } = stage.collector.uploads
    await stage.load(page, { record: 'ask' })
    await page.waitForTimeout(2_000)
    stage.expect(stage.collector.uploads).toHaveLength(length)
    stage.collector.config(RECORD_ALL)
    await stage.load(page)
    await stage.arrived()
    await stage.verdict({ rebuild: false })
  })
}

async function untilAsked(stage: Stage): Promise<void> {
  for (let tries = 0; tries < 100 && stage.collector.configRequests.length === 0; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
}

/** Nothing was to be recorded, so nothing of it counts as lost. */
async function nothingWanted(stage: Stage): Promise<void> {
  await stage.verdict({ lost: () => true, rebuild: false })
}
