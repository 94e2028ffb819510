import type { Browser, CDPSession } from 'playwright'
import { expect } from 'vitest'
import { openSite } from './routers/site.ts'

const ROUNDS = 200

/** What a page holds. */
interface Holdings {
  readonly listeners: number
  readonly nodes: number
  /** Objects and functions. Not bytes: code that is compiled meanwhile has more of them than a small leak. */
  readonly objects: number
}

/**
 * Lets an app be mounted and unmounted hundreds of times while its page is recorded, and expects that nothing is left of
 * it. The app is built in `folder`; it has its controller in `window.replay`, and `window.remount(times)`.
 */
export async function expectNothingLeft(browser: Browser, folder: string, query: string): Promise<void> {
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
  // The last ones wait out their grace period, and those before may have done so when they were counted.
  await expect
    .poll(
      async () => {
        const { listeners, nodes, objects } = await measure(devtools)
        return {
          listeners: Math.max(0, listeners - before.listeners),
          nodes: nodes - before.nodes < ROUNDS || nodes - before.nodes,
          objects: objects - before.objects < ROUNDS || objects - before.objects,
        }
      },
      { timeout: 30_000, interval: 500 },
    )
    // Not one a round.
    .toEqual({ listeners: 0, nodes: true, objects: true })
  expect(await page.evaluate('window.replay.getSnapshot().reasons')).toEqual([])
  await page.close()
  await site.close()
}

async function measure(devtools: CDPSession): Promise<Holdings> {
  // Twice: what the first collection finalises is only free after the second.
  await devtools.send('HeapProfiler.collectGarbage')
  await devtools.send('HeapProfiler.collectGarbage')
  const objects = await countObjects(devtools)
  const { metrics } = await devtools.send('Performance.getMetrics')
  const figure = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
  return { listeners: figure('JSEventListeners'), nodes: figure('Nodes'), objects }
}

async function countObjects(devtools: CDPSession): Promise<number> {
  const objectGroup = 'counted'
  const prototype = await devtools.send('Runtime.evaluate', { expression: 'Object.prototype', objectGroup })
  const { objects } = await devtools.send('Runtime.queryObjects', {
    prototypeObjectId: prototype.result.objectId ?? '',
    objectGroup,
  })
  const { result } = await devtools.send('Runtime.callFunctionOn', {
    functionDeclaration: 'function () { return this.length }',
    objectId: objects.objectId,
    returnByValue: true,
  })
  await devtools.send('Runtime.releaseObjectGroup', { objectGroup })
  return result.value
}
