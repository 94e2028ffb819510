import type { ReplayOptions } from '@session-replay-kit/core'
import { createFakeAmplitude, createTestCollector } from '@session-replay-kit/core/testing'
import { afterEach } from 'vitest'
import { createSessionReplayPlugin, type VueReplayOptions } from '../../src/index.ts'

const open = new Set<{ client: { dispose(): Promise<void> } }>()

/** The plugin with the real recorder behind it, whose uploads end in the test. Disposed after each test. */
export function setUp(options: ReplayOptions & VueReplayOptions = {}) {
  const collector = createTestCollector()
  const amplitude = createFakeAmplitude()
  void amplitude.init({ apiKey: 'test-key', deviceId: 'test-device', sessionId: Date.now() })
  const plugin = createSessionReplayPlugin({
    amplitude,
    sampleRate: 1,
    storeType: 'memory',
    settle: { quietMs: 10, maxWaitMs: 200 },
    ...collector.transport,
    ...options,
  })
  open.add(plugin)
  return { plugin, client: plugin.client, amplitude, collector }
}

afterEach(async () => {
  for (const { client } of open) await client.dispose()
  open.clear()
})
