// privacy.browser.test.ts
import {
  createFakeAmplitude,
  createTestCollector,
  findLeaks,
  recordedText,
} from '@session-replay-kit/core/testing'
import { createSessionReplayPlugin } from '@session-replay-kit/vue'
import { render } from '@testing-library/vue'
import { expect, test } from 'vitest'
import App from './App.vue'

test('a replay of the profile tells nothing about the person', async () => {
  const amplitude = createFakeAmplitude({ initialised: true })
  const collector = createTestCollector()
  const replay = createSessionReplayPlugin({ amplitude, sampleRate: 1, ...collector.transport })
  render(App, { global: { plugins: [replay] } })

  await collector.waitForUpload()

  expect(recordedText(collector.events())).toContain('Your profile')
  expect(findLeaks(collector.evidence(), ['Jane Doe', 'jane@example.com', 'NL00 BANK 0123'])).toEqual([])
})
