import { CONFIG_URLS } from './config/remote-request.ts'
import type { ServerZone } from './types.ts'
import { trackUrl } from './upload/endpoint.ts'

export { type NodeRequest, type NodeResponse, toNodeHandler } from './proxy/node-handler.ts'

export interface ReplayProxyOptions {
  /**
   * API keys to forward for; others are answered with 403. Without it anybody can use your domain as a relay.
   * @default any key
   */
  apiKeys?: string[]
  /**
   * Data centre of your Amplitude project.
   * @default 'US'
   */
  serverZone?: ServerZone
  /**
   * Origins of your pages, if the proxy is on another one: `['https://shop.example.com']`.
   * @default [], same origin only
   */
  allowedOrigins?: string[]
  /**
   * Longest wait for Amplitude, in ms; then the recorder is told 504 and comes again.
   * @default 10000
   */
  timeoutMs?: number
  /**
   * Largest body, in bytes; larger ones are answered with 413, which makes the recorder halve them.
   * @default 10000000
   */
  maxBodyBytes?: number
  /** @default the global fetch */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/** What may pass, by direction. Cookies, addresses and all else that your domain knows of its users stays with it. */
const REQUEST_HEADERS = [
  'accept',
  'content-encoding',
  'content-type',
  'x-client-library',
  'x-client-sample-rate',
  'x-client-url',
  'x-client-version',
  'x-sampling-hash-alg',
]
const RESPONSE_HEADERS = ['cache-control', 'content-type', 'retry-after', 'x-session-replay-event-skipped']
const UPLOAD_QUERY = ['device_id', 'session_id', 'type']
/** A `Response` with one of these takes no body, not even an empty one. */
const BODILESS = [204, 205, 304]

/**
 * Forwards uploads and remote config through a domain of yours, for pages whose policy allows no other. Mount it
 * anywhere; what counts is how the path ends: `POST …/track` and `GET …/config/<apiKey>`. Resolves with the answer
 * for the page and never rejects; anything else is answered with 404.
 *
 * @example
 * const handle = createReplayProxy({ apiKeys: [API_KEY] })
 * export const POST = handle, GET = handle // a route handler under /replay
 * // in the page
 * sessionReplayPlugin({ trackServerUrl: '/replay/track', configServerUrl: '/replay/config' })
 */
export function createReplayProxy(options: ReplayProxyOptions = {}): (request: Request) => Promise<Response> {
  const { apiKeys, serverZone = 'US', allowedOrigins = [] } = options
  const { timeoutMs = 10_000, maxBodyBytes = 10_000_000, fetch: send = fetch } = options

  return async (request) => {
    const url = new URL(request.url)
    const cors = corsHeaders(request, allowedOrigins)
    const answer = (status: number, text: string): Response => new Response(text, { status, headers: cors })

    // Some frameworks put a slash at the end of every address.
    const path = url.pathname.replace(/\/$/, '')
    const isUpload = path.endsWith('/track')
    const [, key] = /\/config\/([^/]+)$/.exec(path) ?? []
    if (!isUpload && key === undefined) return answer(404, 'Not found')
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: cors })
    if (request.method !== (isUpload ? 'POST' : 'GET')) return answer(405, 'Method not allowed')

    const apiKey = isUpload ? keyOf(request, url) : decode(key ?? '')
    if (apiKey === null || apiKey === '') return answer(401, 'Missing API key')
    if (apiKeys && !apiKeys.includes(apiKey)) return answer(403, 'Unknown API key')

    try {
      const body = isUpload ? await readBody(request, maxBodyBytes) : undefined
      if (body === null) return answer(413, 'Payload size exceeded')
      // Amplitude would answer 400, after which the recorder gives the recording up.
      if (body?.byteLength === 0) {
        return answer(502, 'The body was read before the proxy: mount it before any body parser')
      }
      const headers = only(request.headers, REQUEST_HEADERS)
      const query = pick(url.searchParams, isUpload ? UPLOAD_QUERY : ['config_group'])
      // The key that was looked at and no other; a site's own `Authorization` is none of Amplitude's business.
      if (isUpload && bearerOf(request)) headers.authorization = `Bearer ${apiKey}`
      else if (isUpload) query.set('api_key', apiKey)
      const target = isUpload
        ? trackUrl({ serverZone })
        : `${CONFIG_URLS[serverZone] ?? CONFIG_URLS.US}/${encodeURIComponent(apiKey)}`
      const response = await send(`${target}?${query}`, {
        method: request.method,
        headers,
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      })
      return new Response(BODILESS.includes(response.status) ? null : await response.arrayBuffer(), {
        status: response.status,
        headers: { ...only(response.headers, RESPONSE_HEADERS), ...cors },
      })
    } catch (cause) {
      const timedOut = cause instanceof Error && cause.name === 'TimeoutError'
      // Both make the recorder keep the batch and try again.
      return answer(timedOut ? 504 : 502, 'Amplitude could not be reached')
    }
  }
}

/** Parting requests carry the key in the address, because they cannot set headers. */
const keyOf = (request: Request, url: URL): string | null =>
  bearerOf(request) ?? url.searchParams.get('api_key')

const bearerOf = (request: Request): string | undefined =>
  /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return ''
  }
}

/**
 * Null when it is too large, whatever `Content-Length` said; no more than that is kept in memory. Empty when somebody
 * has read it before.
 */
async function readBody(request: Request, maxBytes: number): Promise<ArrayBuffer | null> {
  if (Number(request.headers.get('content-length')) > maxBytes) return null
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  if (request.bodyUsed) return new ArrayBuffer(0)
  const reader = request.body?.getReader()
  for (let piece = await reader?.read(); piece?.value; piece = await reader?.read()) {
    bytes += piece.value.byteLength
    if (bytes > maxBytes) {
      // What comes later is not waited for.
      void reader?.cancel().catch(() => {})
      return null
    }
    pieces.push(piece.value as Uint8Array<ArrayBuffer>)
  }
  return new Blob(pieces).arrayBuffer()
}

function pick(query: URLSearchParams, names: string[]): URLSearchParams {
  const picked = new URLSearchParams()
  for (const name of names) {
    const value = query.get(name)
    if (value !== null) picked.set(name, value)
  }
  return picked
}

function only(headers: Headers, names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? '']] : [])),
  )
}

function corsHeaders(request: Request, allowedOrigins: string[]): Record<string, string> {
  const origin = request.headers.get('origin')
  if (allowedOrigins.length === 0) return {}
  // What is kept of an answer to one origin must not be given to another.
  if (!origin || !allowedOrigins.includes(origin)) return { vary: 'Origin' }
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST',
    // Beacons ask for it; cookies are not read.
    'access-control-allow-credentials': 'true',
    'access-control-allow-headers': ['authorization', ...REQUEST_HEADERS].join(', '),
    'access-control-expose-headers': 'Retry-After, X-Session-Replay-Event-Skipped',
    'access-control-max-age': '600',
    vary: 'Origin',
  }
}
