import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EffectiveSettings } from './config/join.ts'
import { resolveOptions } from './config/resolve-options.ts'
import type { Pipeline, PipelineDeps } from './pipeline.ts'
import type { Recorder } from './recorder/types.ts'
import { createRecorder } from './recorder.ts'

afterEach(() => vi.unstubAllGlobals())

const IDS = { deviceId: 'device', sessionId: 1_700_000_000_000 }

const RECORD_ALL = { sr_sampling_config: { capture_enabled: true, sample_rate: 1 } }

/** A recorder over a pipeline that only writes down what is asked of it. */
function setUp(config: Record<string, unknown> = RECORD_ALL, chunk?: Promise<void>, answer?: Promise<void>) {
  const calls: string[] = []
  const levels: unknown[] = []
  let optedOut = false
  let recording = false
  let isUnserved = false
  let loads = 0
  let deps: PipelineDeps | undefined
  const note = (name: string) => (): Promise<void> => {
    calls.push(name)
    return Promise.resolve()
  }
  const pipeline = {
    start({ settings }: { settings: EffectiveSettings }) {
      recording = true
      levels.push(settings.privacy.remote?.defaultMaskLevel)
      calls.push('start')
    },
    stop() {
      if (recording) calls.push('stop')
      recording = false
    },
    isRecording: () => recording,
    maskLevel: () => null,
    adopt: note('adopt'),
    discard: note('discard'),
    discardRecent: note('discardRecent'),
    rest: note('rest'),
    wake() {},
    status: () => null,
  } as unknown as Pipeline
  const body = { configs: { sessionReplay: config } }
  const handleFetchConfig = async () => {
    calls.push('asked')
    await answer
    return { status: 200, text: async () => JSON.stringify(body) }
  }
  const recorder: Recorder = createRecorder({
    apiKey: 'KEY',
    options: resolveOptions({ sampleRate: 1, handleFetchConfig }, () => {}),
    library: { type: 'plugin', version: '1' },
    isOptedOut: () => optedOut,
    debug() {},
    report: () => {},
    async loadPipeline(given) {
      deps = given
      loads += 1
      await chunk
      if (isUnserved) throw new TypeError('Failed to fetch')
      return pipeline
    },
    preloadPipeline: note('preload'),
  })
  return {
    recorder,
    calls,
    levels,
    mayUpload: () => deps?.mayUpload(),
    loads: () => loads,
    breakOff() {
      recording = false
      deps?.onFailed()
    },
    optOut(next: boolean) {
      optedOut = next
    },
    serve(isServed: boolean) {
      isUnserved = !isServed
    },
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

it('lets the pipeline rest when its owner is gone', async () => {
  const { recorder, calls } = setUp()
  await recorder.prepare(IDS)
  recorder.start()
  await settled()
  await recorder.rest()
  expect(calls).toEqual(['asked', 'adopt', 'start', 'stop', 'rest'])
})

it('goes on in the same pipeline when it is wanted again before that', async () => {
  const { recorder, calls } = setUp()
  await recorder.prepare(IDS)
  recorder.start()
  await settled()
  const resting = recorder.rest()
  await recorder.prepare(IDS)
  recorder.start()
  await resting
  expect(recorder.status.get().recording).toBe(true)
  expect(calls.at(-1)).toBe('start')
})

it('takes another session over at rest, and asks the server no sooner than it is wanted again', async () => {
  const { recorder, calls } = setUp()
  await recorder.prepare(IDS)
  recorder.start()
  await settled()
  await recorder.rest()
  calls.length = 0
  await recorder.setIds({ sessionId: 2 })
  expect(recorder.sessionId()).toBe(2)
  expect(calls).toEqual([])
  await recorder.prepare({})
  expect(calls).toEqual(['asked'])
})

it('forgets what was not sent when the user opts out', async () => {
  const { recorder, calls, optOut } = setUp()
  await recorder.prepare(IDS)
  recorder.start()
  await settled()
  optOut(true)
  recorder.optOutChanged()
  expect(calls.slice(-2)).toEqual(['stop', 'discard'])
})

it('notices at the next upload that the user has opted out without a word', async () => {
  const { recorder, calls, optOut, mayUpload } = setUp()
  await recorder.prepare(IDS)
  recorder.start()
  await settled()
  optOut(true)
  expect(mayUpload()).toBe(false)
  await settled()
  expect(calls.slice(-2)).toEqual(['stop', 'discard'])
  mayUpload()
  await settled()
  expect(calls.filter((name) => name === 'discard')).toHaveLength(1)
})

it('notices the same while the pipeline is ending, and hears of the way back', async () => {
  const { recorder, calls, optOut, mayUpload } = setUp()
  await recorder.prepare(IDS)
  recorder.start()
  await settled()
  void recorder.rest()
  for (const [isOut, discards] of [
    [true, 1],
    [false, 1],
    [true, 2],
  ] as const) {
    optOut(isOut)
    expect(mayUpload()).toBe(!isOut)
    await settled()
    expect(calls.filter((name) => name === 'discard')).toHaveLength(discards)
  }
})

it('forgets what an earlier page left when it finds the user opted out', async () => {
  const names = ['session_replay_kit_unsent_KEY_other-tab']
  vi.stubGlobal('localStorage', { length: 1, key: (index: number) => names[index], getItem: () => null })
  const { recorder, calls, optOut } = setUp()
  optOut(true)
  await recorder.prepare(IDS)
  await settled()
  expect(calls).toContain('discard')
  expect(calls).not.toContain('adopt')
})

it('forgets what an earlier page left when consent is withdrawn before its own chunk is there', async () => {
  const names = ['session_replay_kit_unsent_KEY_other-tab']
  vi.stubGlobal('localStorage', { length: 1, key: (index: number) => names[index], getItem: () => null })
  let arrive = (): void => {}
  const { recorder, calls } = setUp(
    RECORD_ALL,
    new Promise((resolve) => {
      arrive = resolve
    }),
  )
  await recorder.prepare(IDS)
  recorder.setHolds(['consent'])
  recorder.forgetUnsent()
  arrive()
  await settled()
  expect(calls).toContain('discard')
  expect(calls).not.toContain('adopt')
})

function stubLastAnswer(config: Record<string, unknown>): void {
  const stored = { remoteConfig: { configs: { sessionReplay: config } }, lastFetch: new Date().toISOString() }
  vi.stubGlobal('localStorage', {
    length: 0,
    getItem: (name: string) => (name === 'AMP_remote_config_KEY' ? JSON.stringify(stored) : null),
    setItem() {},
  })
}

it('fetches its chunk while it asks the server, if the last answer would record the session', async () => {
  stubLastAnswer(RECORD_ALL)
  const { recorder, calls } = setUp()
  await recorder.prepare(IDS)
  expect(calls).toEqual(['preload', 'asked'])
  expect(recorder.status.get().recording).toBe(false)
})

it.each([
  ['switches capture off', { sr_sampling_config: { capture_enabled: false, sample_rate: 1 } }],
  ['has a rate of 0', { sr_sampling_config: { capture_enabled: true, sample_rate: 0 } }],
])('fetches no chunk early if the last answer %s', async (_, config) => {
  stubLastAnswer(config)
  const { recorder, calls } = setUp(config)
  await recorder.prepare(IDS)
  recorder.start()
  await recorder.begun()
  expect(calls).toEqual(['asked'])
})

it('says the level that it will hide by before its chunk is there', async () => {
  const { recorder } = setUp()
  recorder.setMaskLevel('conservative')
  expect(recorder.maskLevel()).toBe('conservative')
  recorder.setMaskLevel('light')
  expect(recorder.maskLevel()).toBe('medium')
})

it('says when recording has begun', async () => {
  const { recorder } = setUp()
  await recorder.prepare(IDS)
  recorder.start()
  await recorder.begun()
  expect(recorder.status.get().recording).toBe(true)
})

it('records a prerendered page as soon as it is shown', async () => {
  const page = Object.assign(new EventTarget(), { prerendering: true })
  vi.stubGlobal('document', page)
  const { recorder } = setUp()
  await recorder.prepare(IDS)
  recorder.start()
  await settled()
  expect(recorder.status.get()).toMatchObject({ recording: false, reason: 'held' })
  page.prerendering = false
  page.dispatchEvent(new Event('prerenderingchange'))
  await settled()
  expect(recorder.status.get().recording).toBe(true)
})

describe('an answer of the server that comes after recording began under the last one', () => {
  async function answerLate(config: Record<string, unknown>) {
    vi.useFakeTimers()
    stubLastAnswer(RECORD_ALL)
    let arrive = (): void => {}
    const answer = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const set = setUp(config, undefined, answer)
    const ready = set.recorder.prepare(IDS)
    await vi.advanceTimersByTimeAsync(1600)
    await ready
    set.recorder.start()
    await vi.advanceTimersByTimeAsync(0)
    expect(set.levels).toEqual([undefined])
    set.calls.length = 0
    arrive()
    await vi.advanceTimersByTimeAsync(2000)
    expect(set.recorder.status.get().recording).toBe(true)
    return set
  }
  afterEach(() => void vi.useRealTimers())

  it('is obeyed at once, and what it forbids is dropped', async () => {
    const { calls, levels } = await answerLate({
      ...RECORD_ALL,
      sr_privacy_config: { defaultMaskLevel: 'conservative' },
    })
    expect(levels).toEqual([undefined, 'conservative'])
    expect(calls).toEqual(['stop', 'discardRecent', 'start'])
  })

  it('drops nothing where it hides as much as before', async () => {
    const { calls } = await answerLate({
      sr_sampling_config: { ...RECORD_ALL.sr_sampling_config, min_session_duration_ms: 5000 },
    })
    expect(calls).toEqual(['stop', 'start'])
  })

  it('is asked for again after a pause', async () => {
    vi.useFakeTimers()
    stubLastAnswer(RECORD_ALL)
    const off = { sr_sampling_config: { capture_enabled: false } }
    let arrive = (): void => {}
    const answer = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const { recorder, calls } = setUp(off, undefined, answer)
    const ready = recorder.prepare(IDS)
    await vi.advanceTimersByTimeAsync(1600)
    await ready
    recorder.start()
    await vi.advanceTimersByTimeAsync(0)
    expect(recorder.status.get().recording).toBe(true)
    await recorder.rest()
    arrive()
    calls.length = 0
    await recorder.prepare(IDS)
    recorder.start()
    await vi.advanceTimersByTimeAsync(0)
    expect(calls).toContain('asked')
    expect(recorder.status.get()).toMatchObject({ recording: false, reason: 'capture-disabled' })
  })

  it('interrupts nothing where it says the same', async () => {
    const { calls } = await answerLate(RECORD_ALL)
    expect(calls).toEqual([])
  })
})

it('says so when recording broke off, tags nothing, and tries again at the next start', async () => {
  const { recorder, calls, breakOff } = setUp()
  await recorder.prepare(IDS)
  recorder.start()
  await settled()
  expect(recorder.properties()).not.toEqual({})
  breakOff()
  await settled()
  expect(recorder.status.get()).toMatchObject({ recording: false, reason: 'failed' })
  expect(recorder.properties()).toEqual({})
  expect(calls.filter((name) => name === 'start')).toHaveLength(1)
  recorder.start()
  expect(recorder.status.get()).toMatchObject({ recording: true, reason: null })
})

describe('a recorder whose chunk cannot be loaded', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  async function setUpWithoutChunk() {
    const set = setUp()
    set.serve(false)
    await set.recorder.prepare(IDS)
    set.recorder.start()
    await vi.advanceTimersByTimeAsync(0)
    return set
  }

  it('says so, and tags no event with a replay that does not exist', async () => {
    const { recorder } = await setUpWithoutChunk()
    expect(recorder.status.get()).toMatchObject({ recording: false, reason: 'failed' })
    expect(recorder.properties()).toEqual({})
    expect(recorder.explain().sentence).toBe('not recorded: the recorder could not be loaded')
  })

  it('asks for it again, ever more rarely, until it is there', async () => {
    const { recorder, loads, serve } = await setUpWithoutChunk()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(loads()).toBe(4)
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(loads()).toBeLessThan(70)
    serve(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(recorder.status.get()).toMatchObject({ recording: true, reason: null })
    expect(recorder.properties()).not.toEqual({})
    expect(vi.getTimerCount()).toBe(0)
  })

  it('asks no more while recording is paused, and at once when it goes on', async () => {
    const { recorder, loads, serve } = await setUpWithoutChunk()
    recorder.setHolds(['route /checkout'])
    await vi.advanceTimersByTimeAsync(60_000)
    expect([loads(), vi.getTimerCount()]).toEqual([1, 0])
    serve(true)
    recorder.setHolds([])
    await vi.advanceTimersByTimeAsync(0)
    expect(recorder.status.get().recording).toBe(true)
  })

  it('has no timer at rest, unless something is to be forgotten', async () => {
    const { recorder, calls, serve, optOut } = await setUpWithoutChunk()
    const rested = recorder.rest()
    await rested
    expect(vi.getTimerCount()).toBe(0)
    vi.stubGlobal('localStorage', { length: 1, key: () => 'session_replay_kit_unsent_KEY_tab' })
    optOut(true)
    recorder.optOutChanged()
    await vi.advanceTimersByTimeAsync(0)
    serve(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(calls).toContain('discard')
  })
})
