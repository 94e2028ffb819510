import { afterEach, expect, it } from 'vitest'
import { createTestCollector } from '../testing/collector.ts'
import { showPrivacy } from './devtools.ts'
import { sharedRecorder } from './shared-recorder.ts'
import { init, shutdown } from './standalone.ts'

afterEach(() => {
  shutdown()
  document.body.replaceChildren()
})

it('outlines what is visible, masked and blocked, and leaves nothing behind', async () => {
  document.body.innerHTML =
    '<p id="a">shown</p><p id="b" class="amp-mask">hidden</p><p id="c" class="amp-block">out</p>'
  const collector = createTestCollector()
  const recording = new Promise<void>((resolve) => {
    sharedRecorder.status.subscribe((status) => status.recording && resolve())
  })
  await init('key', {
    deviceId: 'd',
    sessionId: 1,
    sampleRate: 1,
    storeType: 'memory',
    ...collector.transport,
  }).promise
  await recording
  const hide = showPrivacy()
  const layer = document.querySelector('html > [data-amp-block]')?.shadowRoot
  await expect.poll(() => layer?.querySelectorAll('[data-visibility]').length).toBe(3)
  const kinds = [...(layer?.querySelectorAll<HTMLElement>('[data-visibility]') ?? [])].map(
    (box) => box.dataset.visibility,
  )
  expect(kinds).toEqual(['visible', 'masked', 'blocked'])
  hide()
  expect(document.querySelector('html > [data-amp-block]')).toBeNull()
})
