import { afterEach, describe, expect, it } from 'vitest'
import type { ReplayError } from '../errors.ts'
import type { BatchChunk, ReplayEvent } from '../types.ts'
import { blobWorkerSource } from './blob-worker-source.ts'
import type { createPacker as CreatePacker, Packer, PackerDeps } from './packer.ts'
import { createPacker } from './packer.ts'
import { type WorkerCandidate, workerCandidates } from './worker-candidates.ts'

const META = {
  identity: { deviceId: 'device', sessionId: 1 },
  channel: 'replay' as const,
  pageUrl: 'https://example.com/',
  sampleRate: 1,
}

const move = (timestamp: number, payload: unknown = 'ä😀'): ReplayEvent => ({
  type: 3,
  timestamp,
  data: { source: 1, payload },
})

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)

const started: Packer[] = []
afterEach(() => {
  for (const packer of started.splice(0)) packer.stop()
})

function collect(deps: Partial<PackerDeps> = {}, create: typeof CreatePacker = createPacker) {
  const batches = new Map<number, BatchChunk[]>()
  const problems: ReplayError[] = []
  const packer = create({
    tabId: 'tab',
    settings: {
      idle: true,
      idleTimeoutMs: 200,
      useWebWorker: true,
      minIntervalMs: 1000,
      maxIntervalMs: 10_000,
      maxBatchBytes: 2_000_000,
      maxCompressedBytes: 50_000,
      maxEventBytes: 9_000_000,
      eagerFullSnapshotSend: 'first',
      mergeMutations: true,
      durableWithinMs: 1000,
      holdBackMs: 0,
    },
    onChunk(header, chunk) {
      const chunks = batches.get(header.sequence) ?? []
      batches.set(header.sequence, chunks)
      expect(chunk.index).toBe(chunks.length)
      chunks.push(chunk)
    },
    onDrop() {},
    report: (problem) => problems.push(problem),
    ...deps,
  })
  started.push(packer)
  return {
    packer,
    problems,
    /** Unpacked by the browser itself, in the order of the batches. */
    async timestamps(): Promise<number[]> {
      const found: number[] = []
      for (const chunks of batches.values()) {
        expect(chunks.at(-1)?.closed).toBe(true)
        const body = new Blob(chunks.map(({ bytes }) => bytes as Uint8Array<ArrayBuffer>))
        const text = await new Response(body.stream().pipeThrough(new DecompressionStream('gzip'))).text()
        for (const element of JSON.parse(text).events) found.push(JSON.parse(element).timestamp)
      }
      return found
    },
  }
}

/** Adds events over some time, then closes. The second one comes when `heard` resolves. */
async function work(tab: ReturnType<typeof collect>, heard?: Promise<unknown>, events = 200): Promise<void> {
  for (let at = 1; at <= events; at++) {
    if (at === 2) await heard
    tab.packer.add(move(at), META)
    if (at % 50 === 0) await new Promise(requestAnimationFrame)
    if (at === 100) await tab.packer.close('flush')
  }
  await tab.packer.close('flush')
}

/** `heard` resolves with the first sign of life: until then the main thread may stand in, if this machine is slow. */
interface HeardCandidate extends WorkerCandidate {
  readonly heard: Promise<unknown>
}

function hearing(kind: 'file' | 'blob', start: () => Worker): HeardCandidate {
  let tell: (event: Event) => void
  const heard = new Promise((resolve) => {
    tell = resolve
  })
  return {
    kind,
    heard,
    start() {
      const worker = start()
      worker.addEventListener('message', tell)
      worker.addEventListener('error', tell)
      return worker
    },
  }
}

const fromText = (source: string, kind: 'file' | 'blob' = 'file'): HeardCandidate =>
  hearing(kind, () => new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))))

