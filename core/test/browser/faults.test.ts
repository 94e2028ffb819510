import { afterAll, beforeAll } from 'vitest'
import { type BrowserSettings, makeProfile, openBrowser, type TestBrowser } from '../support/browser.ts'
import { type SharedBrowsers, scenariosIn } from '../support/fault-stage.ts'
import { answerFaults } from './faults/answers.ts'
import { configFaults } from './faults/config.ts'
import { diskFaults } from './faults/disk.ts'
import { endings } from './faults/endings.ts'
import { environmentFaults } from './faults/environment.ts'
import { loadFaults } from './faults/load.ts'
import { networkFaults } from './faults/network.ts'
import { optionFaults } from './faults/options.ts'
import { pageFaults } from './faults/pages.ts'
import { standaloneFaults } from './faults/standalone.ts'
import { tabFaults } from './faults/tabs.ts'
import { timingFaults } from './faults/timing.ts'
import { transportFaults } from './faults/transport.ts'

// The whole recorder, as it is published, under every fault that core/docs/delivery.md promises to survive. Time is real.

let browsers: SharedBrowsers
const profiles: Awaited<ReturnType<typeof makeProfile>>[] = []

async function open(settings: BrowserSettings): Promise<TestBrowser> {
  const profile = await makeProfile()
  profiles.push(profile)
  return openBrowser(profile.path, settings)
}

beforeAll(async () => {
  browsers = {
    crowded: await open({ shell: true, crowded: true }),
    shell: await open({ shell: true }),
    whole: await open({}),
  }
})
afterAll(async () => {
  await Promise.all(Object.values(browsers ?? {}).map((browser) => browser.close()))
  await Promise.all(profiles.map((profile) => profile.remove()))
})

const scenario = scenariosIn(() => browsers)

answerFaults(scenario)
networkFaults(scenario)
configFaults(scenario)
pageFaults(scenario)
tabFaults(scenario)
diskFaults(scenario)
timingFaults(scenario)
endings(scenario)
standaloneFaults(scenario)
transportFaults(scenario)
environmentFaults(scenario)
loadFaults(scenario)
optionFaults(scenario)
