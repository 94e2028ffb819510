// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Pipeline } from '../pipeline.ts'
import { type AnalyticsConfig, type SessionReplayPlugin, sessionReplayPlugin } from './plugin.ts'
import { sharedRecorder } from './shared-recorder.ts'
import { init, shutdown, start, stop } from './standalone.ts'
import { initAll, sessionReplay } from './unified.ts'

// stop() and start() while a door is still being opened: the last one that was said holds.

const KEY = 'KEY'
const IDS = { deviceId: 'device', sessionId: 1_700_000_000_000 }
const CONFIG = { apiKey: KEY, ...IDS } as AnalyticsConfig

let recording = false
let starts = 0

vi.mock('../recorder/lazy-chunks.ts', () => ({
  importPipelineChunk: async () => {},
  loadPipelineChunk: async () =>
    ({
      start() {
        recording = true
        starts += 1
      },
      stop() {
        recording = false
      },
      isRecording: () => recording,
      maskLevel: () => null,
      status: () => null,
      hotNodes: () => [],
      describePrivacy: () => null,
      adopt() {},
      wake() {},
      rest: async () => {},
    }) as unknown as Pipeline,
  loadTargetingChunk: () => Promise.reject(new Error('not needed')),
}))

let plugin: SessionReplayPlugin | undefined
vi.mock('@amplitude/analytics-browser', () => ({
  init: () => ({ promise: Promise.resolve() }),
  add: (added: SessionReplayPlugin) => {
    plugin = added
    return { promise: added.setup(CONFIG) }
  },
}))

/** The server's answer has come. */
let answer = (): void => {}
let answered: Promise<void>

beforeEach(() => {
  starts = 0
  recording = false
  answered = new Promise((resolve) => {
    answer = resolve
  })
})

afterEach(async () => {
  shutdown()
  await plugin?.teardown()
  plugin = undefined
})

const body = { configs: { sessionReplay: { sr_sampling_config: { capture_enabled: true, sample_rate: 1 } } } }
/** New ones each time, or the recorder of the test before would be used again. */
const options = () => ({
  sampleRate: 1,
  async handleFetchConfig() {
    await answered
    return { status: 200, text: async () => JSON.stringify(body) }
  },
})

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** What was said decides, and a start later on still works. */
async function expectStopped(startLater: () => unknown): Promise<void> {
  await settled()
  expect([recording, starts]).toEqual([false, 0])
  expect(sharedRecorder.explain().sentence).toContain('stopped by the app')
  await startLater()
  await settled()
  expect(recording).toBe(true)
}

it('init() is not begun after a stop()', async () => {
  const { promise } = init(KEY, { ...options(), ...IDS })
  stop()
  answer()
  await promise
  await expectStopped(start)
})

it('init() is begun after a stop() that was taken back', async () => {
  const { promise } = init(KEY, { ...options(), ...IDS })
  stop()
  start()
  answer()
  await promise
  expect(recording).toBe(true)
})

it('init() takes an earlier stop() back', async () => {
  answer()
  await init(KEY, { ...options(), ...IDS }).promise
  stop()
  await init(KEY, { ...options(), ...IDS }).promise
  expect(recording).toBe(true)
})

it('start() after shutdown() records nothing', async () => {
  answer()
  await init(KEY, { ...options(), ...IDS }).promise
  shutdown()
  start()
  await settled()
  expect(recording).toBe(false)
})

it.each([
  ['before', (it: SessionReplayPlugin) => it.stop(), () => {}],
  ['during', () => {}, (it: SessionReplayPlugin) => it.stop()],
])('a plugin records nothing after a stop() %s its set-up', async (_, before, during) => {
  plugin = sessionReplayPlugin(options())
  before(plugin)
  const ready = plugin.setup(CONFIG)
  during(plugin)
  answer()
  await ready
  const { start } = plugin
  await expectStopped(start.bind(plugin))
})

it.each([
  ['another door', () => stop(), { apiKey: KEY }],
  ['another door, under other options', () => stop(), { apiKey: 'OTHER' }],
  ['its own door', () => plugin?.stop(), { apiKey: KEY }],
  ['its own door while it is removed', () => plugin?.teardown().then(() => plugin?.stop()), { apiKey: KEY }],
])('a plugin that is removed and added again heeds the stop() of %s', async (_, say, change) => {
  answer()
  plugin = sessionReplayPlugin(options())
  await plugin.setup(CONFIG)
  await settled()
  expect(recording).toBe(true)
  await say()
  await plugin.teardown()
  starts = 0
  await plugin.setup({ ...CONFIG, ...change })
  const added = plugin
  await expectStopped(() => added.start())
})

it('a plugin heeds a start() of another door after its own stop()', async () => {
  answer()
  plugin = sessionReplayPlugin(options())
  plugin.stop()
  await plugin.setup(CONFIG)
  start()
  await plugin.teardown()
  await plugin.setup(CONFIG)
  await settled()
  expect(recording).toBe(true)
})

it('another plugin does not heed what this one was told', async () => {
  answer()
  const same = options()
  plugin = sessionReplayPlugin(same)
  await plugin.setup(CONFIG)
  plugin.stop()
  await plugin.teardown()
  plugin = sessionReplayPlugin(same)
  await plugin.setup(CONFIG)
  await settled()
  expect(recording).toBe(true)
})

it('a plugin waits for its set-up whatever start() says', async () => {
  plugin = sessionReplayPlugin(options())
  await plugin.start()
  const ready = plugin.setup(CONFIG)
  await plugin.start()
  answer()
  await settled()
  expect(recording).toBe(false)
  await ready
  await settled()
  expect(recording).toBe(true)
})

it('initAll() heeds a stop() and has begun otherwise', async () => {
  const ready = initAll(KEY, { sessionReplay: options() })
  await vi.waitFor(() => expect(sessionReplay()).toBeDefined())
  sessionReplay()?.stop()
  answer()
  await ready
  await expectStopped(() => sessionReplay()?.start())
})
