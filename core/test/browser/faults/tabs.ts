import type { Page } from 'playwright'
import * as answers from '../../support/answers.ts'
import type { Scenario } from '../../support/fault-stage.ts'

/** Several tabs of one session. */
export function tabFaults(scenario: Scenario): void {
  for (const tabs of [2, 5]) {
    scenario(`${tabs} tabs of one session`, {}, async (stage) => {
      const pages: Page[] = []
      for (let opened = 0; opened < tabs; opened += 1) pages.push(await stage.visit())
      await Promise.all(pages.map((page) => stage.write(page, 25, 80)))
      await Promise.all(pages.map((page) => stage.rest(page)))
      stage.expect(await stage.arrived()).toBeLessThan(10_000)
      await stage.verdict({ rebuild: false, said: 0 })
    })
  }

  scenario('a tab that dies leaves its data to a living one', { browser: 'shell' }, async (stage) => {
    const living = await stage.visit()
    stage.collector.script(() => answers.status(503))
    const dying = await stage.visit()
    await stage.write(dying, 15)
    await stage.second(dying)
    await stage.browser.crash(dying)
    stage.collector.script([])
    await stage.write(living, 15)
    const next = await stage.visit()
    await stage.rest(living)
    await stage.rest(next)
    await stage.arrived(20_000)
    await stage.verdict({ rebuild: false })
  })

  scenario(
    'five tabs in an outage: two crash, one closes, one is reloaded',
    { browser: 'shell' },
    async (stage) => {
      const pages: Page[] = []
      for (let opened = 0; opened < 5; opened += 1) pages.push(await stage.visit())
      const [living, reloaded, closed, ...crashing] = pages as [Page, Page, Page, Page, Page]
      await stage.arrived()
      stage.collector.script(() => answers.status(503))
      await Promise.all(pages.map((page) => stage.write(page, 20, 80)))
      await Promise.all(pages.map((page) => stage.second(page)))
      for (const page of crashing) await stage.browser.crash(page)
      await closed.close({ runBeforeUnload: true })
      await stage.load(reloaded)
      await Promise.all([living, reloaded].map((page) => stage.write(page, 10, 80)))
      stage.collector.script([])
      await Promise.all([living, reloaded].map((page) => stage.rest(page)))
      await stage.arrived(40_000)
      await stage.verdict({ rebuild: false })
    },
  )

  scenario('a tab is duplicated, with its sessionStorage', {}, async (stage) => {
    const page = await stage.visit()
    await page.evaluate(() => sessionStorage.setItem('of the app', '1'))
    await stage.write(page, 10)
    const opening = page.waitForEvent('popup')
    await page.evaluate(() => void window.open('/other'))
    const copy = await opening
    await copy.waitForFunction(() => location.pathname === '/other')
    stage.expect(await copy.evaluate(() => sessionStorage.getItem('of the app'))).toBe('1')
    await stage.take(copy)
    await Promise.all([stage.write(page, 15), stage.write(copy, 15)])
    await Promise.all([stage.rest(page), stage.rest(copy)])
    await stage.arrived()
    await stage.verdict({ rebuild: false, said: 0 })
  })
}
