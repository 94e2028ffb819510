import { svelte } from '@sveltejs/vite-plugin-svelte'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import { type Browser, chromium } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findBrowser } from '../setup/find-browser.mjs'
import { type HotApp, openApp, type Visit } from './hot/open-app.ts'

// Apps on Vite's development server, whose files are edited while they are recorded.

const openVue = () => openApp('vue', [vue()], ['vue', '@session-replay-kit/vue'])

const APPS = [
  {
    framework: 'React',
    open: () =>
      openApp(
        'react',
        [react()],
        ['react', 'react/jsx-dev-runtime', 'react-dom/client', '@session-replay-kit/react'],
      ),
    path: '',
    files: { greeting: 'Greeting.tsx', payment: 'Payment.tsx', replay: 'Replay.tsx' },
  },
  {
    framework: 'Vue',
    open: openVue,
    path: 'accepting.html',
    files: { greeting: 'Greeting.vue', payment: 'Payment.vue', replay: 'replay.ts' },
  },
  {
    framework: 'Svelte',
    open: () => openApp('svelte', [svelte({ configFile: false })], ['@session-replay-kit/core']),
    path: '',
    files: { greeting: 'Greeting.svelte', payment: 'Payment.svelte', replay: 'Replay.svelte' },
  },
]

let browser: Browser
let app: HotApp
let visit: Visit

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] })
})
afterAll(() => browser?.close())
describe.each(APPS)('edits of an app of $framework', ({ open, path, files }) => {
  // One visit for all, as developers have it: what an edit spoils, the next ones meet.
  beforeAll(async () => {
    app = await open()
    visit = await app.visit(browser, path)
  })
  beforeEach(() => visit.startOver())
  afterAll(async () => {
    await visit?.close()
    await app?.close()
  })

  it('leave one recorder that records each change once', async () => {
    const editions: string[] = []
    for (let round = 0; round < 3; round++) {
      await visit.addItem()
      editions.push(await visit.shows(await app.edit(files.greeting)))
    }
    await visit.addItem()
    await visit.flush()
    expect(visit.recordedItems()).toEqual([1, 2, 3, 4])
    expect(visit.recordedGreetings()).toEqual(editions)
    expect([visit.snapshots(), visit.replays()]).toEqual([0, 1])
    expect(await visit.isSamePage()).toBe(true)
    expect(visit.troubles).toEqual([])
  })

  it('keep the pause of a component, and recording goes on when that is gone', async () => {
    await visit.addItem()
    await visit.setPaying(true)
    await visit.recording(false)
    await visit.shows(await app.edit(files.payment))
    expect(await visit.reasons()).toContain('component')
    await visit.shows(await app.edit(files.greeting))
    expect(await visit.reasons()).toContain('component')
    await visit.addItem()
    await visit.shows(await app.edit(files.payment))
    await visit.setPaying(false)
    await visit.recording()
    await visit.addItem()
    await visit.flush()
    expect(visit.recordedItems()).toEqual([1, 3])
    expect([visit.snapshots(), visit.replays()]).toEqual([1, 1])
    expect(JSON.stringify(visit.collector.events())).not.toContain('payment edition')
    expect(await visit.reasons()).toEqual([])
    expect(await visit.isSamePage()).toBe(true)
    expect(visit.troubles).toEqual([])
  })

  it('take a pause out of the code and put it back', async () => {
    await visit.setPaying(true)
    await visit.recording(false)
    await visit.shows(await app.edit(files.payment, ['true, {', 'false, {']))
    await visit.recording()
    await visit.addItem()
    await visit.shows(await app.edit(files.payment, ['false, {', 'true, {']))
    await visit.recording(false)
    await visit.addItem()
    await visit.setPaying(false)
    await visit.recording()
    await visit.flush()
    expect(visit.recordedItems()).toEqual([1])
    expect([visit.snapshots(), visit.replays()]).toEqual([2, 1])
    expect(visit.troubles).toEqual([])
  })

  it('make the controller anew, and the recorder that is there goes on', async () => {
    for (let round = 0; round < 3; round++) {
      await visit.addItem()
      await visit.shows(await app.edit(files.replay))
    }
    await visit.addItem()
    await visit.flush()
    expect(visit.recordedItems()).toEqual([1, 2, 3, 4])
    expect([visit.snapshots(), visit.replays()]).toEqual([0, 1])
    expect(await visit.isSamePage()).toBe(true)
    expect(visit.troubles).toEqual([])
  })

  it('make the controller anew while a component pauses, which it goes on doing', async () => {
    await visit.setPaying(true)
    await visit.recording(false)
    await visit.shows(await app.edit(files.replay))
    // Some apps start over, without the component.
    const isPaying = await visit.showsNow('payment edition')
    if (isPaying) expect(await visit.reasons()).toContain('component')
    await visit.setPaying(false)
    await visit.recording()
    await visit.addItem()
    await visit.flush()
    expect(visit.recordedItems()).toEqual([1])
    expect([visit.snapshots(), visit.replays()]).toEqual([1, 1])
    expect(JSON.stringify(visit.collector.events())).not.toContain('payment edition')
    expect(visit.troubles).toEqual([])
  })

  it('make the controller anew, which keeps a pause by hand until it is taken back', async () => {
    await visit.pauseByHand()
    await visit.shows(await app.edit(files.replay))
    await visit.addItem()
    expect(await visit.reasons()).toEqual(['manual'])
    await visit.resumeByHand()
    await visit.recording()
    await visit.addItem()
    await visit.flush()
    expect(visit.recordedItems()).toEqual([2])
    expect([visit.snapshots(), visit.replays()]).toEqual([1, 1])
    expect(visit.troubles).toEqual([])
  })

  it('make the controller anew with stricter routes, which it obeys until they are taken back', async () => {
    await visit.addItem()
    await visit.shows(await app.edit(files.replay, ['deny: []', "deny: ['/**']"]))
    // By itself, not by way of the former one, which would leave out what came meanwhile if it were to go on.
    await visit.pausedBy('route')
    await visit.addItem()
    await visit.shows(await app.edit(files.replay, ["deny: ['/**']", 'deny: []']))
    await visit.recording()
    await visit.addItem()
    await visit.flush()
    expect(visit.recordedItems()).toEqual([1, 3])
    expect([visit.snapshots(), visit.replays()]).toEqual([1, 1])
    expect(visit.troubles).toEqual([])
  })
})

