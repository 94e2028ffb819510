import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EventsPage, ReplayDetail, ReplaySummary, Settings } from '../api.ts'
import { type Collector, startCollector } from '../server/collector.ts'
import { recordedVisit, replayBody, uploadRequest } from './recording.ts'

const SHOP = 'http://127.0.0.1:4401'

let dataDir: string
let collector: Collector

const start = (maxBytes?: number) =>
  startCollector({ port: 0, dataDir, maxBytes, viewerDir: join(dataDir, 'no-viewer') })
const read = async <T>(path: string): Promise<T> => (await fetch(collector.url + path)).json() as Promise<T>
const change = (settings: Partial<Settings>) =>
  fetch(`${collector.url}/api/settings`, { method: 'PUT', body: JSON.stringify(settings) })
const visit = { deviceId: 'device-1', sessionId: 1700000000000, events: recordedVisit(1700000000000) }
const track = `/sessions/v2/track?device_id=device-1&session_id=1700000000000`
/** A body whose events need not be any. */
const bodyOf = (...events: unknown[]) =>
  JSON.stringify({ version: 1, events: events.map((event) => JSON.stringify(event)) })
/** Each zlib-packed by itself, as old recorders sent them. */
const packedEvents = (count: number, bytes: number) => {
  const event = JSON.stringify({ type: 5, timestamp: 1, data: { tag: 'x'.repeat(bytes) } })
  return new Uint8Array(gzipSync(bodyOf(...Array(count).fill(deflateSync(event).toString('latin1')))))
}
const gzipOfZeros = (bytes: number) => new Uint8Array(gzipSync(new Uint8Array(bytes), { level: 1 }))

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'collector-'))
  collector = await start()
})
afterEach(async () => {
  await collector.stop()
  await rm(dataDir, { recursive: true, force: true })
})

