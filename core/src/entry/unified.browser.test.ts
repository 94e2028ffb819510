import { afterEach, expect, it } from 'vitest'
import { createTestCollector } from '../testing/collector.ts'
import { recordedText } from '../testing/recorded-text.ts'
import { getSessionId, start } from './standalone.ts'
import { initAll, sessionReplay } from './unified.ts'

afterEach(() => sessionReplay()?.shutdown())

it('hands out functions that act on the recorder which initAll() has started', async () => {
  const collector = createTestCollector()
  expect(sessionReplay()).toBeUndefined()
  await initAll('unified-key', {
    analytics: {
      autocapture: false,
      remoteConfig: { fetchRemoteConfig: false },
      transportProvider: { send: async () => null },
    },
    sessionReplay: { sampleRate: 1, ...collector.transport },
  })
  const replay = sessionReplay()
  expect(replay?.getSessionId()).toEqual(expect.any(Number))
  expect(replay?.getSessionReplayProperties()).toEqual({
    '[Amplitude] Session Replay ID': expect.stringContaining(`/${replay?.getSessionId()}`),
  })

  await collector.waitForUpload(() => true, 30_000)
  document.body.append('a text of the page')
  // Observers are told of a change after the task that made it.
  await new Promise((resolve) => setTimeout(resolve))
  await replay?.flush()
  expect(recordedText(collector.events())).toContain('a text of the page')

  await replay?.setSessionId('another-session').promise
  expect(getSessionId()).toBe('another-session')

  // Removed is removed: no function of another door records again.
  replay?.shutdown()
  start()
  expect(replay?.getSessionReplayProperties()).toEqual({})
}, 60_000)
