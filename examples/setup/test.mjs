// `npm test`: everything that must hold, from a fresh clone. Ends with a line `N passed, N failed`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bootstrap, build, pnpm, ROOT, run } from './bootstrap.mjs'
import { findBrowser, NO_BROWSER } from './find-browser.mjs'

await bootstrap()
if (!findBrowser()) {
  // Nothing installed: let Playwright fetch its own.
  await run('npx', ['--yes', 'playwright@1.65.1', 'install', 'chromium'])
  if (!findBrowser()) {
    console.error(NO_BROWSER)
    process.exit(1)
  }
}

await pnpm(['exec', 'biome', 'check', '.'])
await build()
await pnpm(['-r', '--if-present', 'run', 'typecheck'])

// What measures time or drives whole browsers runs alone, so that the suites do not disturb each other.
const ALONE = ['core-whole', 'core-privacy', 'core-faults']
const IN_BROWSER = ['*-browser', '*-routers']
const only = process.argv.slice(2)
const turns =
  only.length > 0
    ? [only]
    : [
        [...IN_BROWSER, ...ALONE].map((name) => `--project=!${name}`),
        IN_BROWSER.map((name) => `--project=${name}`),
        ...ALONE.map((name) => [`--project=${name}`]),
      ]

const reports = mkdtempSync(join(tmpdir(), 'session-replay-kit-'))
const total = { passed: 0, failed: 0 }
for (const [index, turn] of turns.entries()) {
  const report = join(reports, `${index}.json`)
  const code = await run('npx', [
    ...['vitest', 'run', '--config', 'vitest.workspace.ts', '--passWithNoTests'],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ...turn,
  ])
  const { passed, failed } = countTests(report)
  total.passed += passed
  total.failed += code !== 0 && failed === 0 ? 1 : failed
}
rmSync(reports, { recursive: true, force: true })

// The demo's own check is a test like the others: the main job, as a newcomer runs it, in each shop.
if (only.length === 0) {
  for (const shop of ['react', 'vue', 'svelte', 'vanilla']) {
    const code = await run('node', ['examples/setup/demo.mjs', shop, '--check'], {
      cwd: ROOT,
      env: { SESSION_REPLAY_KIT_BUILT: '1' },
    })
    if (code === 0) total.passed++
    else total.failed++
  }
}
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
