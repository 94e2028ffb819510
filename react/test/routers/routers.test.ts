import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  expectFound,
  expectWhole,
  visit,
  wander,
  wanderByMetadata,
  wanderSlowly,
} from '../../../core/test/support/routers/visit.ts'
import { findBrowser } from '../../../examples/setup/find-browser.mjs'
import { buildApp } from '../support/build-app.ts'
import type { Fixture } from './app/fixture.ts'

let browser: Browser
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-routers-'))
  await buildApp(join(import.meta.dirname, 'app'), folder)
  browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] })
})

afterAll(async () => {
  await browser?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

const ROUTERS: Fixture['router'][] = ['react-router-8', 'react-router-7', 'tanstack']
const PLAIN = { history: 'web', fade: false, connected: true, open: false } as const

const open = (fixture: Fixture) => {
  const hrefOf = (origin: string, path: string) => `${origin}${fixture.history === 'hash' ? '/#' : ''}${path}`
  return visit(browser, folder, (origin) => hrefOf(origin, '/'), fixture).then((one) => ({
    one,
    hrefOf: (path: string) => hrefOf(one.site.origin, path),
  }))
}

describe.each(ROUTERS)('%s', (router) => {
  const wanderAll = async (more: Partial<Fixture>): Promise<void> => {
    const { one, hrefOf } = await open({ router, ...PLAIN, ...more })
    await wander(one, hrefOf)
    expect(one.navigations()).toBeGreaterThanOrEqual(18)
    await expectWhole(one, 9)
  }
  const NAME = 'the restricted pages are in nothing, the replay of the others is whole: %j'
  it.concurrent.each([{}, { connected: false }] as Partial<Fixture>[])(NAME, wanderAll)
  // View transitions of several pages at once wait for each other to be drawn.
  it.each([{ history: 'hash', fade: true }] as Partial<Fixture>[])(NAME, wanderAll)

  it.concurrent('a page that its metadata denies is in nothing', async () => {
    const { one } = await open({ router, ...PLAIN })
    await wanderByMetadata(one)
    await expectWhole(one, 2)
  })

  it.concurrent.each(['web', 'hash'] as const)(
    'a page that changes under the next address is in nothing: %s',
    async (history) => {
      const { one } = await open({ router, ...PLAIN, history })
      await wanderSlowly(one)
      await expectWhole(one, 1, '/late')
    },
  )
})

it('without the rule the very same visit gives everything away', async () => {
  const { one } = await open({ router: 'react-router-8', ...PLAIN, connected: false, open: true })
  await one.recorded('/')
  await one.click('/secret')
  await expectFound(one)
})
