import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, it } from 'vitest'
import { makeProfile, openBrowser, type TestBrowser } from '../support/browser.ts'
import { runScenario, type Scenario, type Subject } from '../support/fault-stage.ts'
import { createJury } from '../support/jury.ts'
import { answerFaults } from './faults/answers.ts'
import { configFaults } from './faults/config.ts'
import { loadFaults } from './faults/load.ts'
import { networkFaults } from './faults/network.ts'
import { pageFaults } from './faults/pages.ts'
import { tabFaults } from './faults/tabs.ts'

// The same scenarios for this kit and for the vendor's recorder, in one run: `COMPARE_FAULTS=1 vitest run --config
// core/vitest.faults.config.ts compare`. Nothing fails here; the score goes into core/docs/delivery.md. Left out is what
// only this kit has: its options, its fall-backs, its standalone functions' own scenarios.

const SUBJECTS: Record<string, { subject: Subject; door: 'plugin' | 'standalone' }> = {
  'this kit': { subject: 'kit', door: 'plugin' },
  'official plugin': { subject: 'official', door: 'plugin' },
  'official standalone SDK': { subject: 'official', door: 'standalone' },
}

interface Total {
  scenarios: number
  held: number
  generated: number
  lost: number
  duplicated: number
  outOfOrder: number
  notRebuilt: number
  pageErrors: number
}

const totals = new Map<string, Total>()
let browser: TestBrowser
let profile: Awaited<ReturnType<typeof makeProfile>>

beforeAll(async () => {
  profile = await makeProfile()
  browser = await openBrowser(profile.path)
})

afterAll(async () => {
  await browser?.close()
  await profile?.remove()
  await publish()
})

for (const [name, who] of Object.entries(SUBJECTS)) {
  const total: Total = {
    scenarios: 0,
    held: 0,
    generated: 0,
    lost: 0,
    duplicated: 0,
    outOfOrder: 0,
    notRebuilt: 0,
    pageErrors: 0,
  }
  totals.set(name, total)
  const scenario: Scenario = (title, settings, run) =>
    it.concurrent(`${name}: ${title}`, async ({ expect, task }) => {
      const jury = createJury(expect)
      const onScore = ({ score, lost, rebuilt, pageErrors }: Parameters<OnScore>[0]): void => {
        total.generated += score.generated
        total.lost += lost
        total.duplicated += score.duplicated.length
        total.outOfOrder += score.outOfOrder.length
        if (rebuilt === false) total.notRebuilt += 1
        total.pageErrors += pageErrors
      }
      const context = { expect: jury.expect, task }
      await runScenario(
        { crowded: browser, shell: browser, whole: browser },
        context,
        { ...settings, ...who, onScore },
        run,
      ).catch((cause) => jury.failures.push(String(cause)))
      total.scenarios += 1
      if (jury.failures.length === 0) total.held += 1
      else console.log(`${name}: ${title}: ${jury.failures.join(' | ').slice(0, 300)}`)
    })
  answerFaults(scenario)
  networkFaults(scenario)
  configFaults(scenario)
  pageFaults(scenario)
  tabFaults(scenario)
  loadFaults(scenario)
}

type OnScore = NonNullable<Parameters<typeof runScenario>[2]['onScore']>

const BETWEEN = /(<!-- score -->\n)[\s\S]*?(<!-- \/score -->)/

async function publish(): Promise<void> {
  const rows = [...totals].map(([name, total]) => {
    const { held, scenarios, generated, lost, duplicated, outOfOrder, notRebuilt, pageErrors } = total
    return `| ${name} | ${held} of ${scenarios} | ${generated} | ${lost} | ${duplicated} | ${outOfOrder} | ${notRebuilt} | ${pageErrors} |`
  })
  const table = [
    '| recorder | scenarios that hold | items written | lost | twice or more | out of order | replays not rebuilt | page errors |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
  console.log(table)
  const path = join(import.meta.dirname, '../../docs/delivery.md')
  const page = await readFile(path, 'utf8')
  await writeFile(path, page.replace(BETWEEN, `$1${table}\n$2`))
}