describe('a real worker', () => {
  it('from its file packs everything in order', async () => {
    const [file] = workerCandidates(undefined)
    const candidate = hearing('file', () => file?.start() as Worker)
    const tab = collect({ candidates: [candidate] })
    await work(tab, candidate.heard)
    expect(await tab.timestamps()).toEqual(upTo(200))
    expect(tab.packer.status().worker).toBe('file')
    expect(tab.problems).toEqual([])
  })

  it('from the text that the build carries does the same', async () => {
    const candidate = fromText(blobWorkerSource ?? 'missing', 'blob')
    const tab = collect({ candidates: [candidate] })
    await work(tab, candidate.heard)
    expect(await tab.timestamps()).toEqual(upTo(200))
    expect(tab.packer.status().worker).toBe('blob')
  })

  it('is overtaken by an exit: what it has not packed yet is packed at once', async () => {
    const tab = collect()
    tab.packer.add(move(1), META)
    await tab.packer.close('flush')
    for (let at = 2; at <= 100; at++) tab.packer.add(move(at), META)
    const closed = tab.packer.close('flush')
    tab.packer.add(move(101, 'x'.repeat(100_000)), META)
    tab.packer.closeSync('exit')
    expect(await tab.timestamps()).toEqual(upTo(101))
    await closed
    tab.packer.add(move(102), META)
    await tab.packer.close('flush')
    expect(await tab.timestamps()).toEqual(upTo(102))
  })
})

describe('a real worker that breaks', () => {
  // Each serves a while as the real one, then goes its own way.
  const broken: Record<string, string> = {
    'is silent': `postMessage({ kind: 'ready' }); onmessage = () => {}`,
    'falls silent later': `${blobWorkerSource}; const real = onmessage; let n = 0; onmessage = (e) => { if (n++ < 3) real(e) }`,
    'closes itself': `${blobWorkerSource}; const real = onmessage; let n = 0; onmessage = (e) => { n++ < 3 ? real(e) : close() }`,
    'throws outside of packing': `${blobWorkerSource}; const real = onmessage; let n = 0; onmessage = (e) => { if (n++ < 3) real(e); else throw new Error('broken') }`,
    'throws while packing': `${blobWorkerSource}; TextEncoder.prototype.encode = () => { throw new Error('broken') }`,
    'has a syntax error': 'not javascript',
  }
  it.each(Object.entries(broken))(
    '%s: nothing is lost or doubled',
    { timeout: 30_000 },
    async (_, source) => {
      const pageErrors: string[] = []
      const listen = (event: ErrorEvent) => pageErrors.push(event.message)
      window.addEventListener('error', listen)
      const candidate = fromText(source)
      const tab = collect({ candidates: [candidate] })
      await work(tab, candidate.heard)
      window.removeEventListener('error', listen)
      expect(await tab.timestamps()).toEqual(upTo(200))
      expect(tab.packer.status().worker).toBe('main')
      expect(tab.problems.map(({ code }) => code)).toEqual(['WORKER_FAILED'])
      expect(pageErrors).toEqual([])
    },
  )

  it('has no file there: the blob takes over', async () => {
    const missing: WorkerCandidate = { kind: 'file', start: () => new Worker('/no/such/worker.js') }
    const tab = collect({ candidates: [missing, fromText(blobWorkerSource ?? '', 'blob')] })
    await work(tab)
    await expect.poll(() => tab.packer.status().worker, { timeout: 20_000 }).toBe('blob')
    expect(await tab.timestamps()).toEqual(upTo(200))
    expect(tab.problems).toEqual([])
  })
})

describe('under a Content-Security-Policy', () => {
  it.each([
    { policy: "worker-src 'self'", kind: 'file', codes: [] },
    { policy: 'worker-src blob:', kind: 'blob', codes: [] },
    { policy: "worker-src 'none'", kind: 'main', codes: ['WORKER_FAILED'] },
  ])('$policy packs in: $kind', { timeout: 30_000 }, async ({ policy, kind, codes }) => {
    const tab = collect({}, await createPackerUnder(policy))
    await work(tab)
    await expect.poll(() => tab.packer.status().worker, { timeout: 20_000 }).toBe(kind)
    expect(await tab.timestamps()).toEqual(upTo(200))
    expect(tab.problems.map(({ code }) => code)).toEqual(codes)
  })
})

/** `createPacker` of a frame whose document has this policy. */
async function createPackerUnder(policy: string): Promise<typeof CreatePacker> {
  const frame = document.createElement('iframe')
  const loaded = new Promise((resolve) => Object.assign(window, { packerLoaded: resolve }))
  // A page with an address of its own: in `srcdoc` Firefox takes `'self'` for nothing.
  frame.src = `/test/support/frames/policy.html?${new URLSearchParams({ policy })}`
  document.body.append(frame)
  return (await loaded) as typeof CreatePacker
}
