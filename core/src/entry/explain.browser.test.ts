import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ReplayController, ReplayOptions } from '../controller/types.ts'
import { createFakeAmplitude, createTestCollector } from '../testing/index.ts'
import { createSessionReplay } from './session-replay.ts'

// What somebody reads who asks why there is no replay: the real recorder's own words, through the controller.

let replay: ReplayController
let keys = 0

beforeEach(() => history.replaceState(null, '', '/home'))
afterEach(() => replay.dispose())

const collector = createTestCollector()

function begin(options: ReplayOptions, configs?: Record<string, unknown>): void {
  collector.setRemoteConfigs(configs ?? { sessionReplay: { sr_sampling_config: {} } })
  const amplitude = createFakeAmplitude()
  // Settings are remembered for each key.
  amplitude.init({ apiKey: `key-${keys++}` })
  replay = createSessionReplay({
    amplitude,
    sampleRate: 1,
    ...collector.transport,
    ...options,
  })
  replay.start()
}

const comesTo = (sentence: string) =>
  vi.waitFor(() => expect(replay.explain().sentence).toBe(sentence), 20_000)

test.each<[string, ReplayOptions, Record<string, unknown>?]>([
  ['not recorded: sample draw 0.971186 ≥ sampleRate 0 (code)', { sampleRate: 0 }],
  [
    'not recorded: sample draw 0.971186 ≥ sampleRate 0.5 (remote config)',
    {},
    { sessionReplay: { sr_sampling_config: { capture_enabled: true, sample_rate: 0.5 } } },
  ],
  [
    'not recorded: capture off in remote config',
    {},
    { sessionReplay: { sr_sampling_config: { capture_enabled: false } } },
  ],
  [
    'not recorded: no remote config: the server has no Session Replay settings for this project',
    {},
    { other: {} },
  ],
  ['not recorded: paused by route (/home)', { routes: { deny: '/home' } }],
  ['not recorded: paused by consent', { consent: 'required' }],
  [
    'not recorded: Session Replay: no Browser SDK client was found; nothing is recorded. Pass `amplitude` or `apiKey`, and install @amplitude/analytics-browser.',
    { amplitude: null },
  ],
])('%s', async (sentence, options, configs) => {
  begin(options, configs)
  await comesTo(sentence)
})

test('waits for amplitude.init()', async () => {
  const amplitude = createFakeAmplitude()
  replay = createSessionReplay({ amplitude, sampleRate: 1, ...collector.transport })
  expect(replay.explain().sentence).toBe('not recorded: not started')
  replay.start()
  expect(replay.explain().sentence).toBe(
    'not recorded yet: waiting for the Browser SDK to set the plugin up (is amplitude.init() called?)',
  )
  amplitude.init({ apiKey: `key-${keys++}` })
  await comesTo('recorded as fake-device/1')
})

test('names the replay', async () => {
  begin({})
  await comesTo('recorded as fake-device/1')
})
