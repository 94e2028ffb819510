import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type CDPSession, chromium } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSite } from '../../../core/test/support/routers/site.ts'
import { findBrowser } from '../../../examples/setup/find-browser.mjs'
import { buildApp } from '../support/build-app.ts'

const ROUNDS = 200
/** A provider that is kept, with its controller and its elements, is larger than that. What the recorder keeps is not. */
const BYTES_PER_ROUND = 4096

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

async function measure(devtools: CDPSession): Promise<{ listeners: number; nodes: number; bytes: number }> {
  // Twice: what the first collection finalises is only free after the second.
  await devtools.send('HeapProfiler.collectGarbage')
  await devtools.send('HeapProfiler.collectGarbage')
  const { metrics } = await devtools.send('Performance.getMetrics')
  const figure = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
  return {
    listeners: figure('JSEventListeners'),
    nodes: figure('Nodes'),
    bytes: figure('JSHeapUsedSize'),
  }
}

it.each([
  { provider: 'given a controller', query: '' },
  { provider: 'that makes its own controller', query: '?owner' },
])('a provider $provider leaves nothing behind, however often it is mounted', async ({ query }) => {
  const site = await openSite(folder)
  const page = await browser.newPage()
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  await page.goto(`${site.origin}/${query}`)
  const recorded = () => page.waitForFunction('window.replay.getSnapshot().isRecording')
  const remount = async (times: number): Promise<void> => {
    await page.evaluate(`window.remount(${times})`)
    await recorded()
    await page.evaluate('window.replay.flush()')
  }
  await recorded()
  // As often as later: what engine and recorder keep for good is there after that.
  await remount(ROUNDS)
  const before = await measure(devtools)
  await remount(ROUNDS)
  // The last ones wait out their grace period.
  await expect
    .poll(
      async () => {
        const { listeners, nodes, bytes } = await measure(devtools)
        return {
          listeners: listeners - before.listeners,
          // A round has a dozen nodes.
          nodes: nodes - before.nodes < ROUNDS,
          bytes: bytes - before.bytes < ROUNDS * BYTES_PER_ROUND || bytes - before.bytes,
        }
      },
      { timeout: 30_000, interval: 500 },
    )
    .toEqual({ listeners: 0, nodes: true, bytes: true })
  expect(await page.evaluate('window.replay.getSnapshot().reasons')).toEqual([])
  await page.close()
  await site.close()
})
