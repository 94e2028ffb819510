import { expect, it, vi } from 'vitest'
import { createTestCollector } from '../testing/collector.ts'
import { createFakeAmplitude } from '../testing/fakes.ts'
import { findLeaks } from '../testing/leaks.ts'
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

it.each([[undefined], [null], ['API_KEY'], [7]])(
  'a controller can be made of %j, and throws nothing',
  async (options) => {
    const controller = createSessionReplay(options as never)
    controller.start()
    expect(controller.getSnapshot().isRecording).toBe(false)
    await controller.dispose()
  },
)

it('nothing is recorded, stored or asked for before consent', async () => {
  const opened = vi.spyOn(IDBFactory.prototype, 'open')
  const kept = () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])
  const before = kept()
  const collector = createTestCollector()
  const amplitude = createFakeAmplitude({ initialised: true })
  const replay = createSessionReplay({
    amplitude,
    sampleRate: 1,
    consent: 'required',
    ...collector.transport,
  })
  vi.useFakeTimers()
  replay.start()
  document.body.append('before')
  await vi.advanceTimersByTimeAsync(60_000)
  await replay.flush()
  vi.useRealTimers()
  expect(collector.requests).toEqual([])
  expect(opened).not.toHaveBeenCalled()
  expect(kept()).toBe(before)

  replay.setConsent(true)
  await collector.waitForUpload()
  expect(opened).toHaveBeenCalled()
  await replay.dispose()
})

it('what was recorded when consent is withdrawn is never sent', async () => {
  const collector = createTestCollector()
  const replay = createSessionReplay({
    amplitude: createFakeAmplitude({ initialised: true }),
    sampleRate: 1,
    consent: 'required',
    flushIntervalConfig: { minIntervalMs: 60_000, maxIntervalMs: 60_000 },
    ...collector.transport,
  })
  const unsentBytes = () => replay.explain().recorder?.delivery?.store.memoryBytes
  replay.start()
  replay.setConsent(true)
  await collector.waitForUpload()
  await vi.waitFor(async () => {
    await replay.flush()
    expect(JSON.stringify(collector.events())).toContain('debug-info')
    expect(unsentBytes()).toBe(0)
  })

  const secret = document.createElement('p')
  secret.textContent = 'SECRET'
  document.body.append(secret)
  await vi.waitFor(() => expect(unsentBytes()).toBeGreaterThan(0), 5000)
  replay.setConsent(false)
  secret.remove()
  await replay.whenIdle()

  replay.setConsent(true)
  document.body.append('after')
  await vi.waitFor(() => expect(replay.getSnapshot().isRecording).toBe(true), 5000)
  await replay.flush()
  expect(JSON.stringify(collector.events())).toContain('after')
  expect(findLeaks(collector.evidence(), ['SECRET'])).toEqual([])
  await replay.dispose()
})
