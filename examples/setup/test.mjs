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

const reports = mkdtempSync(join(tmpdir(), 'session-replay-kit-'))
const report = join(reports, 'vitest.json')
const code = await run('npx', [
  'vitest',
  'run',
  '--config',
  'vitest.workspace.ts',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
])
let passed = 0
let failed = 0
try {
  const result = JSON.parse(readFileSync(report, 'utf8'))
  passed = result.numPassedTests
  failed = result.numFailedTests + result.numFailedTestSuites
} catch {
  failed = 1
}
rmSync(reports, { recursive: true, force: true })
// The demo's own check is a test like the others: the main job, as a newcomer runs it.
if (process.argv.length === 2) {
  const demo = await run('node', ['examples/setup/demo.mjs', '--check'], {
    cwd: ROOT,
    env: { SESSION_REPLAY_KIT_BUILT: '1' },
  })
  if (demo === 0) passed++
  else failed++
}
if (code !== 0 && failed === 0) failed = 1
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