describe("edits of the plugin's file of an app of Vue", () => {
  beforeAll(async () => {
    app = await openVue()
  })
  afterEach(() => visit?.close())
  afterAll(() => app?.close())

  it('end the app before its new code is there, which goes on with the replay, but not with a pause by hand', async () => {
    visit = await app.visit(browser, 'restarting.html')
    // As slow as it may be: the controller is stopped before the new code comes.
    await visit.page.route(/replay\.ts\?t=/, async (route) => {
      await visit.page.waitForFunction(() => window.replay.getSnapshot().status === 'idle')
      await route.continue()
    })
    await visit.addItem()
    await visit.pauseByHand()
    await visit.addItem()
    await visit.shows(await app.edit('replay.ts'))
    await visit.recording()
    expect(await visit.reasons()).toEqual([])
    await visit.addItem()
    await visit.shows(await app.edit('replay.ts'))
    await visit.recording()
    await visit.addItem()
    await visit.flush()
    expect(visit.recordedItems()).toEqual([1, 3, 4])
    expect([visit.snapshots(), visit.replays()]).toEqual([3, 1])
    expect(await visit.isSamePage()).toBe(true)
    expect(visit.troubles).toEqual([])
  })

  it('load the page again when nothing accepts them, which goes on with the replay', async () => {
    visit = await app.visit(browser)
    await visit.addItem()
    await visit.flush()
    await visit.shows(await app.edit('replay.ts'))
    expect(await visit.isSamePage()).toBe(false)
    await visit.recording()
    await visit.addItem()
    await visit.flush()
    expect(visit.recordedItems()).toEqual([1, 2])
    expect([visit.snapshots(), visit.replays()]).toEqual([2, 1])
    expect(visit.troubles).toEqual([])
  })
})
