// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { pipelineDeps } from '../test/support/pipeline-deps.ts'
import { joinSettings } from './config/join.ts'
import type { RemoteSettings } from './config/parse-remote.ts'
import { resolveOptions } from './config/resolve-options.ts'
import type { ReplayError } from './errors.ts'
import { createPipeline, type Pipeline } from './pipeline.ts'

// A frame of another origin, seen from inside.

vi.mock('./pipeline/frame-recording.ts', () => {
  throw new TypeError('Failed to fetch')
})

const OPTIONS = resolveOptions({ crossOriginIframes: { enabled: true } }, () => {})
const problems: ReplayError[] = []
let pipeline: Pipeline

beforeEach(() => {
  const parent = {
    get document(): Document {
      throw new DOMException('', 'SecurityError')
    },
  }
  vi.stubGlobal('parent', parent)
  pipeline = createPipeline({
    ...pipelineDeps(OPTIONS),
    tellsInteractions: false,
    report: (error) => problems.push(error),
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
  problems.length = 0
})

it('says that a frame cannot be recorded when the code for it does not come', async () => {
  const settings = joinSettings(OPTIONS, { minSessionDurationMs: 0 } as RemoteSettings)
  pipeline.start({ identity: { deviceId: 'device', sessionId: 1 }, settings, maskLevel: 'medium' })
  await vi.waitFor(() => expect(problems.map(({ code }) => code)).toEqual(['CAPTURE_FAILED']))
  // The next decision tries again.
  expect(pipeline.isRecording()).toBe(false)
})
