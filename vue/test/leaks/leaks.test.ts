import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright'
import { build } from 'vite'
import { afterAll, beforeAll, it } from 'vitest'
import { rrwebPatches } from '../../../core/src/capture/rrweb-patches.ts'
import { expectNothingLeft } from '../../../core/test/support/leaks.ts'
import { packWorker } from '../../../core/vite.worker.ts'
import { findBrowser } from '../../../examples/setup/find-browser.mjs'

let browser: Browser
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-leaks-'))
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'app'),
    logLevel: 'error',
    plugins: [rrwebPatches(), packWorker({ file: false })],
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions: ['source', 'module', 'browser', 'production'] },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022' },
  })
  browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] })
})

afterAll(async () => {
  await browser?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

it.each([
  { plugin: 'given a controller', query: '' },
  { plugin: 'that makes its own controller', query: '?owner' },
])('a plugin $plugin leaves nothing behind, however often its app is mounted', ({ query }) =>
  expectNothingLeft(browser, folder, query),
)
