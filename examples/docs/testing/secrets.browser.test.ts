import { createSessionReplay } from '@session-replay-kit/core'
import {
  createFakeAmplitude,
  createTestCollector,
  replayMatchers,
  secretsPage,
} from '@session-replay-kit/core/testing'
import { expect, test } from 'vitest'

expect.extend(replayMatchers)

test('our settings hide every kind of secret', async () => {
  const page = secretsPage()
  page.install(document.body)
  const collector = createTestCollector()
  const replay = createSessionReplay({
    amplitude: createFakeAmplitude({ initialised: true }),
    sampleRate: 1,
    privacyConfig: { defaultMaskLevel: 'medium' },
    ...collector.transport,
  })
  replay.start()
  await collector.waitForUpload()
  // Contents of frames follow the first snapshot.
  await replay.flush()

  expect(collector).toHideText(...page.toHide('medium'))
  expect(collector).toShowText(...page.toShow('medium'))
  await replay.dispose()
})
