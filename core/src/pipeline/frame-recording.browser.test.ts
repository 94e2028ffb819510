import { afterEach, expect, it, vi } from 'vitest'
import { joinSettings } from '../config/join.ts'
import type { RemoteSettings } from '../config/parse-remote.ts'
import { resolveOptions } from '../config/resolve-options.ts'
import { startFrameRecording } from './frame-recording.ts'

const told: unknown[] = []
const OPTIONS = resolveOptions(
  { crossOriginIframes: { enabled: true, coordinateChildren: false, allowedOrigins: [location.origin] } },
  () => {},
)

afterEach(() => {
  vi.unstubAllGlobals()
  told.length = 0
  document.body.innerHTML = ''
})

/** Begins to record this page as a frame whose parent writes down what it is told. */
function startFrame() {
  vi.stubGlobal('parent', { postMessage: (message: unknown) => told.push(message) })
  return startFrameRecording({
    options: OPTIONS,
    settings: joinSettings(OPTIONS, { minSessionDurationMs: 0 } as RemoteSettings),
    maskLevel: null,
    href: () => location.href,
    report: (error) => {
      throw error
    },
  })
}

const recorded = (text: string) => vi.waitFor(() => expect(JSON.stringify(told)).toContain(text))

it('hides by the level that is in force when something is told', async () => {
  document.body.innerHTML = '<p>public</p>'
  const frame = startFrame()
  await recorded('public')
  frame.setMaskLevel('conservative')
  document.body.insertAdjacentHTML('beforeend', '<p>private</p><i class="end"></i>')
  await recorded('"end"')
  expect(JSON.stringify(told)).not.toContain('private')
  frame.stop()
})
