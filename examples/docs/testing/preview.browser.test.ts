import { createSessionReplay } from '@session-replay-kit/core'
import { expect, test } from 'vitest'
import { collector, play, preview } from './preview.ts'

test('a page without an account plays its own replay, masked, and does not record it', async () => {
  document.body.innerHTML = '<h1>Welcome</h1><p data-amp-mask>Jane Doe</p>'
  const replay = createSessionReplay(preview)
  replay.start()
  await collector.waitForUpload()
  play()

  const played = () => document.querySelector('iframe')?.contentDocument?.body?.textContent ?? ''
  await expect.poll(played).toContain('Welcome')
  expect(played()).not.toContain('Jane')

  await replay.flush()
  expect(JSON.stringify(collector.events())).not.toContain('"tagName":"iframe"')
  await replay.dispose()
})
