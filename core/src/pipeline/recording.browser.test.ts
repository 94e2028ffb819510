import { expect, it, vi } from 'vitest'
import { joinSettings } from '../config/join.ts'
import type { RemoteSettings } from '../config/parse-remote.ts'
import { resolveOptions } from '../config/resolve-options.ts'
import type { ReplayEvent } from '../types.ts'
import { followLocation } from './page-location.ts'
import { startRecording } from './recording.ts'

vi.mock('../capture/console.ts', () => ({
  startConsoleCapture() {
    throw new TypeError('console is not what it was')
  },
}))

it('records requests though the console can not be recorded, and says which', async () => {
  const events: ReplayEvent[] = []
  const said: string[] = []
  const options = resolveOptions({}, () => {})
  const logging = { console: { enabled: true, levels: ['log'] }, network: { enabled: true } }
  const report = (error: Error) => void said.push(error.message)
  const { fetch } = window
  const recording = startRecording({
    identity: { deviceId: 'device', sessionId: 1 },
    settings: joinSettings(options, { minSessionDurationMs: 0, logging } as RemoteSettings),
    sampleRate: 1,
    metadata: {},
    options,
    location: followLocation(options, report),
    ownUrls: () => [],
    maskLevel: null,
    add: (event) => events.push(event),
    report,
  })
  await vi.waitFor(() => expect(window.fetch).not.toBe(fetch))
  await window.fetch(location.href)
  await vi.waitFor(() => expect(JSON.stringify(events)).toContain('fetch-request'))
  expect(said).toEqual(['Session Replay: the console can not be recorded.'])
  recording.stop()
  expect(window.fetch).toBe(fetch)
})
