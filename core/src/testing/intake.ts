import type { Channel } from '../types.ts'
import { type DecodedUpload, decodeUpload, TooLargeError, unpackBody } from './decode.ts'

/** How the intake answers a request. Everything but `accept` is a rehearsal of bad weather. */
export type Answer =
  | { kind: 'accept' }
  /** 200 with `X-Session-Replay-Event-Skipped`: 429 throttles, 4004 and 4005 end the session. */
  | { kind: 'skip'; code: number }
  /** An error status. `retryAfterSeconds` becomes the `Retry-After` header. */
  | { kind: 'refuse'; status: number; body?: string; retryAfterSeconds?: number }
  /** No answer until the client gives up. */
  | { kind: 'hang' }

export type RequestKind = 'upload' | 'config' | 'analytics'

/** One upload as it arrived. */
export interface ReceivedUpload {
  deviceId: string
  sessionId: string
  channel: Channel
  apiKey: string
  /** `beacon` when the key came in the address, because exit requests cannot set headers. */
  via: 'fetch' | 'beacon'
  /** `X-Client-Library`, such as `plugin/1.35.2`; empty for beacons. */
  library: string
  sampleRate: string
  pageUrl: string
  receivedAt: number
  /** The body as received, gzipped or not. */
  body: Uint8Array
  gzipped: boolean
  headers: Record<string, string>
  decoded: DecodedUpload
}

/** One analytics event of the Browser SDK. Only what is looked at is named. */
export interface AnalyticsEvent {
  event_type: string
  device_id?: string
  session_id?: number
  user_id?: string
  time?: number
  insert_id?: string
  event_properties?: Record<string, unknown>
  [key: string]: unknown
}

export interface IntakeDeps {
  /** Called for each request; a config request and an upload may be answered differently. */
  decideAnswer(kind: RequestKind): Answer
  /** The `configs` object of the remote configuration. */
  remoteConfigs(apiKey: string): unknown
  /** Called for accepted uploads; the answer waits for it. */
  onUpload(upload: ReceivedUpload): void | Promise<void>
  onAnalytics(events: AnalyticsEvent[]): void | Promise<void>
  /** Told of every answer but those to preflights; `accepted`, or why not. */
  onAnswered?(kind: RequestKind, outcome: string, url: URL): void
  now?(): number
}

/**
 * Amplitude's side of the wire as a fetch-style handler: replay and interaction uploads, remote
 * configuration, analytics events. Answers `null` for requests that belong to somebody else.
 */
