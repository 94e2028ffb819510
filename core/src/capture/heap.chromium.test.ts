import { expect, it } from 'vitest'
import { cdp } from 'vitest/browser'
import { startCapture } from './record.ts'
import { act, buildPage, settled } from './test-page.ts'

// Only Chromium's DevTools collect garbage on demand and tell what is left.

it('keeps the heap stable over 50 starts and stops', async () => {
  const heap = async (): Promise<number> => {
    await cdp().send('HeapProfiler.collectGarbage')
    const { usedSize } = (await cdp().send('Runtime.getHeapUsage')) as { usedSize: number }
    return usedSize
  }
  const cycle = async (): Promise<void> => {
    await buildPage()
    const capture = startCapture({
      emit: () => {},
      rewrite: (event) => event,
      blockSelector: '',
      settings: { inlineStylesheet: true, inlineImages: false, captureAdoptedStyleSheets: true },
      report: () => {},
    })
    await settled(5)
    act()
    ;(document.querySelector('main') as HTMLElement).style.color = 'red'
    await settled(5)
    capture.stop()
  }
  for (let i = 0; i < 5; i++) await cycle()
  const before = await heap()
  for (let i = 0; i < 50; i++) await cycle()
  const grown = (await heap()) - before
  expect(grown).toBeLessThan(500_000)
}, 120_000)
