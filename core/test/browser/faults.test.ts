import { afterAll, beforeAll } from 'vitest'
import { makeProfile, openBrowser, type TestBrowser } from '../support/browser.ts'
import { scenariosIn } from '../support/fault-stage.ts'
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

// The whole recorder, as it is published, under every fault that the delivery contract knows. Time is real.

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

const scenario = scenariosIn(() => browser)

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