export function createIntake(deps: IntakeDeps): (request: Request) => Promise<Response | null> {
  const now = deps.now ?? Date.now
  const handlers = { config, upload, analytics }

  return async (request) => {
    const url = new URL(request.url)
    const kind = kindOf(url.pathname)
    if (!kind) return null
    if (request.method === 'OPTIONS') return answer(request, 204, null)
    if (request.method !== (kind === 'config' ? 'GET' : 'POST')) {
      return answer(request, 405, 'Method not allowed')
    }

    const asked = deps.decideAnswer(kind)
    if (asked.kind === 'hang') {
      deps.onAnswered?.(kind, 'left without an answer', url)
      return hang(request.signal)
    }
    if (asked.kind === 'refuse') {
      deps.onAnswered?.(kind, `answered ${asked.status}`, url)
      return answer(request, asked.status, asked.body ?? refusalText(asked.status), retryHeader(asked))
    }
    if (asked.kind === 'skip' && kind === 'upload') {
      deps.onAnswered?.(kind, `skipped with ${asked.code}`, url)
      return answer(request, 200, '{}', { 'x-session-replay-event-skipped': String(asked.code) })
    }
    try {
      const response = await handlers[kind](request, url)
      deps.onAnswered?.(kind, response.ok ? 'accepted' : `answered ${response.status}`, url)
      return response
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      if (cause instanceof TooLargeError) {
        deps.onAnswered?.(kind, `answered 413: ${why}`, url)
        return answer(request, 413, refusalText(413))
      }
      // A keeper that fails is our fault: the recorder is to come again.
      const status = cause instanceof KeepingFailed ? 500 : 400
      deps.onAnswered?.(kind, `${status === 500 ? 'not kept' : 'malformed'}: ${why}`, url)
      return answer(request, status, JSON.stringify({ code: status, error: why }))
    }
  }

  async function config(request: Request, url: URL): Promise<Response> {
    const apiKey = decodeURIComponent(url.pathname.split('/').at(-1) ?? '')
    return answer(request, 200, JSON.stringify({ configs: deps.remoteConfigs(apiKey) }), {
      'cache-control': 'no-store',
    })
  }

  async function upload(request: Request, url: URL): Promise<Response> {
    const query = url.searchParams
    const bearer = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
    const apiKey = bearer ?? query.get('api_key') ?? ''
    const deviceId = query.get('device_id') ?? ''
    const sessionId = query.get('session_id') ?? ''
    if (!apiKey) return answer(request, 401, 'Missing API key')
    if (!deviceId || !sessionId) throw new Error('device_id and session_id are required')

    const body = new Uint8Array(await request.arrayBuffer())
    const encoding = request.headers.get('content-encoding')
    const decoded = await decodeUpload(body, encoding)
    if (decoded.events.length === 0) throw new Error('An upload without events')
    const channel: Channel = query.get('type') === 'interaction' ? 'interaction' : 'replay'
    if (channel !== decoded.channel) throw new Error(`type=${channel}, but the events are ${decoded.channel}`)
    const received: ReceivedUpload = {
      deviceId,
      sessionId,
      channel,
      apiKey,
      via: bearer ? 'fetch' : 'beacon',
      library: request.headers.get('x-client-library') ?? '',
      sampleRate: request.headers.get('x-client-sample-rate') ?? '',
      pageUrl: request.headers.get('x-client-url') ?? '',
      receivedAt: now(),
      body,
      gzipped: encoding === 'gzip',
      headers: Object.fromEntries(request.headers),
      decoded,
    }
    await keep(() => deps.onUpload(received))
    return answer(request, 200, '{}')
  }

  async function analytics(request: Request): Promise<Response> {
    const body = await unpackBody(await request.arrayBuffer(), request.headers.get('content-encoding'))
    const payload = JSON.parse(new TextDecoder().decode(body)) as { events?: unknown } | null
    const events = payload?.events
    if (!Array.isArray(events) || !events.every(isEvent)) throw new Error('Analytics events are missing')
    await keep(() => deps.onAnalytics(events))
    return answer(
      request,
      200,
      JSON.stringify({
        code: 200,
        events_ingested: events.length,
        payload_size_bytes: body.byteLength,
        server_upload_time: now(),
      }),
    )
  }
}

function isEvent(value: unknown): value is AnalyticsEvent {
  return typeof value === 'object' && value !== null
}

class KeepingFailed extends Error {}

async function keep(run: () => void | Promise<void>): Promise<void> {
  try {
    await run()
  } catch (cause) {
    throw new KeepingFailed(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function kindOf(path: string): RequestKind | null {
  if (/\/sessions(\/v2)?\/track\/?$/.test(path)) return 'upload'
  if (/\/config\/[^/]+$/.test(path)) return 'config'
  return /\/(2\/httpapi|batch)\/?$/.test(path) ? 'analytics' : null
}

function retryHeader({ retryAfterSeconds }: { retryAfterSeconds?: number }): Record<string, string> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
}

/** Amplitude's firewall words a too large body so; recorders split the batch when they read it. */
function refusalText(status: number): string {
  return status === 413 ? 'Payload size exceeded' : `Answered ${status} on purpose`
}

function answer(
  request: Request,
  status: number,
  body: string | null,
  extra: Record<string, string> = {},
): Response {
  const origin = request.headers.get('origin')
  return new Response(body, {
    status,
    headers: {
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      // Beacons carry credentials, so the origin has to be named and credentials allowed.
      'access-control-allow-origin': origin ?? '*',
      ...(origin ? { 'access-control-allow-credentials': 'true', vary: 'Origin' } : {}),
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers':
        request.headers.get('access-control-request-headers') ?? 'content-type, authorization',
      'access-control-allow-private-network': 'true',
      'access-control-expose-headers': 'X-Session-Replay-Event-Skipped, Retry-After',
      'access-control-max-age': '600',
      ...extra,
    },
  })
}

function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = () => reject(signal.reason)
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
}
