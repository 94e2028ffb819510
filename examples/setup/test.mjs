// `npm test`: what must hold, from a fresh clone, in a few minutes. `npm run test:all` (or `npm test -- --all`): every
// suite there is. `npm test -- PROJECT…`: these alone. Ends with a line `N passed, N failed`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { bootstrap, build, ROOT, run, runPnpm, TYPES } from './bootstrap.mjs'
import { findBrowser, NO_BROWSER } from './find-browser.mjs'
import { turnsOf } from './test-turns.mjs'

const args = process.argv.slice(2)
const all = args.includes('--all')
const named = args.filter((arg) => arg !== '--all')
const turns = named.length > 0 ? [named] : turnsOf(all ? 'all' : 'fast')

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
if (named.length === 0) {
  await step('types', () => runPnpm(TYPES))
}

const reports = mkdtempSync(join(tmpdir(), 'session-replay-kit-'))
for (const [index, turn] of turns.entries()) {
  const report = join(reports, `${index}.json`)
  await timed(turn.join(' + '), async () => {
    const vitest = [
      ...['vitest', 'run', '--config', 'vitest.workspace.ts'],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      ...turn.map((project) => `--project=${project}`),
      // Vitest leaves one core free; projects that may run at the same time wait more than they compute.
      ...(turn.length > 1 ? [`--maxWorkers=${availableParallelism()}`] : []),
    ]
    const code = await run('npx', vitest, { env: all || named.length > 0 ? {} : FEWER })
    const { passed, failed } = countTests(report)
    total.passed += passed
    total.failed += code !== 0 && failed === 0 ? 1 : failed
  })
}
rmSync(reports, { recursive: true, force: true })

// The demo's own check is a test like the others: the main job, as a newcomer runs it.
if (named.length === 0) {
  for (const shop of all ? ['react', 'vue', 'svelte', 'vanilla', 'next', 'sveltekit'] : ['react']) {
    await step(`demo ${shop}`, () =>
      run('node', ['examples/setup/demo.mjs', shop, '--check'], {
        cwd: ROOT,
        env: { SESSION_REPLAY_KIT_BUILT: '1' },
      }),
    )
  }
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
