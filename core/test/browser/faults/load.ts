import * as answers from '../../support/answers.ts'
import type { Scenario } from '../../support/fault-stage.ts'

/** Much of everything. */
export function loadFaults(scenario: Scenario): void {
  scenario('load: a page of 100 000 nodes', { browser: 'shell' }, async (stage) => {
    const page = await stage.visit({ record: 'no' })
    await page.evaluate(() => {
      document.body.append(
        ...Array.from({ length: 1_000 }, (_, row) => {
          const line = document.createElement('div')
          line.innerHTML = `<b>row ${row}</b>`.repeat(49)
          return line
        }),
      )
      Object.assign(window, { blocks: [] })
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries())
          (window as unknown as { blocks: number[] }).blocks.push(duration)
      }).observe({ type: 'longtask' })
    })
    await stage.beginOn(page)
    await stage.write(page, 20)
    await stage.rest(page)
    await stage.arrived(20_000)
    await stage.verdict({ said: 0 })
  })

  scenario('load: one event over 10 MB is dropped alone', { browser: 'shell' }, async (stage) => {
    const page = await stage.visit()
    await stage.write(page, 10)
    await page.evaluate(() => {
      const huge = document.body.appendChild(document.createElement('div'))
      huge.textContent = 'x'.repeat(11_000_000)
      setTimeout(() => huge.remove(), 200)
    })
    await stage.write(page, 20, 100)
    await stage.rest(page)
    await stage.arrived(20_000)
    await stage.verdict()
  })

  scenario('load: a storm of changes', { browser: 'shell' }, async (stage) => {
    const page = await stage.visit()
    const storm = page.evaluate(async () => {
      const cells = Array.from({ length: 200 }, () => document.body.appendChild(document.createElement('i')))
      const until = performance.now() + 8_000
      let round = 0
      while (performance.now() < until) {
        round += 1
        for (const cell of cells) cell.textContent = String(round)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      for (const cell of cells) cell.remove()
    })
    await stage.write(page, 60, 100)
    await storm
    await stage.rest(page)
    await stage.arrived(25_000)
    await stage.verdict({ said: 0 })
  })

  scenario('load: an outage under heavy activity', { browser: 'shell' }, async (stage) => {
    stage.collector.script(() => answers.status(503))
    const page = await stage.visit()
    const startedAt = Date.now()
    const before = await heapOf(page)
    for (let rounds = 0; rounds < 10; rounds += 1) {
      await stage.write(page, 20, 20)
      await page.evaluate(() => {
        for (let count = 0; count < 500; count += 1) {
          const cell = document.body.appendChild(document.createElement('i'))
          cell.textContent = `${count} ${Math.random()}`
          setTimeout(() => cell.remove(), 100)
        }
      })
    }
    const minutes = (Date.now() - startedAt) / 60_000
    stage.expect(stage.collector.uploads.length).toBeLessThanOrEqual(Math.ceil(40 * minutes) + 3)
    stage.expect((await heapOf(page)) - before).toBeLessThan(20_000_000)
    stage.collector.script([])
    await stage.rest(page)
    await stage.arrived(40_000)
    await stage.verdict()
  })
}

/** Bytes of live objects, after garbage is gone. */
async function heapOf(page: import('playwright').Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}
