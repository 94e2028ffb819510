import * as amplitude from '@amplitude/analytics-browser'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createController } from '../controller.ts'
import { createFakeRecorder, type FakeRecorderOptions } from '../testing/fakes.ts'
import type { AmplitudeLike, ReplayController, ReplayOptions } from './types.ts'

// The fake client of the other tests is a model of this one. What it models is checked against the original here.

const QUIET = {
  autocapture: false,
  logLevel: 0,
  remoteConfig: { fetchRemoteConfig: false },
  transportProvider: { send: async () => null },
} as const

let controller: ReplayController
let tests = 0

function setUp(
  client: ReplayOptions['amplitude'],
  fake: FakeRecorderOptions = {},
  options: ReplayOptions = {},
) {
  const recorder = createFakeRecorder({ name: `real-client-${tests++}`, ...fake })
  controller = createController({ amplitude: client, ...options }, recorder.build)
  controller.start()
  return recorder
}

/** The plugin that the timeline of this client knows by our name. What `createInstance` returns does not show it. */
async function registered(client: {
  add(plugin: amplitude.Types.Plugin): unknown
  remove(name: string): unknown
}) {
  const inner = await new Promise<{ plugin(name: string): unknown }>((resolve) => {
    client.add({ name: 'probe', type: 'enrichment', setup: async (_config, from) => resolve(from as never) })
  })
  client.remove('probe')
  return inner.plugin(controller.plugin.name)
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

beforeEach(() => history.replaceState(null, '', '/home'))
afterEach(() => controller.dispose())

describe('with the real Browser SDK', () => {
  it('records after init, pauses by remove and resumes by add', async () => {
    const client = amplitude.createInstance()
    const recorder = setUp(client as unknown as AmplitudeLike)
    await tick()
    expect(controller.getSnapshot().status).toBe('starting')
    await client.init('key-a', QUIET).promise
    expect((await controller.whenIdle()).status).toBe('recording')
    controller.pause()
    expect(recorder.live).toBe(0)
    await controller.whenIdle()
    expect(await registered(client)).toBeUndefined()
    controller.resume()
    await controller.whenIdle()
    expect(await registered(client)).toBe(controller.plugin)
    expect(recorder.live).toBe(1)
  })

  it('starts nothing when paused before init, and is not left in the SDK', async () => {
    const client = amplitude.createInstance()
    const recorder = setUp(client as unknown as AmplitudeLike)
    await tick()
    controller.pause()
    await client.init('key-b', QUIET).promise
    await controller.whenIdle()
    await tick()
    expect(recorder.log).toEqual([])
    expect(await registered(client)).toBeUndefined()
    controller.resume()
    await controller.whenIdle()
    expect(recorder.live).toBe(1)
  })

  it('notices that it was removed while it was set up', async () => {
    const client = amplitude.createInstance()
    await client.init('key-c', QUIET).promise
    const recorder = setUp(client as unknown as AmplitudeLike, { setup: 'manual' })
    await tick()
    await client.remove(controller.plugin.name).promise
    recorder.finishSetup()
    await controller.whenIdle()
    await tick()
    expect(recorder.live).toBe(0)
    expect(controller.getSnapshot()).toMatchObject({ status: 'paused', error: { code: 'EXTERNAL_DETACH' } })
    void controller.retry()
    await tick()
    recorder.finishSetup()
    expect((await controller.whenIdle()).status).toBe('recording')
  })

  it('pauses when the client is initialised again', async () => {
    const client = amplitude.createInstance()
    await client.init('key-d', QUIET).promise
    const recorder = setUp(client as unknown as AmplitudeLike)
    await controller.whenIdle()
    await client.init('key-d', QUIET).promise
    expect(recorder.live).toBe(0)
    expect(controller.getSnapshot().reasons).toMatchObject([{ kind: 'external' }])
    expect((await controller.retry()).status).toBe('recording')
  })

  it('hears of opt-out and opt-in', async () => {
    const client = amplitude.createInstance()
    await client.init('key-e', QUIET).promise
    const recorder = setUp(client as unknown as AmplitudeLike)
    await controller.whenIdle()
    client.setOptOut(true)
    expect(recorder.live).toBe(0)
    client.setOptOut(false)
    await controller.whenIdle()
    expect(recorder.live).toBe(1)
  })

  it.each([
    ['by hand', { pauseWhenHidden: false }],
    ['while hidden, in the SDK', { pauseWhenHidden: true }],
  ])('stays paused through a reset: %s', async (_name, options) => {
    const client = amplitude.createInstance()
    await client.init('key-f', QUIET).promise
    const recorder = setUp(client as unknown as AmplitudeLike, {}, options)
    await controller.whenIdle()
    const before = client.getDeviceId()
    const hide = (hidden: boolean): void => {
      Object.defineProperty(document, 'visibilityState', {
        value: hidden ? 'hidden' : 'visible',
        configurable: true,
      })
      document.dispatchEvent(new Event('visibilitychange'))
    }
    onTestFinished(() => void Reflect.deleteProperty(document, 'visibilityState'))
    if (options.pauseWhenHidden) hide(true)
    else controller.pause()
    expect(recorder.live).toBe(0)
    client.reset()
    expect(client.getDeviceId()).not.toBe(before)
    expect((await controller.whenIdle()).status).toBe('paused')
    expect(recorder.live).toBe(0)
    if (options.pauseWhenHidden) hide(false)
    else controller.resume()
    expect((await controller.whenIdle()).status).toBe('recording')
    expect(recorder.live).toBe(1)
  })
})

describe('with an API key alone', () => {
  /** The properties that an analytics event ends with. */
  const tagged = async (): Promise<unknown> => {
    const seen = new Promise<unknown>((resolve) => {
      amplitude.add({
        name: 'spy',
        type: 'enrichment',
        execute: async (event) => {
          resolve(event.event_properties)
          return event
        },
      })
    })
    amplitude.track('asked')
    const properties = await seen
    await amplitude.remove('spy').promise
    return properties
  }

  it('initialises the default instance, with analytics running on denied pages too', async () => {
    history.replaceState(null, '', '/secret')
    const options = { apiKey: 'key-f', analytics: QUIET, routes: { deny: '/secret' } }
    const recorder = setUp(undefined, {}, options)
    await tick()
    await expect.poll(() => amplitude.getSessionId()).toBeGreaterThan(0)
    expect(recorder.log).toEqual([])
    expect(await tagged()).toBeUndefined()
    const page = document.createElement('p')
    page.textContent = 'restricted'
    document.body.replaceChildren(page)
    history.pushState(null, '', '/home')
    page.remove()
    document.body.append('home')
    expect((await controller.whenIdle()).status).toBe('recording')
    expect(await tagged()).toHaveProperty('[Amplitude] Session Replay ID')
  })
})
