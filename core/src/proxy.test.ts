import { describe, expect, it } from 'vitest'
import { createReplayProxy, type ReplayProxyOptions } from './proxy.ts'

const KEY = 'a key/1'
const TRACK = 'https://shop.test/replay/track?device_id=d%2E1&session_id=7&type=replay&utm_source=mail'
const CONFIG = `https://shop.test/replay/config/${encodeURIComponent(KEY)}?config_group=browser&fbclid=x`

/** A proxy in front of an Amplitude that answers `response`. */
function setUp(
  options: ReplayProxyOptions = {},
  response: () => Response = () => new Response('{"code":200}'),
) {
  const sent: { url: string; init: RequestInit }[] = []
  const handle = createReplayProxy({
    ...options,
    fetch: async (url, init) => {
      sent.push({ url, init })
      return response()
    },
  })
  return { handle, sent }
}

const upload = (
  headers: Record<string, string> = {},
  body: BodyInit = new Uint8Array([31, 139, 8]),
): Request =>
  new Request(TRACK, {
    method: 'POST',
    body,
    headers: {
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'x-client-url': 'https://shop.test/',
      ...headers,
    },
  })

describe('replay proxy', () => {
  it('forwards an upload byte for byte to the zone of the project', async () => {
    for (const [serverZone, host] of [
      ['US', 'api-sr.amplitude.com'],
      ['EU', 'api-sr.eu.amplitude.com'],
    ] as const) {
      const { handle, sent } = setUp({ serverZone })
      const response = await handle(upload())
      expect(response.status).toBe(200)
      expect(await response.text()).toBe('{"code":200}')
      expect(sent[0]?.url).toBe(`https://${host}/sessions/v2/track?device_id=d.1&session_id=7&type=replay`)
      expect(new Uint8Array(sent[0]?.init.body as ArrayBuffer)).toEqual(new Uint8Array([31, 139, 8]))
      expect(sent[0]?.init.headers).toEqual({
        authorization: `Bearer ${KEY}`,
        'content-encoding': 'gzip',
        'content-type': 'application/json',
        'x-client-url': 'https://shop.test/',
      })
    }
  })

  it('forwards the question for remote config', async () => {
    const { handle, sent } = setUp()
    await handle(new Request(CONFIG, { headers: { accept: '*/*' } }))
    expect(sent[0]?.url).toBe('https://sr-client-cfg.amplitude.com/config/a%20key%2F1?config_group=browser')
    expect(sent[0]?.init.headers).toEqual({ accept: '*/*' })
  })

  it('understands addresses that a framework ends with a slash', async () => {
    const { handle, sent } = setUp()
    const { headers } = upload()
    await handle(new Request(TRACK.replace('?', '/?'), { method: 'POST', body: 'x', headers }))
    await handle(new Request(CONFIG.replace('?', '/?')))
    expect(sent.map(({ url }) => new URL(url).pathname)).toEqual([
      '/sessions/v2/track',
      '/config/a%20key%2F1',
    ])
  })

  it('keeps cookies and addresses of the visitors to itself, both ways', async () => {
    const { handle, sent } = setUp(
      {},
      () => new Response('{}', { headers: { 'set-cookie': 'a=1', 'x-session-replay-event-skipped': '429' } }),
    )
    const response = await handle(upload({ cookie: 'session=secret', 'x-forwarded-for': '10.0.0.1' }))
    expect(JSON.stringify(sent)).not.toContain('secret')
    expect(JSON.stringify(sent)).not.toContain('10.0.0.1')
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/plain;charset=UTF-8',
      'x-session-replay-event-skipped': '429',
    })
  })

  it('passes refusals and the time to come again on', async () => {
    const { handle } = setUp({}, () => new Response('busy', { status: 429, headers: { 'retry-after': '7' } }))
    const response = await handle(upload())
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7'])
  })

  it('forwards for the keys it was given only', async () => {
    const { handle, sent } = setUp({ apiKeys: ['another'] })
    expect((await handle(upload())).status).toBe(403)
    expect((await handle(new Request(CONFIG))).status).toBe(403)
    expect((await handle(upload({ authorization: '' }))).status).toBe(401)
    expect(sent).toEqual([])
  })

  it('takes the key of a parting request from the address', async () => {
    const { handle, sent } = setUp({ apiKeys: [KEY] })
    const beacon = new Request(`${TRACK}&api_key=${encodeURIComponent(KEY)}`, { method: 'POST', body: '{}' })
    expect((await handle(beacon)).status).toBe(200)
    expect(sent[0]?.url).toMatch(/&type=replay&api_key=a\+key%2F1$/)
  })

  it('keeps the credentials of the site and keys that it did not look at', async () => {
    const { handle, sent } = setUp({ apiKeys: [KEY] })
    await handle(new Request(CONFIG, { headers: { authorization: 'Basic c2l0ZQ==' } }))
    const key = encodeURIComponent(KEY)
    await handle(
      new Request(`${TRACK}&api_key=${key}`, {
        method: 'POST',
        body: '{}',
        headers: { authorization: 'Basic c2l0ZQ==' },
      }),
    )
    await handle(new Request(`${TRACK}&api_key=another`, upload()))
    expect(JSON.stringify(sent)).not.toMatch(/Basic|another/)
    expect(sent.map(({ url }) => url.includes('api_key'))).toEqual([false, true, false])
  })

  it.each([
    ['another path', new Request('https://shop.test/replay/other'), 404],
    ['another method', new Request(TRACK), 405],
    ['a key that cannot be read', new Request('https://shop.test/config/%E0%A4%A'), 401],
  ])('answers %s with its own status and asks nobody', async (_, request, status) => {
    const { handle, sent } = setUp()
    expect((await handle(request)).status).toBe(status)
    expect(sent).toEqual([])
  })

  it('refuses a body that is too large, so that the recorder halves it', async () => {
    const { handle, sent } = setUp({ maxBodyBytes: 2 })
    const response = await handle(upload())
    expect(response.status).toBe(413)
    expect(await response.text()).toMatch(/payload.*exceed/i)
    expect(sent).toEqual([])
  })

  it('reads no further than that where the size is not told', async () => {
    let pulled = 0
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(1000))
      },
    })
    const { handle } = setUp({ maxBodyBytes: 5000 })
    const { headers } = upload()
    const request = new Request(TRACK, {
      method: 'POST',
      body: endless,
      headers,
      duplex: 'half',
    } as RequestInit)
    expect((await handle(request)).status).toBe(413)
    expect(pulled).toBeLessThan(20)
  })

  it('asks the recorder to come again when somebody has read the body, and says what to do', async () => {
    const { handle, sent } = setUp()
    const read = upload()
    await read.arrayBuffer()
    for (const request of [read, upload({}, '')]) {
      const response = await handle(request)
      expect([response.status, await response.text()]).toEqual([
        502,
        'The body was read before the proxy: mount it before any body parser',
      ])
    }
    expect(sent).toEqual([])
  })

  it.each([204, 205, 304])('passes %i on, which has no body', async (status) => {
    const { handle } = setUp({}, () => new Response(null, { status }))
    expect((await handle(upload())).status).toBe(status)
  })

  it('asks the recorder to come again when Amplitude cannot be reached', async () => {
    const { handle: broken } = setUp({}, () => {
      throw new TypeError('fetch failed')
    })
    expect((await broken(upload())).status).toBe(502)
    const slow = createReplayProxy({
      timeoutMs: 1,
      fetch: (_, { signal }) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    })
    expect((await slow(upload())).status).toBe(504)
  })

  it('answers pages of the origins it knows, and names no other', async () => {
    const { handle } = setUp({ allowedOrigins: ['https://shop.test'] })
    const preflight = (origin: string): Request =>
      new Request(TRACK, { method: 'OPTIONS', headers: { origin } })
    const known = await handle(preflight('https://shop.test'))
    expect(known.status).toBe(204)
    expect(known.headers.get('access-control-allow-origin')).toBe('https://shop.test')
    expect(known.headers.get('access-control-allow-headers')).toContain('x-client-url')
    expect(
      (await handle(preflight('https://evil.test'))).headers.get('access-control-allow-origin'),
    ).toBeNull()
    const answered = await handle(upload({ origin: 'https://shop.test' }))
    for (const request of [
      upload(),
      upload({ origin: 'https://evil.test' }),
      upload({ origin: 'https://shop.test' }),
    ]) {
      expect((await handle(request)).headers.get('vary')).toBe('Origin')
    }
    expect(answered.headers.get('access-control-expose-headers')).toContain('X-Session-Replay-Event-Skipped')
  })
})
