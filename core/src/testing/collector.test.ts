import { gzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import { createTestCollector, type TestCollector } from './collector.ts'
import { type Answer, createIntake } from './intake.ts'
import { findLeaks } from './leaks.ts'

const URL_US = 'https://api-sr.amplitude.com/sessions/v2/track'
const body = (timestamp: number) =>
  JSON.stringify({
    version: 1,
    events: [JSON.stringify({ type: 5, timestamp, data: { tag: 'a', payload: {} } })],
  })
const upload = (timestamp: number, sessionId = 1) => ({
  url: `${URL_US}?device_id=d&session_id=${sessionId}&type=replay`,
  method: 'POST',
  headers: {
    authorization: 'Bearer KEY',
    'content-encoding': 'gzip',
    'x-client-library': 'standalone/1.0.0',
  },
  body: new Uint8Array(gzipSync(body(timestamp))),
})

test('decodes uploads of a custom transport and gives events in order of time', async () => {
  const collector = createTestCollector()
  expect((await collector.transport.handleSendEvents(upload(20))).status).toBe(200)
  await collector.transport.handleSendEvents(upload(10))
  await collector.transport.handleSendEvents(upload(5, 2))
  expect(collector.events(1).map(({ timestamp }) => timestamp)).toEqual([10, 20])
  expect(collector.events()).toHaveLength(3)
  expect(collector.uploads[0]).toMatchObject({
    apiKey: 'KEY',
    via: 'fetch',
    library: 'standalone/1.0.0',
    gzipped: true,
  })
})

test('serves remote configuration that can change', async () => {
  const collector = createTestCollector()
  const ask = async () => {
    const request = {
      url: 'https://sr-client-cfg.amplitude.com/config/KEY?config_group=browser',
      method: 'GET',
    }
    return (await collector.transport.handleFetchConfig(request)).json()
  }
  expect(await ask()).toEqual({ configs: { sessionReplay: { sr_sampling_config: {} } } })
  collector.setRemoteConfigs({ sessionReplay: { sr_sampling_config: { capture_enabled: false } } })
  expect(await ask()).toMatchObject({
    configs: { sessionReplay: { sr_sampling_config: { capture_enabled: false } } },
  })
})

test('answers as told and keeps a record of it', async () => {
  const collector = createTestCollector()
  collector.answerWith('upload', { kind: 'skip', code: 4005 })
  const skipped = await collector.transport.handleSendEvents(upload(1))
  expect(skipped.headers.get('x-session-replay-event-skipped')).toBe('4005')
  collector.answerWith('upload', { kind: 'refuse', status: 503, retryAfterSeconds: 3 })
  const refused = await collector.transport.handleSendEvents(upload(1))
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '3'])
  expect(collector.uploads).toHaveLength(0)
  expect(collector.requests.map(({ outcome }) => outcome)).toEqual(['skipped with 4005', 'answered 503'])
})

test('hangs until the request is aborted', async () => {
  const collector = createTestCollector()
  collector.answerWith('upload', { kind: 'hang' })
  const gaveUp = new AbortController()
  const request = collector.transport.handleSendEvents({ ...upload(1), signal: gaveUp.signal })
  gaveUp.abort()
  await expect(request).rejects.toMatchObject({ name: 'AbortError' })
})

describe('evidence', () => {
  const SECRET = 'jane@example.com'
  const secretive = {
    ...upload(1),
    headers: { ...upload(1).headers, 'x-client-url': `https://shop.example/?mail=${SECRET}` },
    body: new Uint8Array(gzipSync(body(1).replace('payload', `payload ${SECRET}`))),
  }
  const pathsIn = (collector: TestCollector) =>
    findLeaks(collector.evidence(), [SECRET]).map(({ path }) => path)

  test.each<Answer>([
    { kind: 'accept' },
    { kind: 'refuse', status: 500 },
    { kind: 'skip', code: 4004 },
    { kind: 'hang' },
  ])('has an upload that is answered with $kind', async (answer) => {
    const collector = createTestCollector()
    collector.answerWith('upload', answer)
    const gaveUp = new AbortController()
    const sent = collector.transport.handleSendEvents({ ...secretive, signal: gaveUp.signal })
    if (answer.kind === 'hang') {
      await vi.waitFor(() => expect(collector.requests).toHaveLength(1))
      gaveUp.abort()
    }
    await sent.catch(() => {})
    expect(pathsIn(collector)).toEqual([
      'requests[0].headers.x-client-url',
      'requests[0].body',
      'requests[0].events[0].data.payload jane@example.com (the name)',
    ])
  })

  test.each([
    ['a question for settings', 'https://sr-client-cfg.amplitude.com/config/KEY', 'GET', undefined],
    ['an analytics request', 'https://api2.amplitude.com/2/httpapi', 'POST', '{"events":[]}'],
    ['a request that nobody knows', 'https://shop.example/api', 'POST', 'hello'],
    ['a preflight', URL_US, 'OPTIONS', undefined],
  ])('has the headers of %s', async (_, url, method, body) => {
    const collector = createTestCollector()
    await collector.transport.handleSendEvents({ url, method, headers: { 'x-user': SECRET }, body })
    expect(pathsIn(collector)).toEqual(['requests[0].headers.x-user'])
  })

  test.each([
    ['no upload', SECRET],
    ['no upload, gzipped', new Uint8Array(gzipSync(`{"user":"${SECRET}"`))],
    ['no text', new Uint8Array([255, ...new TextEncoder().encode(SECRET)])],
  ])('has a body that is %s', async (_, body) => {
    const collector = createTestCollector()
    await collector.transport.handleSendEvents({ url: upload(1).url, method: 'POST', body })
    expect(pathsIn(collector)).toEqual(['requests[0].body'])
  })

  test('proves nothing when a body cannot be unpacked', async () => {
    const collector = createTestCollector()
    await collector.transport.handleSendEvents({ ...secretive, body: secretive.body.slice(0, -9) })
    expect(() => pathsIn(collector)).toThrow('requests[0].body')
  })

  test('finds text that is spread over nodes of a refused upload', async () => {
    const collector = createTestCollector()
    collector.answerWith('upload', { kind: 'refuse', status: 503 })
    const text = (id: number, textContent: string) => ({ type: 3, id, textContent })
    const node = {
      type: 2,
      id: 1,
      tagName: 'p',
      attributes: {},
      childNodes: [text(2, 'jane@'), text(3, 'example.com')],
    }
    const events = [JSON.stringify({ type: 2, timestamp: 1, data: { node } })]
    const body = new Uint8Array(gzipSync(JSON.stringify({ version: 1, events })))
    await collector.transport.handleSendEvents({ ...upload(1), body })
    expect(findLeaks(collector.evidence(), [SECRET])).toMatchObject([{ form: 'split' }])
  })

  test('is forgotten with the rest', async () => {
    const collector = createTestCollector()
    await collector.transport.handleSendEvents(secretive)
    const before = collector.evidence()
    collector.clear()
    expect(pathsIn(collector)).toEqual([])
    expect(findLeaks(before, [SECRET])).not.toEqual([])
  })
})

