import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../setup/free-port.mjs'
import { installApp, startApp } from '../../setup/server-apps.mjs'
import { createStage, expectPrivate } from './stage.ts'
import { visit } from './visit.ts'
import { wander } from './wander.ts'

const stage = createStage()

/**
 * React's own (19.3.1, and the copy in Next 16.4.6): data comes that a kept page waited for, and Next has dropped the page
 * meanwhile. It throws it without the kit as well, and React alone does: remove a hidden `<Activity>` that is suspended.
 */
const DROPPED_PAGE = "TypeError: Cannot read properties of null (reading '_retryCache')"

describe.each<[name: string, pages: string, env: Record<string, string>, known?: string]>([
  ['next', 'pages are taken out when they are left', { CACHE_COMPONENTS: '0' }],
  ['next', 'pages stay in the document, hidden', { CACHE_COMPONENTS: '1' }, DROPPED_PAGE],
  ['nuxt', 'pages are replaced', {}],
  ['sveltekit', 'pages are replaced', {}],
])('%s, where %s', (name, _, env, known) => {
  let app: Awaited<ReturnType<typeof startApp>>
  beforeAll(async () => {
    await installApp(name)
    app = await startApp(name, { port: await freePort(0), collectorUrl: stage.collector.url, env })
  })
  afterAll(() => app?.stop())

  it('never records the checkout, and everything else as it was', async () => {
    expectPrivate(await visit({ ...stage, origin: app.url }, wander), known)
  })

  it("has its marks in the server's HTML", async () => {
    const html = await (await fetch(`${app.url}/account`)).text()
    expect(html).toMatch(/<form data-amp-mask[^>]*>/)
    expect(html).toMatch(/<output data-amp-block[^>]*>/)
  })
})
