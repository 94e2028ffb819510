import { describe, expect, it } from 'vitest'
import { createTestHost } from './controller/test-host.ts'
import type { ReplayOptions } from './controller/types.ts'
import { createController } from './controller.ts'
import { createFakeAmplitude, createFakeRecorder, type FakeRecorderOptions } from './testing/fakes.ts'

let nextName = 0

function setUp(options: ReplayOptions = {}, fake: FakeRecorderOptions = {}, initialised = true) {
  const host = createTestHost()
  const amplitude = createFakeAmplitude({ initialised })
  const recorder = createFakeRecorder({ name: `plugin-${nextName++}`, ...fake })
  const controller = createController({ amplitude, ...options }, recorder.build, host)
  return { host, amplitude, recorder, controller }
}

describe('controller', () => {
  it('does nothing before start', async () => {
    const { controller, recorder, amplitude } = setUp()
    await controller.whenIdle()
    expect(controller.getSnapshot()).toBe(controller.getServerSnapshot())
    expect(recorder.log).toEqual([])
    expect(amplitude.calls).toEqual([])
  })

  it('records after start and says so', async () => {
    const { controller, recorder } = setUp()
    controller.start()
    expect(controller.getSnapshot().status).toBe('starting')
    const snapshot = await controller.whenIdle()
    expect(snapshot).toMatchObject({ status: 'recording', isRecording: true, attachment: 'attached' })
    expect(recorder.log).toEqual(['setup', 'open'])
  })

  it('closes the gate before pause returns, and removes the plugin later', async () => {
    const { controller, recorder, amplitude } = setUp()
    controller.start()
    await controller.whenIdle()
    const paused = controller.pause('asked by the user')
    expect(recorder.live).toBe(0)
    expect(paused).toMatchObject({
      status: 'paused',
      epoch: 1,
      reasons: [{ kind: 'manual', detail: 'asked by the user', count: 1 }],
    })
    await controller.whenIdle()
    expect(amplitude.calls).toEqual(['add', 'remove'])
    controller.resume()
    expect((await controller.whenIdle()).status).toBe('recording')
    expect(amplitude.calls).toEqual(['add', 'remove', 'add'])
  })
})
