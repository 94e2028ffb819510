import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, it } from 'vitest'
import { expectNothingLeft } from '../../../core/test/support/leaks.ts'
import { findBrowser } from '../../../examples/setup/find-browser.mjs'
import { buildApp } from '../support/build-app.ts'

let browser: Browser
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-leaks-'))
  await buildApp(join(import.meta.dirname, 'app'), folder)
  browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] })
})

afterAll(async () => {
  await browser?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

it.each([
  { provider: 'given a controller', query: '' },
  { provider: 'that makes its own controller', query: '?owner' },
])('a provider $provider leaves nothing behind, however often it is mounted', ({ query }) =>
  expectNothingLeft(browser, folder, query),
)
