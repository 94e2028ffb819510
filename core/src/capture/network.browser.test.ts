import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Stop } from '../types.ts'
import { type NetworkDeps, type NetworkEntry, startNetworkCapture } from './network.ts'

const nativeFetch = window.fetch
const nativeXhr = { ...Object.getOwnPropertyDescriptors(XMLHttpRequest.prototype) }
let told: NetworkEntry[] = []
let stop: Stop = () => {}
let answer: () => Promise<Response> = async () => new Response('')
const fakeFetch = vi.fn((..._args: Parameters<typeof fetch>) => answer())

function start(overrides: Partial<NetworkDeps> = {}): void {
  stop = startNetworkCapture({
    emit: (entry) => told.push(entry),
    sanitizeUrl: (url) => url.replace(/\?.*/, '?clean'),
    isSecretName: (name) => /password/i.test(name),
    bodies: { request: null, response: null, maxBodySizeBytes: 10_240 },
    ownUrls: () => ['https://api-sr.amplitude.com/'],
    report: (error) => {
      throw error
    },
    ...overrides,
  })
}

const everything = { allowlist: [], excludelist: [] }
const entry = () => vi.waitFor(() => (told[0] ? told[0] : Promise.reject(new Error('no entry yet'))))

beforeEach(() => {
  told = []
  fakeFetch.mockClear()
  answer = async () => new Response('')
  window.fetch = fakeFetch
})

afterEach(() => {
  stop()
  window.fetch = nativeFetch
})

describe('fetch', () => {
  it('is recorded without bodies by default, with secrets and addresses cleaned', async () => {
    answer = async () =>
      new Response('{"a":1}', {
        status: 201,
        headers: {
          'content-type': 'application/json',
          'x-next': 'https://shop.test/?q=1',
          'x-auth-token': 't',
        },
      })
    start()
    await fetch('https://shop.test/api?token=1', {
      method: 'post',
      body: '{"b":2}',
      headers: { Authorization: 'Bearer x', Cookie: 'c', 'X-Api-Key': 'k', 'X-Plain': 'seen' },
    })
    expect(await entry()).toEqual({
      timestamp: expect.any(Number),
      type: 'fetch',
      method: 'POST',
      url: 'https://shop.test/api?clean',
      requestHeaders: {
        authorization: '***',
        cookie: '***',
        'x-api-key': '***',
        'x-plain': 'seen',
      },
      status: 201,
      duration: expect.any(Number),
      responseHeaders: {
        'content-type': 'application/json',
        'x-auth-token': '***',
        'x-next': 'https://shop.test/?clean',
      },
    })
  })

  it('understands Request objects, URL objects and relative addresses', async () => {
    start()
    await fetch(new Request('https://shop.test/a', { method: 'PUT', headers: { 'x-a': '1' } }))
    await fetch(new URL('https://shop.test/b'))
    await fetch('/c')
    expect(told.map(({ method, url }) => [method, url])).toEqual([
      ['PUT', 'https://shop.test/a'],
      ['GET', 'https://shop.test/b'],
      ['GET', `${location.origin}/c`],
    ])
    expect(told[0]?.requestHeaders).toEqual({ 'x-a': '1' })
  })

  it('is recorded with bodies if there are rules for them, and the page reads its answer as before', async () => {
    answer = async () => new Response('{"keep":"answer","drop":"private"}')
    start({
      bodies: {
        request: everything,
        response: { allowlist: ['keep'], excludelist: [] },
        maxBodySizeBytes: 10_240,
      },
    })
    const response = await fetch('https://shop.test/', { method: 'POST', body: 'q=1&password=2' })
    expect(await response.text()).toBe('{"keep":"answer","drop":"private"}')
    expect(await entry()).toMatchObject({
      requestBody: 'q=1&password=***',
      responseBody: '{"keep":"answer"}',
      responseBodyStatus: 'captured',
    })
  })

  it('skips bodies that are not text', async () => {
    answer = async () => new Response('x', { headers: { 'content-type': 'image/png' } })
    start({ bodies: { request: null, response: everything, maxBodySizeBytes: 10 } })
    await fetch('https://shop.test/')
    expect(await entry()).toMatchObject({ responseBodyStatus: 'skipped_binary' })
    expect(told[0]).not.toHaveProperty('responseBody')
  })

  it('fails for the page as before, and is recorded with the error', async () => {
    const failure = new TypeError('Failed to fetch')
    answer = () => Promise.reject(failure)
    start()
    await expect(fetch('https://shop.test/')).rejects.toBe(failure)
    expect(await entry()).toMatchObject({ error: { name: 'TypeError', message: 'Failed to fetch' } })
    expect(told[0]).not.toHaveProperty('status')
  })

  it('leaves a failure that the page does not handle unhandled', async () => {
    const failure = new TypeError('nobody cares')
    answer = () => Promise.reject(failure)
    start()
    const unhandled = new Promise<unknown>((resolve) =>
      window.addEventListener(
        'unhandledrejection',
        (event) => {
          event.preventDefault()
          event.stopImmediatePropagation()
          resolve(event.reason)
        },
        { once: true, capture: true },
      ),
    )
    fetch('https://shop.test/')
    expect(await unhandled).toBe(failure)
  })

  it('does not record the requests of the kit itself', async () => {
    start()
    await fetch('https://api-sr.amplitude.com/sessions/v2/track')
    await fetch('https://shop.test/')
    expect(told.map(({ url }) => url)).toEqual(['https://shop.test/'])
  })

  it('works with arguments that cannot be understood', async () => {
    const problems: unknown[] = []
    start({ report: (error) => problems.push(error) })
    await fetch('http://[broken')
    expect(fakeFetch).toHaveBeenCalledOnce()
    expect(problems).toHaveLength(1)
    expect(told).toEqual([])
  })

  it('leaves a one-way list of headers to the page', async () => {
    start()
    function* headers(): Generator<[string, string]> {
      yield ['x-a', '1']
    }
    await fetch('https://shop.test/', { headers: headers() as unknown as HeadersInit })
    const [, init] = fakeFetch.mock.calls[0] ?? []
    expect([...new Headers(init?.headers)]).toEqual([['x-a', '1']])
  })
})