describe('intake of replays', () => {
  test('keeps a gzipped upload and gives its events back in order', async () => {
    const response = await fetch(uploadRequest(collector.url, visit))
    expect(response.status).toBe(200)
    const [replay] = await read<ReplaySummary[]>('/api/replays')
    expect(replay).toMatchObject({
      deviceId: 'device-1',
      sessionId: '1700000000000',
      events: visit.events.length,
      library: 'plugin/1.35.2',
      sampleRate: '1',
      startedAt: 1700000000000,
      endedAt: 1700000011000,
    })
    expect(replay?.bodyBytes).toBeLessThan(replay?.rawBytes ?? 0)
    const page = await read<EventsPage>(`/api/replays/${replay?.key}/events`)
    expect(page).toEqual({ events: visit.events, cursor: 1 })
  })

  test('accepts the exit beacon: key in the query, version 2, no header of ours', async () => {
    const response = await fetch(`${collector.url}${track}&type=replay&api_key=KEY`, {
      method: 'POST',
      body: new Blob([replayBody(visit.events, 2)], { type: 'application/json' }),
    })
    expect(response.status).toBe(200)
    const [replay] = await read<ReplaySummary[]>('/api/replays')
    const { requests } = await read<ReplayDetail>(`/api/replays/${replay?.key}`)
    expect(requests).toMatchObject([{ via: 'beacon', version: 2, channel: 'replay' }])
  })

  test('accepts the scroll beacon as text/plain', async () => {
    const scroll = { maxScrollX: 0, maxScrollY: 900, timestamp: 1700000001000, type: 'scroll', pageUrl: SHOP }
    const response = await fetch(`${collector.url}${track}&type=interaction&api_key=KEY`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain;charset=UTF-8' },
      body: JSON.stringify({ version: 1, events: [scroll] }),
    })
    expect(response.status).toBe(200)
    expect(await read<ReplaySummary[]>('/api/replays')).toMatchObject([{ interactions: 1, events: 0 }])
  })

  test('lets a page of another origin send every header, and read the skip code', async () => {
    const preflight = await fetch(`${collector.url}${track}&type=replay`, {
      method: 'OPTIONS',
      headers: {
        origin: SHOP,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-encoding,x-client-library,x-anything-new',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(SHOP)
    expect(preflight.headers.get('access-control-allow-credentials')).toBe('true')
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-anything-new')
    expect(preflight.headers.get('access-control-expose-headers')).toContain('X-Session-Replay-Event-Skipped')
  })

  test.each([
    ['no events', JSON.stringify({ version: 1, events: [] })],
    ['something else', 'hello'],
    ['half strings, half objects', JSON.stringify({ version: 1, events: ['{}', {}] })],
    ['an event without data', bodyOf({ type: 3, timestamp: 1 })],
    ['an event at no time', bodyOf({ type: 3, data: {} })],
    ['an event of no type', bodyOf({ timestamp: 1, data: {} })],
    ['an event that is nothing', bodyOf(null)],
    ['a packed event without data', bodyOf(deflateSync('{"type":3,"timestamp":1}').toString('latin1'))],
  ])('refuses %s with 400 and says so in the facts', async (_, body) => {
    const response = await fetch(`${collector.url}${track}&type=replay&api_key=K`, { method: 'POST', body })
    expect(response.status).toBe(400)
    await expect.poll(() => read<ReplaySummary[]>('/api/replays')).toMatchObject([{ events: 0, refusals: 1 }])
  })

  test('refuses interactions that are nothing', async () => {
    const body = JSON.stringify({ version: 1, events: [null] })
    const response = await fetch(`${collector.url}${track}&type=interaction&api_key=K`, {
      method: 'POST',
      body,
    })
    expect(response.status).toBe(400)
  })

  test('accepts the first events of a page without data', async () => {
    const body = bodyOf({ type: 0, timestamp: 1, data: {} }, { type: 1, timestamp: 2 })
    const response = await fetch(`${collector.url}${track}&type=replay&api_key=K`, { method: 'POST', body })
    expect(response.status).toBe(200)
  })

  test('opens a replay in which data is not what rrweb writes', async () => {
    const body = bodyOf(
      { type: 2, timestamp: 1, data: {} },
      { type: 3, timestamp: 2, data: { source: 0, adds: [null] } },
      { type: 6, timestamp: 3, data: { plugin: 5 } },
    )
    await fetch(`${collector.url}${track}&type=replay&api_key=K`, { method: 'POST', body })
    const [replay] = await read<ReplaySummary[]>('/api/replays')
    const { content } = await read<ReplayDetail>(`/api/replays/${replay?.key}`)
    expect(content.kinds).toEqual({ 'full snapshot': 1, mutation: 1, plugin: 1 })
  })

  test.each([
    ['a body just above 10 MB', new Uint8Array(10_000_001)],
    ['a body far above 10 MB', new Uint8Array(40_000_000)],
    ['a small body that unpacks to more than 100 MB', gzipOfZeros(100_000_001)],
    ['packed events that unpack to more than 100 MB', packedEvents(2, 60_000_000)],
  ])('answers %s with a 413 that a page of another origin can read', async (_, body) => {
    const response = await fetch(`${collector.url}${track}&type=replay&api_key=K`, {
      method: 'POST',
      headers: { origin: SHOP },
      body,
    })
    expect(response.status).toBe(413)
    expect(response.headers.get('access-control-allow-origin')).toBe(SHOP)
    expect(await response.text()).toMatch(/payload.*exceed/i)
    await expect.poll(() => read<ReplaySummary[]>('/api/replays')).toMatchObject([{ events: 0, refusals: 1 }])
  })

  test('reads bodies of 10 MB', async () => {
    const body = bodyOf({ type: 5, timestamp: 1, data: { tag: 'long', payload: '' } })
    const padded = body.replace('payload\\":\\"', (found) => found + 'x'.repeat(10_000_000 - body.length))
    const response = await fetch(`${collector.url}${track}&type=replay&api_key=K`, {
      method: 'POST',
      body: padded,
    })
    expect([padded.length, response.status]).toEqual([10_000_000, 200])
  })

  test('keeps a repeated upload once and counts the repetition', async () => {
    await fetch(uploadRequest(collector.url, visit))
    await fetch(uploadRequest(collector.url, visit))
    expect(await read<ReplaySummary[]>('/api/replays')).toMatchObject([
      { events: visit.events.length, uploads: 1, duplicates: 1 },
    ])
  })

  test('gives only what is new after a cursor', async () => {
    await fetch(uploadRequest(collector.url, { ...visit, events: visit.events.slice(0, 4) }))
    await fetch(uploadRequest(collector.url, { ...visit, events: visit.events.slice(4) }))
    const [replay] = await read<ReplaySummary[]>('/api/replays')
    const page = await read<EventsPage>(`/api/replays/${replay?.key}/events?after=1`)
    expect(page).toEqual({ events: visit.events.slice(4), cursor: 2 })
  })
})

describe('analytics events', () => {
  const event = {
    event_type: 'Added to basket',
    device_id: 'device-1',
    session_id: 1700000000000,
    user_id: 'ada',
    time: 1700000001200,
    insert_id: 'a1',
    event_properties: { '[Amplitude] Session Replay ID': 'device-1/1700000000000', plant: 'Monstera' },
  }

  test.each(['/2/httpapi', '/batch'])('arrive at %s, gzipped or not, each once', async (path) => {
    const body = JSON.stringify({ api_key: 'KEY', events: [event] })
    const plain = await fetch(collector.url + path, { method: 'POST', body })
    expect(await plain.json()).toMatchObject({ code: 200, events_ingested: 1 })
    await fetch(collector.url + path, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body: new Uint8Array(gzipSync(body)),
    })
    expect(await read<ReplaySummary[]>('/api/replays')).toMatchObject([
      { userId: 'ada', analyticsEvents: 1, taggedEvents: 1, events: 0 },
    ])
  })
})

test('keeps what an app sends in any shape, and shows what can be shown', async () => {
  const event = { event_type: 5, device_id: 'device-1', session_id: 1, user_id: { id: 1 }, time: 'soon' }
  const events = [event, { device_id: {}, session_id: 1 }, { ...event, event_properties: null }]
  const body = JSON.stringify({ events })
  expect((await fetch(`${collector.url}/2/httpapi`, { method: 'POST', body })).status).toBe(200)
  const [replay] = await read<ReplaySummary[]>('/api/replays')
  expect(replay).toMatchObject({ userId: null, analyticsEvents: 2, receivedAt: expect.any(Number) })
  const { analytics } = await read<ReplayDetail>(`/api/replays/${replay?.key}`)
  expect(analytics[0]).toMatchObject({ type: '5', userId: null, at: expect.any(Number) })
})

test('answers 404 to addresses that are none', async () => {
  expect((await fetch(`${collector.url}/%E0%A4%A`)).status).toBe(404)
})

describe('remote configuration', () => {
  const config = () => read<{ configs: { sessionReplay: object } }>('/config/KEY?config_group=browser')

  test('switches capture on and leaves the rest to the app, until somebody edits it', async () => {
    expect((await config()).configs.sessionReplay).toMatchObject({
      sr_sampling_config: { capture_enabled: true },
      sr_privacy_config: {},
    })
    await change({
      sampleRate: 0.25,
      maskLevel: 'conservative',
      captureEnabled: false,
      blockSelectors: ['.ad'],
    })
    expect((await config()).configs.sessionReplay).toMatchObject({
      sr_sampling_config: { capture_enabled: false, sample_rate: 0.25 },
      sr_privacy_config: { defaultMaskLevel: 'conservative', blockSelector: ['.ad'] },
    })
  })

  test('stays after a restart', async () => {
    await change({ sampleRate: 0.5 })
    await collector.stop()
    collector = await start()
    expect(await read<Settings>('/api/settings')).toMatchObject({ sampleRate: 0.5 })
  })

  test.each([
    ['sampleRate', 7, 'a number from 0 to 1'],
    ['sampleRate', '0.5', 'a number from 0 to 1'],
    ['minSessionDurationMs', [], 'a number from 0 to 60000'],
    ['maskLevel', 'strict', 'light, medium'],
    ['blockSelectors', '.ad', 'a list of selectors'],
    ['uploadAnswer', 'toString', 'one of accept'],
  ])(
    'names the field when a setting is not possible, and changes nothing: %s %j',
    async (name, value, expected) => {
      const before = await read<Settings>('/api/settings')
      const response = await change({ [name]: value })
      expect(response.status).toBe(400)
      expect(await response.text()).toContain(`${name}: expected ${expected}`)
      expect(await read<Settings>('/api/settings')).toEqual(before)
    },
  )
})

describe('bad weather on demand', () => {
  test.each([429, 4004, 4005] as const)('answers uploads with skip code %i', async (code) => {
    await change({ uploadAnswer: `skip-${code}` })
    const response = await fetch(uploadRequest(collector.url, visit))
    expect(response.status).toBe(200)
    expect(response.headers.get('x-session-replay-event-skipped')).toBe(String(code))
    await expect.poll(() => read<ReplaySummary[]>('/api/replays')).toMatchObject([{ events: 0, refusals: 1 }])
  })

  test.each([403, 413, 500] as const)('answers uploads with status %i', async (status) => {
    await change({ uploadAnswer: `refuse-${status}` })
    const response = await fetch(uploadRequest(collector.url, visit))
    expect(response.status).toBe(status)
    if (status === 413) expect(await response.text()).toMatch(/payload.*exceed/i)
  })

  test('leaves a request without an answer until the client gives up', async () => {
    await change({ configAnswer: 'hang' })
    const request = fetch(`${collector.url}/config/KEY`, { signal: AbortSignal.timeout(150) })
    await expect(request).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})

test('tells viewers of a growing replay at once', async () => {
  const stream = await fetch(`${collector.url}/api/stream`)
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  await fetch(uploadRequest(collector.url, visit))
  let seen = ''
  while (!seen.includes('"type":"replay"')) seen += (await reader?.read())?.value
  expect(seen).toContain('"deviceId":"device-1"')
  await reader?.cancel()
})

test('answers the API only under its own names', async () => {
  const { get } = await import('node:http')
  const status = await new Promise((done) => {
    get(`${collector.url}/api/replays`, { headers: { host: 'evil.example' } }, (response) => {
      response.resume()
      done(response.statusCode)
    })
  })
  expect(status).toBe(403)
})
