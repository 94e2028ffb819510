import { createFakeAmplitude, createTestCollector, replayMatchers } from '@session-replay-kit/core/testing'
import { createSessionReplay } from '@session-replay-kit/svelte'
import { render, screen } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import Profile from './Profile.svelte'

expect.extend(replayMatchers)

test('a replay shows the profile, and nothing about the person', async () => {
  const collector = createTestCollector()
  const amplitude = createFakeAmplitude({ initialised: true })
  const replay = createSessionReplay({ amplitude, sampleRate: 1, ...collector.transport })
  replay.start()
  render(Profile, { name: 'Jane Doe', iban: 'NL00 BANK 0123 4567 89' })
  await screen.findByText('Jane Doe')
  await collector.waitForUpload()
  await replay.flush()

  expect(collector).toShowText('Your profile')
  expect(collector).toHideText('Jane Doe', 'NL00 BANK 0123 4567 89')
  await replay.dispose()
})
