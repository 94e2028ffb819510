import { expect, it, vi } from 'vitest'
import { createSessionReplay } from './session-replay.ts'
import { sharedRecorder } from './shared-recorder.ts'

it('a controller that has ended follows the recorder of the page no more', async () => {
  const { subscribe } = sharedRecorder.status
  let following = 0
  vi.spyOn(sharedRecorder.status, 'subscribe').mockImplementation((run) => {
    following++
    const stop = subscribe(run)
    return () => {
      following--
      stop()
    }
  })
  const controller = createSessionReplay({ amplitude: null, onError: () => {} })
  controller.start()
  expect(following).toBe(1)
  await controller.dispose()
  expect(following).toBe(0)
})
