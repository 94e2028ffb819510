import { describe, expect, it } from 'vitest'
import { beaconUrl, type Destination, uploadHeaders, uploadUrl } from './endpoint.ts'

const destination: Destination = {
  apiKey: 'APIKEY1234567890',
  serverZone: 'US',
  version: '0.1.0',
  library: { type: 'plugin', version: '0.1.0' },
}
const batch = { deviceId: 'dev 1', sessionId: 1700000000000, channel: 'replay' } as const
const QUERY = 'device_id=dev+1&session_id=1700000000000&type=replay'

describe('upload address', () => {
  const cases: [string, Partial<Destination>, string][] = [
    ['US', {}, `https://api-sr.amplitude.com/sessions/v2/track?${QUERY}`],
    ['EU', { serverZone: 'EU' }, `https://api-sr.eu.amplitude.com/sessions/v2/track?${QUERY}`],
    [
      'an unknown zone counts as US',
      { serverZone: 'MARS' as 'US' },
      `https://api-sr.amplitude.com/sessions/v2/track?${QUERY}`,
    ],
    ['own address', { trackServerUrl: 'https://me.test/replay' }, `https://me.test/replay?${QUERY}`],
    ['empty own address', { trackServerUrl: '' }, `https://api-sr.amplitude.com/sessions/v2/track?${QUERY}`],
    ['own query', { trackServerUrl: 'https://me.test/r?to=a%20b' }, `https://me.test/r?to=a%20b&${QUERY}`],
    ['bare question mark', { trackServerUrl: 'https://me.test/r?' }, `https://me.test/r?${QUERY}`],
    ['fragment', { trackServerUrl: 'https://me.test/r#top' }, `https://me.test/r?${QUERY}`],
    ['relative', { trackServerUrl: '/replay' }, `/replay?${QUERY}`],
  ]
  it.each(cases)('%s', (_, change, expected) => {
    expect(uploadUrl({ ...destination, ...change }, batch)).toBe(expected)
  })

  it('carries the key only for beacons, last', () => {
    expect(uploadUrl(destination, batch)).not.toContain('APIKEY')
    expect(beaconUrl(destination, batch)).toBe(
      `https://api-sr.amplitude.com/sessions/v2/track?${QUERY}&api_key=APIKEY1234567890`,
    )
  })
})

describe('upload headers', () => {
  it('are those of the protocol', () => {
    const headers = uploadHeaders(
      destination,
      { pageUrl: 'http://127.0.0.1/a.html?q=1', sampleRate: 0.5 },
      true,
    )
    expect(headers).toEqual({
      'Content-Type': 'application/json',
      Accept: '*/*',
      Authorization: 'Bearer APIKEY1234567890',
      'X-Client-Version': '0.1.0',
      'X-Client-Library': 'plugin/0.1.0',
      'X-Client-Url': 'http://127.0.0.1/a.html?q=1',
      'X-Client-Sample-Rate': '0.5',
      'X-Sampling-Hash-Alg': 'xxhash32',
      'Content-Encoding': 'gzip',
    })
  })

  it('say nothing of gzip for a plain body', () => {
    expect(uploadHeaders(destination, { pageUrl: '', sampleRate: 1 }, false)).not.toHaveProperty(
      'Content-Encoding',
    )
  })

  it('cut the address at 1000 units', () => {
    const pageUrl = `http://me.test/${'a'.repeat(2000)}`
    expect(uploadHeaders(destination, { pageUrl, sampleRate: 1 }, true)['X-Client-Url']).toBe(
      pageUrl.slice(0, 1000),
    )
  })

  it.each(['http://me.test/••••/ü', 'http://me.test/\ud83d', 'http://me.test/a\r\nX-Evil: 1', '日本'])(
    'are accepted by fetch for the address %j',
    (pageUrl) => {
      const headers = uploadHeaders(destination, { pageUrl, sampleRate: 1 }, true)
      expect(new Headers(headers).get('X-Client-Url')).toMatch(/^[\x20-\x7e]+$/)
      expect(new Headers(headers).has('X-Evil')).toBe(false)
    },
  )
})