test('waits for an upload, and says what came instead', async () => {
  const collector = createTestCollector()
  const waited = collector.waitForUpload(({ sessionId }) => sessionId === '2')
  await collector.transport.handleSendEvents(upload(1))
  await collector.transport.handleSendEvents(upload(1, 2))
  expect((await waited).sessionId).toBe('2')
  await expect(collector.waitForUpload(({ sessionId }) => sessionId === '3', 1)).rejects.toThrow(
    'Seen: upload accepted, upload accepted.',
  )
})

test('tells whoever waits of a mistake in their question, not the recorder', async () => {
  const collector = createTestCollector()
  const waited = collector.waitForUpload(() => {
    throw new Error('no such field')
  })
  const sent = collector.transport.handleSendEvents(upload(1))
  await expect(waited).rejects.toThrow('no such field')
  expect((await sent).status).toBe(200)
})

test.each(['null', '{"events":[null]}', '{"events":["a"]}', '{}'])(
  'answers 400 to analytics events that are none: %s',
  async (body) => {
    const collector = createTestCollector()
    const url = 'https://api2.amplitude.com/2/httpapi'
    expect((await collector.transport.handleSendEvents({ url, method: 'POST', body })).status).toBe(400)
    expect(collector.analyticsEvents).toEqual([])
  },
)

test('answers routes that Playwright intercepts, pseudo-headers and all', async () => {
  const collector = createTestCollector()
  const { url, method, headers, body } = upload(1)
  const answers: { status: number; headers: Record<string, string> }[] = []
  await collector.route({
    request: () => ({
      url: () => url,
      method: () => method,
      allHeaders: async () => ({
        ...headers,
        ':authority': 'api-sr.amplitude.com',
        origin: 'https://shop.example',
      }),
      postDataBuffer: () => body,
    }),
    fulfill: async (answer) => {
      answers.push(answer)
    },
  })
  expect(answers).toMatchObject([
    { status: 200, headers: { 'access-control-allow-origin': 'https://shop.example' } },
  ])
  expect(collector.events()).toHaveLength(1)
})

test('knows nothing of other addresses', async () => {
  const response = await createTestCollector().handle(new Request('https://shop.example/api'))
  expect(response.status).toBe(404)
})

test('answers 400 to what is malformed and 500 when an upload cannot be kept', async () => {
  const outcomes: string[] = []
  const intake = createIntake({
    decideAnswer: () => ({ kind: 'accept' }),
    remoteConfigs: () => ({}),
    onUpload: () => Promise.reject(new Error('disk full')),
    onAnalytics: () => undefined,
    onAnswered: (_, outcome) => outcomes.push(outcome),
  })
  const post = (sent: BodyInit) =>
    intake(new Request(`${upload(1).url}&api_key=KEY`, { method: 'POST', body: sent }))
  expect((await post('hello'))?.status).toBe(400)
  expect((await post(body(1)))?.status).toBe(500)
  expect(outcomes).toEqual([expect.stringContaining('malformed'), 'not kept: disk full'])
})

test('an upload is one of a replay that has begun, not what an earlier test has left', async () => {
  const collector = createTestCollector()
  await collector.transport.handleSendEvents(upload(1))
  const waiting = collector.waitForUpload()
  const snapshot = { type: 2, timestamp: 20, data: { node: { type: 0, childNodes: [], id: 1 } } }
  const text = JSON.stringify({ version: 1, events: [JSON.stringify(snapshot)] })
  await collector.transport.handleSendEvents({ ...upload(20), body: new Uint8Array(gzipSync(text)) })
  expect((await waiting).decoded.events).toMatchObject([{ type: 2 }])

  collector.clear()
  await collector.transport.handleSendEvents(upload(30))
  expect((await collector.waitForUpload()).decoded.events).toMatchObject([{ timestamp: 30 }])
})
