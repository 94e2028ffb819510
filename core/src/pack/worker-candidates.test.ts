import { afterEach, expect, it, vi } from 'vitest'

vi.mock('./blob-worker-source.ts', () => ({ blobWorkerSource: 'onmessage = () => {}' }))

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

it('asks a page that forbids our policy once, not for each way to get a worker', async () => {
  const createPolicy = vi.fn(() => {
    throw new TypeError('Policy "session-replay-kit" disallowed.')
  })
  vi.stubGlobal('trustedTypes', { createPolicy })
  vi.stubGlobal('Worker', class {})
  const { workerCandidates } = await import('./worker-candidates.ts')
  for (const { start } of workerCandidates('/worker.js')) {
    await expect(async () => start()).rejects.toThrow('disallowed')
  }
  // Each refusal is reported to the site.
  expect(createPolicy).toHaveBeenCalledOnce()
})
