import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import * as answers from '../../test/support/answers.ts'
import { type Collector, startCollector } from '../../test/support/collector.ts'
import { packed } from '../../test/support/upload-rig.ts'
import type { Transport } from '../types.ts'
import { pageClock } from './clock.ts'
import { attempt, describeRequest } from './request.ts'

let collector: Collector
beforeAll(async () => {
  collector = await startCollector()
})
afterAll(() => collector.close())
afterEach(() => vi.unstubAllGlobals())

function request(compress = true) {
  const batch = packed(['{"type":4,"timestamp":1,"data":{}}'])
  const destination = {
    apiKey: 'KEY',
    serverZone: 'US',
    trackServerUrl: collector.trackUrl,
    version: '0.1.0',
    library: { type: 'standalone', version: '0.1.0' },
  } as const
  const encoding = { compress, gunzip: (body: Uint8Array) => gunzipSync(body) }
  return { ...describeRequest(destination, batch.header, batch.body, encoding), keepalive: false }
}

const send = (timeoutMs = 10_000, transport?: Transport) =>
  attempt(request(), { timeoutMs, transport, clock: pageClock() })

describe('over real HTTP', () => {
  it('arrives as the protocol says', async () => {
    expect(await send()).toEqual({ kind: 'accepted' })
    const upload = collector.uploads.at(-1)
    expect(upload?.query).toEqual([
      ['device_id', 'device'],
      ['session_id', '1'],
      ['type', 'replay'],
    ])
    expect(upload?.headers).toMatchObject({ authorization: 'Bearer KEY', 'content-encoding': 'gzip' })
    expect(upload?.text).toBe('{"version":1,"events":["{\\"type\\":4,\\"timestamp\\":1,\\"data\\":{}}"]}')
  })

  it.each([
    ['200', answers.accept(), { kind: 'accepted' }],
    ['a skip code', answers.skip(429, { 'Retry-After': '2' }), { kind: 'throttled', pauseMs: 2_000 }],
    [
      '503 with Retry-After',
      answers.status(503, { 'Retry-After': '3' }),
      { kind: 'retry', status: 503, afterMs: 3_000 },
    ],
    ['HTML with 200', { ...answers.accept(), body: '<html>' }, { kind: 'accepted' }],
    ['an empty 204', answers.status(204), { kind: 'accepted' }],
    ['a proxy that says 413 in HTML', answers.status(413, {}, '<h1>413</h1>'), { kind: 'too-large' }],
    ['a reset connection', answers.reset(), { kind: 'unknown', reason: 'network' }],
    ['a reset after the server had it', answers.resetAfter(), { kind: 'unknown', reason: 'network' }],
    ['a 200 that is cut off', answers.truncate(), { kind: 'accepted' }],
  ])('%s', async (_, answer, expected) => {
    collector.script([answer])
    expect(await send()).toEqual(expected)
  })

  it('gives up a server that never answers', async () => {
    collector.script([answers.hang()])
    expect(await send(50)).toEqual({ kind: 'unknown', reason: 'timeout' })
  })

  it('takes the status of an answer whose body never ends, after the one timeout', async () => {
    collector.script([answers.stallBody()])
    const before = performance.now()
    expect(await send(200)).toEqual({ kind: 'accepted' })
    expect(performance.now() - before).toBeLessThan(2_000)
  })

  it('waits without end when the timeout is 0', async () => {
    collector.script([answers.after(100)])
    expect(await send(0)).toEqual({ kind: 'accepted' })
  })

  it('takes an unreachable server as lost', async () => {
    const gone = await startCollector()
    await gone.close()
    const outcome = await attempt(
      { ...request(), url: gone.trackUrl },
      { timeoutMs: 5_000, clock: pageClock() },
    )
    expect(outcome).toEqual({ kind: 'unknown', reason: 'network' })
  })
})

describe('hostile surroundings', () => {
  it.each<[string, unknown]>([
    [
      'throws',
      () => {
        throw new Error('wrapper broke')
      },
    ],
    ['returns nothing', () => undefined],
    ['rejects with nothing', () => Promise.reject()],
    ['answers without headers', async () => ({ status: 'odd' })],
  ])('survives a fetch that %s', async (_, fetch) => {
    vi.stubGlobal('fetch', fetch)
    expect(await send()).toEqual({ kind: 'unknown', reason: 'network' })
  })

  it('survives answers whose headers and body throw', async () => {
    const outcome = await send(1_000, async () => ({
      status: 200,
      headers: {
        get() {
          throw new Error('no headers')
        },
      },
      text: () => Promise.reject(new Error('locked')),
    }))
    expect(outcome).toEqual({ kind: 'accepted' })
  })

  it.each([
    ['a page', 'text/html; charset=utf-8', { kind: 'refused', status: 302 }],
    ['an intake at another address', 'application/json', { kind: 'accepted' }],
  ])('judges a redirect by its end: %s', async (_, type, expected) => {
    const headers = { get: (name: string) => (name === 'Content-Type' ? type : null) }
    const response = { status: 200, redirected: true, headers, text: async () => '' }
    expect(await send(1_000, async () => response)).toEqual(expected)
  })

  it('gives up a transport that ignores everything', async () => {
    expect(await send(20, () => new Promise(() => {}))).toEqual({ kind: 'unknown', reason: 'timeout' })
  })

  it('uses the fetch of the moment, so that wrappers of the host see the request', async () => {
    const original = globalThis.fetch
    const seen: string[] = []
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      seen.push(url)
      return original(url, init)
    })
    expect(await send()).toEqual({ kind: 'accepted' })
    expect(seen).toHaveLength(1)
  })

  it('uses XMLHttpRequest where fetch is missing', async () => {
    const requests: Record<string, unknown>[] = []
    class FakeXhr {
      status = 200
      onload?: () => void
      headers: Record<string, string> = {}
      open(method: string, url: string) {
        requests.push({ method, url, headers: this.headers })
      }
      setRequestHeader(name: string, value: string) {
        this.headers[name] = value
      }
      getResponseHeader = (name: string) => (name === 'Retry-After' ? '4' : '429')
      send() {
        queueMicrotask(() => this.onload?.())
      }
      abort() {}
    }
    vi.stubGlobal('fetch', undefined)
    vi.stubGlobal('XMLHttpRequest', FakeXhr)
    expect(await send()).toEqual({ kind: 'throttled', pauseMs: 4_000 })
    expect(requests[0]).toMatchObject({ method: 'POST', headers: { Authorization: 'Bearer KEY' } })
  })
})

describe('custom transport', () => {
  it('gets the whole request and only that', async () => {
    const calls: unknown[][] = []
    const transport: Transport = async (...args) => {
      calls.push(args)
      return { status: 200, text: async () => '' }
    }
    expect(await send(1_000, transport)).toEqual({ kind: 'accepted' })
    expect(calls).toEqual([[{ ...request(), signal: expect.any(AbortSignal) }]])
  })
})

it('a body that cannot be unpacked is sent as it is', () => {
  const broken = describeRequest(
    { apiKey: 'KEY', serverZone: 'US', version: '1', library: { type: 'standalone', version: '1' } },
    packed([]).header,
    new Uint8Array([1, 2, 3]),
    { compress: false, gunzip: (body) => gunzipSync(body) },
  )
  expect(broken.headers['Content-Encoding']).toBe('gzip')
  expect(broken.body).toEqual(new Uint8Array([1, 2, 3]))
})