describe('XMLHttpRequest', () => {
  const send = (open: (xhr: XMLHttpRequest) => void, body?: string): Promise<XMLHttpRequest> =>
    new Promise((resolve) => {
      const xhr = new XMLHttpRequest()
      open(xhr)
      xhr.addEventListener('loadend', () => resolve(xhr))
      xhr.send(body)
    })

  it('is recorded', async () => {
    start({ bodies: { request: everything, response: everything, maxBodySizeBytes: 10 } })
    const xhr = await send((one) => {
      one.open('post', 'data:text/plain,hello-from-data')
      one.setRequestHeader('Authorization', 'Bearer x')
    }, 'sent')
    expect(xhr.responseText).toBe('hello-from-data')
    expect(await entry()).toMatchObject({
      type: 'xhr',
      method: 'POST',
      requestHeaders: { Authorization: '***' },
      requestBody: 'sent',
      status: 200,
      responseBody: 'hello-from',
      responseBodyStatus: 'truncated',
    })
  })

  it('is recorded when it fails', async () => {
    start()
    await send((xhr) => xhr.open('GET', 'blob:null/nothing'))
    expect(await entry()).toMatchObject({ type: 'xhr', error: { name: 'NetworkError', message: 'error' } })
  })
})

describe('stop', () => {
  it('restores everything and records nothing that is still under way', async () => {
    let finish: (response: Response) => void = () => {}
    answer = () =>
      new Promise((resolve) => {
        finish = resolve
      })
    start()
    const running = fetch('https://shop.test/')
    stop()
    expect(window.fetch).toBe(fakeFetch)
    const xhr = Object.getOwnPropertyDescriptors(XMLHttpRequest.prototype)
    for (const name of ['open', 'send', 'setRequestHeader'] as const)
      expect(xhr[name].value).toBe(nativeXhr[name].value)
    finish(new Response('late'))
    await running
    expect(told).toEqual([])
  })

  it('lets a wrapper of the page stay', async () => {
    start()
    const covered = window.fetch
    const wrapper: typeof fetch = (...args) => covered(...args)
    window.fetch = wrapper
    stop()
    expect(window.fetch).toBe(wrapper)
    await fetch('https://shop.test/')
    expect(fakeFetch).toHaveBeenCalledOnce()
    expect(told).toEqual([])
  })
})
