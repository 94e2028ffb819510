import { expect, it, onTestFinished } from 'vitest'
import type { SessionReplayOptions } from '../config/options.ts'
import { createTestCollector } from '../testing/collector.ts'
import { sessionReplayPlugin } from './plugin.ts'

it.each([
  ['', 'analytics-device'],
  [42, 'analytics-device'],
  ['own-device', 'own-device'],
])('a deviceId of %j names the device %s, in recording and events alike', async (deviceId, used) => {
  const collector = createTestCollector()
  const options = { sampleRate: 1, deviceId, onError: () => {}, ...collector.transport }
  const plugin = sessionReplayPlugin(options as SessionReplayOptions)
  onTestFinished(() => plugin.teardown())
  await plugin.setup({ apiKey: 'device-key', deviceId: 'analytics-device', sessionId: 7 })
  const event = { event_type: 'a click', device_id: used, session_id: 7, time: 7 }
  const { event_properties } = await plugin.execute(event)
  expect(event_properties).toEqual({ '[Amplitude] Session Replay ID': `${used}/7` })
  await plugin.onIdentityChanged({ deviceId: 'next-device' })
  const now = used === 'own-device' ? used : 'next-device'
  expect(plugin.getSessionReplayProperties()).toEqual({ '[Amplitude] Session Replay ID': `${now}/7` })
})
