import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  expectFound,
  expectWhole,
  visit,
  wander,
  wanderByMetadata,
  wanderSlowly,
} from '../../../core/test/support/routers/visit.ts'
import { findBrowser } from '../../../examples/setup/find-browser.mjs'
import { buildIn } from '../support/build-in.ts'

const HERE = import.meta.dirname

let browser: Browser
let small = ''
const kit = join(HERE, 'kit')
const kitSite = join(kit, '.svelte-kit/site')
const asyncSite = join(kit, '.svelte-kit/async/site')

beforeAll(async () => {
  small = await mkdtemp(join(tmpdir(), 'replay-routers-'))
  await buildIn(join(HERE, 'small'), ['--config', '../vite.small.config.js', '--outDir', small])
  await buildIn(kit)
  await buildIn(kit, [], { SVELTE_ASYNC: 'yes' })
  browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] })
}, 240_000)

afterAll(async () => {
  await browser?.close()
  if (small) await rm(small, { recursive: true, force: true })
})

const plain = (origin: string, path: string): string => origin + path

interface Place {
  folder(): string
  hrefOf(origin: string, path: string): string
  fade?: boolean
}

async function wanderAll({ folder, hrefOf, fade = false }: Place): Promise<void> {
  const one = await visit(browser, folder(), (origin) => hrefOf(origin, '/'), { fade })
  await wander(one, (path) => hrefOf(one.site.origin, path))
  expect(one.navigations()).toBeGreaterThanOrEqual(18)
  await expectWhole(one, 9)
}

test.concurrent.each<Place & { name: string }>([
  { name: 'history router', folder: () => small, hrefOf: plain },
  {
    name: 'hash router',
    folder: () => small,
    hrefOf: (origin, path) => `${origin}/hash.html#${path}`,
  },
  { name: 'SvelteKit', folder: () => kitSite, hrefOf: plain },
  { name: 'SvelteKit with experimental.async', folder: () => asyncSite, hrefOf: plain },
])('$name: the restricted page is in nothing, the replay of the others is whole', wanderAll)

// View transitions of several pages at once wait for each other to be drawn.
test('SvelteKit with view transitions: the restricted page is in nothing, the replay of the others is whole', () =>
  wanderAll({ folder: () => kitSite, hrefOf: plain, fade: true }))

const KITS = [
  ['SvelteKit', kitSite],
  ['SvelteKit with experimental.async', asyncSite],
] as const

test.concurrent.each(KITS)('%s: a page whose data says deny is in nothing', async (_name, site) => {
  const one = await visit(browser, site, (origin) => `${origin}/`)
  await wanderByMetadata(one)
  await expectWhole(one, 2)
})

test.concurrent.each(KITS)(
  '%s: a page that changes under the next address is in nothing',
  async (_name, site) => {
    const one = await visit(browser, site, (origin) => `${origin}/`)
    await wanderSlowly(one)
    await expectWhole(one, 1, '/late')
  },
)

test.concurrent.each(KITS)(
  '%s: what a page says counts before what the layouts above it say',
  async (_name, site) => {
    const one = await visit(browser, site, (origin) => `${origin}/`)
    await one.recorded('/')
    await one.click('/group')
    await one.restricted()
    await one.click('/group/open')
    await one.recorded('/group/open')
    await one.click('/group')
    await one.restricted()
    await one.click('/group/strict')
    await one.page.getByText('Open page /group/strict').waitFor()
    await one.page.waitForFunction(() => {
      const { isRecording, route } = window.replay.getSnapshot()
      return isRecording && route?.mask === 'conservative'
    })
    await one.click('/')
    // It is recorded all the while, and shown when the strict page has left.
    await one.page.waitForFunction(() => window.replay.getSnapshot().maskLevel === 'medium')
    await one.recorded('/')
    const { differences, text } = await one.finish()
    expect(differences).toEqual([])
    expect(text).toContain('Plant 3 of /group/open')
    expect(text).not.toContain('Plant 3 of /group/strict')
  },
)

test('without the rule the very same visit gives everything away', async () => {
  const one = await visit(browser, small, (origin) => `${origin}/?open`)
  await one.recorded('/')
  await one.click('/secret')
  await expectFound(one)
})
