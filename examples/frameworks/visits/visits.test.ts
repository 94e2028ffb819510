import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../setup/free-port.mjs'
import { installApp, startApp } from '../../setup/server-apps.mjs'
import { createStage, expectPrivate } from './stage.ts'
import { visit } from './visit.ts'
import { wander } from './wander.ts'

const stage = createStage()

beforeAll(() => installApp('next'))

describe.each([
  ['takes pages out of the document when they are left', '0'],
  ['keeps them there, hidden', '1'],
])('Next %s', (_, cacheComponents) => {
  let app: Awaited<ReturnType<typeof startApp>>
  beforeAll(async () => {
    app = await startApp('next', {
      port: await freePort(0),
      collectorUrl: stage.collector.url,
      env: { CACHE_COMPONENTS: cacheComponents },
    })
  })
  afterAll(() => app?.stop())

  it('never records the checkout, and everything else as it was', async () => {
    expectPrivate(await visit({ ...stage, origin: app.url }, wander))
  })

  it("has its marks in the server's HTML", async () => {
    const html = await (await fetch(`${app.url}/account`)).text()
    expect(html).toMatch(/<form data-amp-mask=""[^>]*>/)
    expect(html).toMatch(/<output data-amp-block="">/)
  })
})
