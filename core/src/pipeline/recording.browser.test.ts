import { expect, it, vi } from 'vitest'
import { joinSettings } from '../config/join.ts'
import type { RemoteSettings } from '../config/parse-remote.ts'
import { resolveOptions } from '../config/resolve-options.ts'
import { EventType, type ReplayEvent } from '../types.ts'
import { followLocation } from './page-location.ts'
import { type RecordingDeps, startRecording } from './recording.ts'

vi.mock('../capture/console.ts', () => ({
  startConsoleCapture() {
    throw new TypeError('console is not what it was')
  },
}))

function record(logging: object, more: Partial<RecordingDeps> = {}) {
  const events: ReplayEvent[] = []
  const said: string[] = []
  const options = resolveOptions({}, () => {})
  const report = (error: Error) => void said.push(error.message)
  const interaction = { enabled: true, batch: false, trackEveryMs: 30_000, ugcFilterRules: [] }
  const recording = startRecording({
    identity: { deviceId: 'device', sessionId: 1 },
    settings: joinSettings(options, {
      minSessionDurationMs: 0,
      logging,
      interaction,
    } as unknown as RemoteSettings),
    metadata: {},
    options,
    location: followLocation(options, report),
    ownUrls: () => [],
    maskLevel: null,
    add: (event) => events.push(event),
    report,
    ...more,
  })
  return { recording, events, said }
}

it('starts nothing whose code comes after the stop', async () => {
  const { recording, events, said } = record({ network: { enabled: true } })
  recording.stop()
  const { fetch } = window
  events.length = 0
  await Promise.all([import('../capture/network.ts'), import('../capture/interactions.ts')])
  // The recording waits for the same code, and its turn is in this task.
  await new Promise((resolve) => setTimeout(resolve))
  document.body.click()
  recording.leave()
  expect(window.fetch).toBe(fetch)
  expect(events).toEqual([])
  expect(said).toEqual([])
})

it('records requests though the console cannot be recorded, and says which', async () => {
  const { fetch } = window
  const { recording, events, said } = record({
    console: { enabled: true, levels: ['log'] },
    network: { enabled: true },
  })
  await vi.waitFor(() => expect(window.fetch).not.toBe(fetch))
  await window.fetch(location.href)
  await vi.waitFor(() => expect(JSON.stringify(events)).toContain('fetch-request'))
  expect(said).toEqual(['Session Replay: the console cannot be recorded.'])
  recording.stop()
  expect(window.fetch).toBe(fetch)
})

it('says that it broke off when its snapshot cannot be taken over', async () => {
  const onFatal = vi.fn()
  const add = ({ type }: ReplayEvent) => {
    if (type === EventType.FullSnapshot) throw new Error('no')
  }
  const { recording } = record({}, { add, onFatal })
  await vi.waitFor(() => expect(onFatal).toHaveBeenCalledOnce())
  recording.stop()
})
