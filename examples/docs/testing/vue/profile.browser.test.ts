import { createFakeAmplitude, createTestCollector, replayMatchers } from '@session-replay-kit/core/testing'
import { createSessionReplayPlugin } from '@session-replay-kit/vue'
import { render, screen } from '@testing-library/vue'
import { expect, test } from 'vitest'
import Profile from './Profile.vue'

expect.extend(replayMatchers)

test('a replay shows the profile, and nothing about the person', async () => {
  const collector = createTestCollector()
  const amplitude = createFakeAmplitude({ initialised: true })
  const replay = createSessionReplayPlugin({ amplitude, sampleRate: 1, ...collector.transport })
  render(Profile, {
    props: { name: 'Jane Doe', iban: 'NL00 BANK 0123 4567 89' },
    global: { plugins: [replay] },
  })
  await screen.findByText('Jane Doe')
  await collector.waitForUpload()

  expect(collector).toShowText('Your profile')
  expect(collector).toHideText('Jane Doe', 'NL00 BANK 0123 4567 89')
  await replay.client.dispose()
})
