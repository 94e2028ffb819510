import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { pipelineDeps } from '../test/support/pipeline-deps.ts'
import { joinSettings } from './config/join.ts'
import type { StandaloneOptions } from './config/options.ts'
import type { RemoteSettings } from './config/parse-remote.ts'
import { resolveOptions } from './config/resolve-options.ts'
import { createPipeline, type Pipeline, type PipelineDeps } from './pipeline.ts'
import type { TransportRequest } from './types.ts'

const sent: string[] = []
let pipeline: Pipeline

beforeEach(() => {
  document.body.innerHTML = '<p>public</p>'
  sent.length = 0
  localStorage.clear()
})

afterEach(() => pipeline.rest())

function record(options: StandaloneOptions = {}, more: Partial<PipelineDeps> = {}): void {
  const resolved = resolveOptions(
    {
      ...options,
      storeType: 'memory',
      useWebWorker: false,
      enableTransportCompression: false,
      handleSendEvents: async ({ body }: TransportRequest) => {
        sent.push(typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array))
        return { status: 200 }
      },
    } as StandaloneOptions,
    () => {},
  )
  pipeline = createPipeline({ ...pipelineDeps(resolved), ...more })
  const remote = {
    minSessionDurationMs: more.minimum?.().minSessionDurationMs ?? 0,
    interaction: { enabled: true, batch: true, trackEveryMs: 60_000, ugcFilterRules: [] },
  } as unknown as RemoteSettings
  pipeline.start({
    identity: { deviceId: 'device', sessionId: 1 },
    settings: joinSettings(resolved, remote),
    maskLevel: 'medium',
  })
}

it.each([true, false])('takes back what came last right after the stop (idle work: %s)', async (idle) => {
  record({ performanceConfig: { enabled: idle } })
  await pipeline.flush()
  await vi.waitFor(() => expect(sent.join()).toContain('public'))
  document.body.insertAdjacentHTML('beforeend', '<p>private</p>')
  // What changes in the task of the stop is not told at all.
  await new Promise((resolve) => setTimeout(resolve))
  pipeline.stop('pause')
  pipeline.discardRecent(10_000)
  await pipeline.flush()
  expect(sent.join()).not.toContain('private')
})

it('takes back the clicks that wait to be told together', async () => {
  record()
  await pipeline.flush()
  const button = document.createElement('button')
  document.body.append(button)
  // The code for clicks is a chunk of its own; what it has summed up is told when the page is left.
  await vi.waitFor(async () => {
    button.click()
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
    expect(sent.join()).toContain('"type":"click"')
  })
  window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
  await pipeline.flush()
  sent.length = 0
  button.click()
  pipeline.stop('pause')
  pipeline.discardRecent(10_000)
  await pipeline.flush()
  expect(sent.join()).not.toContain('"type":"click"')
})

it('sends at rest what memory alone has, as soon as its session is long enough', async () => {
  record({}, { minimum: () => ({ minSessionDurationMs: 500, currentSessionId: 1 }) })
  await pipeline.flush()
  expect(sent).toEqual([])
  await pipeline.rest()
  expect(sent.join()).toContain('public')
})

it('does not record any more when the recording broke off', async () => {
  const onFailed = vi.fn()
  vi.spyOn(document, 'createDocumentFragment').mockImplementation(() => {
    throw new Error('no selector can be checked')
  })
  record({}, { onFailed })
  vi.restoreAllMocks()
  await vi.waitFor(() => expect(onFailed).toHaveBeenCalledOnce())
  expect(pipeline.isRecording()).toBe(false)
})
