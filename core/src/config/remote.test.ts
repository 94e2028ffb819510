import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ReplayError } from '../errors.ts'
import type { ViolationTarget } from '../platform/policy.ts'
import type { TransportRequest, TransportResponse } from '../types.ts'
import { createRemoteConfig, type RemoteConfig, type RemoteConfigDeps } from './remote.ts'

const KEY = 'APIKEY1234567890'
const CACHE_KEY = 'AMP_remote_config_APIKEY1234'
const HOUR_MS = 3_600_000
const enabled = {
  configs: { sessionReplay: { sr_sampling_config: { capture_enabled: true, sample_rate: 0.5 } } },
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_764_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const json = (body: unknown, status = 200): TransportResponse => ({
  status,
  text: async () => (typeof body === 'string' ? body : JSON.stringify(body)),
})
const never = () => new Promise<TransportResponse>(() => {})
const after = (ms: number, response: TransportResponse) =>
  new Promise<TransportResponse>((resolve) => setTimeout(resolve, ms, response))
const broken = () => Promise.reject(new TypeError('Failed to fetch'))

/** A source whose server answers the n-th request with the n-th of `answers`, and then with the last one. */
function setUp(answers: (() => Promise<TransportResponse>)[], more: Partial<RemoteConfigDeps> = {}) {
  const requests: TransportRequest[] = []
  const times: number[] = []
  const stored = new Map<string, string>()
  const late: RemoteConfig[] = []
  const errors: ReplayError[] = []
  const source = createRemoteConfig({
    apiKey: KEY,
    serverZone: 'US',
    configServerUrl: undefined,
    handleFetchConfig: (request) => {
      requests.push(request)
      times.push(Date.now() - 1_764_000_000_000)
      return (answers[requests.length - 1] ?? (answers.at(-1) as () => Promise<TransportResponse>))()
    },
    storage: () => ({
      getItem: (name) => stored.get(name) ?? null,
      setItem: (name, value) => void stored.set(name, value),
    }),
    onLate: (config) => late.push(config),
    report: (error) => errors.push(error),
    random: () => 0.5,
    ...more,
  })
  const cacheFrom = (ageMs: number, remoteConfig: unknown = enabled) =>
    stored.set(
      CACHE_KEY,
      JSON.stringify({ remoteConfig, lastFetch: new Date(Date.now() - ageMs).toISOString() }),
    )
  /** Loads, and says how long that took. */
  const load = async () => {
    const startedAt = Date.now()
    let settledAt = Number.NaN
    const promise = source.load().then((config) => {
      settledAt = Date.now()
      return config
    })
    await vi.advanceTimersByTimeAsync(1600)
    return { config: await promise, tookMs: settledAt - startedAt }
  }
  return { source, load, requests, times, stored, late, errors, cacheFrom }
}

const cached = (stored: Map<string, string>) => JSON.parse(stored.get(CACHE_KEY) ?? 'null')

describe('the request', () => {
  it.each([
    ['US', undefined, `https://sr-client-cfg.amplitude.com/config/${KEY}?config_group=browser`],
    ['EU', undefined, `https://sr-client-cfg.eu.amplitude.com/config/${KEY}?config_group=browser`],
    ['EU', 'https://proxy.example/cfg', `https://proxy.example/cfg/${KEY}?config_group=browser`],
    ['US', '/cfg/', `/cfg/${KEY}?config_group=browser`],
  ] as const)('goes in zone %s with base %s to %s', async (serverZone, configServerUrl, url) => {
    const { load, requests } = setUp([async () => json(enabled)], { serverZone, configServerUrl })
    await load()
    expect(requests).toHaveLength(1)
    expect(requests[0]).toMatchObject({ url, method: 'GET', headers: { Accept: '*/*' } })
    expect(requests[0]?.body).toBeUndefined()
  })

  it('encodes the key', async () => {
    const { load, requests } = setUp([async () => json(enabled)], { apiKey: 'a/b c' })
    await load()
    expect(requests[0]?.url).toContain('/config/a%2Fb%20c?')
  })

  it('uses fetch with the Accept header alone when there is no transport', async () => {
    const fetched = vi.fn(async () => new Response(JSON.stringify(enabled)))
    vi.stubGlobal('fetch', fetched)
    const { load } = setUp([never], { handleFetchConfig: undefined })
    expect((await load()).config).toMatchObject({ usable: true, source: 'network', sampleRate: 0.5 })
    expect(fetched.mock.calls[0]).toEqual([
      `https://sr-client-cfg.amplitude.com/config/${KEY}?config_group=browser`,
      {
        headers: { Accept: '*/*' },
        signal: expect.any(AbortSignal),
        referrerPolicy: 'strict-origin',
      },
    ])
  })
})

describe('the answer in time', () => {
  it('is used at once and stored whole', async () => {
    const { load, stored } = setUp([async () => json(enabled)])
    const { config, tookMs } = await load()
    expect(config).toMatchObject({ usable: true, source: 'network', captureEnabled: true, sampleRate: 0.5 })
    expect(tookMs).toBe(0)
    expect(cached(stored)).toEqual({ remoteConfig: enabled, lastFetch: '2025-11-24T16:00:00.000Z' })
  })

  it('counts a transport that says ok, and one that offers json only', async () => {
    const answer = { ok: true, status: 0, json: async () => enabled } as unknown as TransportResponse
    expect((await setUp([async () => answer]).load()).config.usable).toBe(true)
  })

  it.each([
    ['nothing', {}],
    ['no namespaces', { configs: {} }],
    ['a namespace of another shape', { configs: { sessionReplay: 'on' } }],
  ])('with %s forbids recording, and is stored so that a later fall-back says so too', async (_, body) => {
    const { load, stored, cacheFrom, errors } = setUp([async () => json(body)])
    cacheFrom(HOUR_MS)
    expect((await load()).config).toMatchObject({ usable: false, reason: 'not-configured' })
    expect(cached(stored).remoteConfig).toEqual(body)
    expect(errors.map((error) => error.code)).toEqual(['REMOTE_CONFIG'])
  })
})

describe('the server out of reach', () => {
  it('gives up waiting after 1.5 s and uses the stored answer', async () => {
    const { load, cacheFrom } = setUp([never])
    cacheFrom(23 * HOUR_MS)
    const { config, tookMs } = await load()
    expect(config).toMatchObject({ usable: true, source: 'cache', sampleRate: 0.5 })
    expect(tookMs).toBe(1500)
  })

  it('forbids recording when nothing is stored', async () => {
    const { load, errors } = setUp([never])
    const { config, tookMs } = await load()
    expect(config).toMatchObject({ usable: false, reason: 'timeout' })
    expect(tookMs).toBe(1500)
    expect(errors[0]?.message).toContain('nothing is recorded')
  })

  it.each([
    ['older than a day', 24 * HOUR_MS + 1],
    ['from the future', -2 * HOUR_MS],
  ])('forbids recording when the stored answer is %s', async (_, ageMs) => {
    const { load, cacheFrom } = setUp([never])
    cacheFrom(ageMs)
    expect((await load()).config.usable).toBe(false)
  })

  it.each([
    ['three quick 500s', async () => json('oops', 500)],
    ['a blocked host', broken],
    ['429', async () => json('', 429)],
    ['an answer that is not JSON', async () => json('<html>')],
    ['JSON that is cut off', async () => json('{"configs":{"sess')],
    ['JSON that is no object', async () => json('[1]')],
    ['null', async () => json('null')],
    ['a redirect that was not followed', async () => json('', 304)],
    [
      'a transport that throws',
      () => {
        throw new Error('mine')
      },
    ],
    ['a transport that answers nothing', (async () => undefined) as never],
  ])('%s: three tries, then the stored answer, which is kept', async (_, answer) => {
    const { load, cacheFrom, stored, times } = setUp([answer])
    cacheFrom(HOUR_MS)
    const before = stored.get(CACHE_KEY)
    const { config, tookMs } = await load()
    expect(config).toMatchObject({ usable: true, source: 'cache' })
    expect(tookMs).toBe(332)
    expect(times.slice(0, 3)).toEqual([0, 166, 332])
    expect(stored.get(CACHE_KEY)).toBe(before)
  })

  it('aborts each of three tries after 1000 ms, with short pauses between', async () => {
    const { load, times, requests, source } = setUp([never])
    await load()
    await vi.advanceTimersByTimeAsync(1800)
    expect(times.slice(0, 3)).toEqual([0, 1166, 2332])
    expect(requests.slice(0, 3).every((request) => request.signal?.aborted)).toBe(true)
    source.stop()
  })

  it('recovers when only the first try fails', async () => {
    const { load, requests } = setUp([broken, async () => json(enabled)])
    expect((await load()).config).toMatchObject({ usable: true, source: 'network' })
    expect(requests).toHaveLength(2)
  })

  it('passes on the answer of a slow server when it comes, and stores it', async () => {
    const { load, late, stored } = setUp([() => after(3000, json(enabled))])
    expect((await load()).config.usable).toBe(false)
    expect(late).toEqual([])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(late).toMatchObject([{ usable: true, source: 'network', sampleRate: 0.5 }])
    expect(cached(stored).remoteConfig).toEqual(enabled)
  })

  it('passes on a no that comes late', async () => {
    const error = async () => json('', 500)
    const { load, late, cacheFrom } = setUp([error, error, error, async () => json('', 403)])
    cacheFrom(HOUR_MS)
    expect((await load()).config.usable).toBe(true)
    await vi.advanceTimersByTimeAsync(1000)
    expect(late).toMatchObject([{ usable: false, reason: 'refused' }])
  })

  it('stops asking after three late tries', async () => {
    const { load, requests } = setUp([broken])
    await load()
    await vi.advanceTimersByTimeAsync(24 * HOUR_MS)
    expect(requests).toHaveLength(6)
  })
})

describe('a refusal', () => {
  it.each([400, 401, 403, 404, 408])(
    '%i is final for this load: one try, no stored answer',
    async (status) => {
      const { load, cacheFrom, requests, late, stored } = setUp([async () => json('', status)])
      cacheFrom(HOUR_MS)
      const before = stored.get(CACHE_KEY)
      expect((await load()).config).toMatchObject({ usable: false, reason: 'refused' })
      await vi.advanceTimersByTimeAsync(HOUR_MS)
      expect(requests).toHaveLength(1)
      expect(late).toEqual([])
      expect(stored.get(CACHE_KEY)).toBe(before)
    },
  )

  it.each([
    [401, 1],
    [403, 1],
    [404, 2],
  ])('%i makes %i requests in two loads', async (status, count) => {
    const { load, requests } = setUp([async () => json('', status)])
    await load()
    expect((await load()).config).toMatchObject({ usable: false, reason: 'refused' })
    expect(requests).toHaveLength(count)
  })
})

describe('load and stop', () => {
  it('lets a replaced call end with the answer of the newest', async () => {
    const { source, requests } = setUp([never, async () => json(enabled)])
    const first = source.load()
    const second = source.load()
    await vi.advanceTimersByTimeAsync(2000)
    expect(await first).toEqual(await second)
    expect(await first).toMatchObject({ usable: true, source: 'network' })
    expect(requests).toHaveLength(2)
  })

  it('asks nothing more after stop and leaves no timer', async () => {
    const { source, load, requests, late } = setUp([broken])
    await load()
    const asked = requests.length
    source.stop()
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    expect(requests).toHaveLength(asked)
    expect(late).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lives without storage', async () => {
    const denied = () => {
      throw new Error('SecurityError')
    }
    expect((await setUp([async () => json(enabled)], { storage: denied }).load()).config.usable).toBe(true)
    expect((await setUp([never], { storage: denied }).load()).config.usable).toBe(false)
    expect((await setUp([never], { storage: () => undefined }).load()).config.usable).toBe(false)
  })

  it('survives a stored answer that is no answer', async () => {
    for (const text of ['{', 'null', '{"remoteConfig":null,"lastFetch":"2025-11-24T16:00:00Z"}', '[]']) {
      const { load, stored } = setUp([never])
      stored.set(CACHE_KEY, text)
      expect((await load()).config.usable).toBe(false)
    }
  })

  it('reports an app whose late callback throws', async () => {
    const { load, errors } = setUp([() => after(2000, json(enabled))], {
      onLate: () => {
        throw new Error('app')
      },
    })
    await load()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(errors.map((error) => error.code)).toContain('INTERNAL')
  })
})

describe("the page's Content-Security-Policy", () => {
  const createPage = () => Object.assign(new EventTarget(), { baseURI: 'https://shop.test/' })
  const violate = (page: EventTarget) =>
    page.dispatchEvent(
      Object.assign(new Event('securitypolicyviolation'), {
        blockedURI: `https://sr-client-cfg.amplitude.com/config/${KEY}?config_group=browser`,
        effectiveDirective: 'connect-src',
        disposition: 'enforce',
      }),
    )

  it.each([
    ['without', 0],
    ['with', 1],
  ])(
    'is named in one line, with address and remedies, %s an answer of an earlier page',
    async (_, answers) => {
      const page = createPage()
      const { load, errors, cacheFrom } = setUp(
        [
          () => {
            violate(page)
            return broken()
          },
        ],
        { page: page as unknown as ViolationTarget },
      )
      if (answers > 0) cacheFrom(HOUR_MS)
      expect((await load()).config.usable).toBe(answers > 0)
      await load()
      const texts = new Set(errors.map(({ code, message }) => `${code} ${message}`))
      expect([...texts]).toEqual([
        expect.stringMatching(
          /^REMOTE_CONFIG .*blocks https:\/\/sr-client-cfg\.amplitude\.com\/config.*connect-src.*configServerUrl.*proxy/,
        ),
      ])
    },
  )

  it('is not watched after stop', async () => {
    const page = createPage()
    const { source, load, errors } = setUp([async () => json(enabled)], {
      page: page as unknown as ViolationTarget,
    })
    await load()
    source.stop()
    violate(page)
    expect(errors).toEqual([])
  })
})
