import type { BatchHeader, Channel, Identity, ServerZone } from '../types.ts'

/** Where uploads go and as whom. */
export interface Destination {
  readonly apiKey: string
  readonly serverZone: ServerZone
  /** Replaces the zone's address; may have its own query, may be relative to the page. */
  readonly trackServerUrl?: string
  /** Version of this package, for `X-Client-Version`. */
  readonly version: string
  /** Who embeds us, for `X-Client-Library`: `standalone/1.2.3`, `plugin/1.2.3`. */
  readonly library: { readonly type: string; readonly version: string }
}

const TRACK_URLS: Record<ServerZone, string> = {
  US: 'https://api-sr.amplitude.com/sessions/v2/track',
  EU: 'https://api-sr.eu.amplitude.com/sessions/v2/track',
}

/** UTF-16 units of `X-Client-Url`; the vendor's SDK cuts there too. */
const MAX_URL_HEADER_LENGTH = 1000

/** The upload address without parameters of ours. An unknown zone counts as US. */
export function trackUrl({
  trackServerUrl,
  serverZone,
}: Pick<Destination, 'trackServerUrl' | 'serverZone'>): string {
  return trackServerUrl || (TRACK_URLS[serverZone] ?? TRACK_URLS.US)
}

/** The address of one batch. What `trackServerUrl` brings of its own is kept as it is, in front. */
export function uploadUrl(destination: Destination, batch: Identity & { channel: Channel }): string {
  return withQuery(trackUrl(destination), [
    ['device_id', batch.deviceId],
    ['session_id', String(batch.sessionId)],
    ['type', batch.channel],
  ])
}

/** The same for beacons: they cannot carry headers, so the key is in the address. */
export function beaconUrl(destination: Destination, batch: Identity & { channel: Channel }): string {
  return withQuery(uploadUrl(destination, batch), [['api_key', destination.apiKey]])
}

/** Headers of one batch. The same batch always gets the same ones. */
export function uploadHeaders(
  { apiKey, version, library }: Destination,
  batch: Pick<BatchHeader, 'pageUrl' | 'sampleRate'>,
  gzipped: boolean,
): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    Accept: '*/*',
    Authorization: `Bearer ${headerText(apiKey)}`,
    'X-Client-Version': headerText(version),
    'X-Client-Library': headerText(`${library.type}/${library.version}`),
    'X-Client-Url': headerText(batch.pageUrl).slice(0, MAX_URL_HEADER_LENGTH),
    'X-Client-Sample-Rate': String(batch.sampleRate),
    'X-Sampling-Hash-Alg': 'xxhash32',
    ...(gzipped ? { 'Content-Encoding': 'gzip' } : {}),
  }
}

// Text instead of URL objects: `URL` would rewrite the user's own query (%20 to +) and fail on relative addresses.
function withQuery(address: string, parameters: [string, string][]): string {
  const base = address.split('#', 1)[0] ?? ''
  const own = base.indexOf('?')
  const separator = own < 0 ? '?' : /[?&]$/.test(base) ? '' : '&'
  return `${base}${separator}${new URLSearchParams(parameters)}`
}

// A masked URL may hold bullets or half a character, and `fetch` throws on anything that is not one byte each.
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (foreign) =>
    /\p{Surrogate}/u.test(foreign) ? '%EF%BF%BD' : encodeURIComponent(foreign),
  )
}
