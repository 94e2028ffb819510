// `npm test`: what must hold, from a fresh clone, in a few minutes. `npm run test:all` (or `npm test -- --all`): every
// suite there is. `npm test -- PROJECT…`: these alone. Ends with a line `N passed, N failed`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
// As a whole: versions of Node that are too old for us lack names, and are told so below.
import * as os from 'node:os'
import { join } from 'node:path'
import { bootstrap, build, ROOT, run, runPnpm, TYPE_CHECK } from './bootstrap.mjs'
import { findBrowser, NO_BROWSER } from './find-browser.mjs'
import { stagesOf, TYPES } from './test-turns.mjs'

const args = process.argv.slice(2)
const all = args.includes('--all')
const named = args.filter((arg) => arg !== '--all')
const stages = named.length > 0 ? [[[named]]] : stagesOf(all ? 'all' : 'fast')

/** The quick run repeats less of what is random. */
const FEWER = { VITE_HISTORIES: process.env.VITE_HISTORIES ?? '4' }

await bootstrap()
if (!findBrowser()) {
  // Nothing installed: let Playwright fetch its own.
  await run('npx', ['--yes', 'playwright@1.65.1', 'install', 'chromium'])
  if (!findBrowser()) {
    console.error(NO_BROWSER)
    process.exit(1)
  }
}

const total = { passed: 0, failed: 0 }
const took = []

/** Runs a step that counts as one test. */
async function step(name, act) {
  await timed(name, async () => {
    if ((await act()) === 0) total.passed += 1
    else total.failed += 1
  })
}

async function timed(name, act) {
  const startedAt = Date.now()
  await act()
  took.push(`${name} ${Math.round((Date.now() - startedAt) / 1000)} s`)
}

if (named.length === 0) await step('format and lint', () => run('npx', ['biome', 'check', '.']))
await timed('build', () => build())

const reports = mkdtempSync(join(os.tmpdir(), 'session-replay-kit-'))

/** One run of Vitest. */
async function turn(projects) {
  const report = join(reports, `${projects[0]}.json`)
  await timed(projects.join(' + '), async () => {
    const vitest = [
      ...['vitest', 'run', '--config', 'vitest.workspace.ts'],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      ...projects.map((project) => `--project=${project}`),
      // Vitest leaves one core free; projects that may run at the same time wait more than they compute.
      ...(projects.length > 1 ? [`--maxWorkers=${os.availableParallelism()}`] : []),
    ]
    const code = await run('npx', vitest, { env: all || named.length > 0 ? {} : FEWER })
    const { passed, failed } = countTests(report)
    total.passed += passed
    total.failed += code !== 0 && failed === 0 ? 1 : failed
  })
}

const perform = (job) => (job === TYPES ? step(job, () => runPnpm(TYPE_CHECK)) : turn(job))
for (const lanes of stages) {
  await Promise.all(
    lanes.map(async (jobs) => {
      for (const job of jobs) await perform(job)
    }),
  )
}
rmSync(reports, { recursive: true, force: true })

// The demo's own check is a test like the others: the main job, as a newcomer runs it. Two at a time: one builds while
// the other waits for its visit.
const demos = all ? [['next'], ['sveltekit', 'react', 'vue', 'svelte', 'vanilla']] : [['react']]
const demo = (shop) =>
  run('node', ['examples/setup/demo.mjs', shop, '--check'], {
    cwd: ROOT,
    env: { SESSION_REPLAY_KIT_BUILT: '1' },
  })
if (named.length === 0) {
  await Promise.all(
    demos.map(async (shops) => {
      for (const shop of shops) await step(`demo ${shop}`, () => demo(shop))
    }),
  )
}
console.log(`\n${took.join(', ')}`)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 ? 0 : 1)

/** A file that could not be run at all counts as one failed test. */
function countTests(report) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    const broken = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    )
    return { passed: numPassedTests, failed: numFailedTests + broken.length }
  } catch {
    return { passed: 0, failed: 1 }
  }
}
