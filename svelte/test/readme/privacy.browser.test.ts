// privacy.browser.test.ts
import {
  createFakeAmplitude,
  createTestCollector,
  findLeaks,
  recordedText,
} from '@session-replay-kit/core/testing'
import { mount } from 'svelte'
import { expect, test } from 'vitest'
import App from './App.svelte'

test('a replay of the profile tells nothing about the person', async () => {
  const amplitude = createFakeAmplitude({ initialised: true })
  const collector = createTestCollector()
  mount(App, {
    target: document.body,
    props: { replay: { amplitude, sampleRate: 1, ...collector.transport } },
  })

  await collector.waitForUpload()

  expect(recordedText(collector.events())).toContain('Your profile')
  expect(findLeaks(collector.evidence(), ['Jane Doe', 'jane@example.com', 'NL00 BANK 0123'])).toEqual([])
})
