import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { type Answer, accept } from './answers.ts'

/** One upload as it arrived, whatever the answer was. */
export interface Upload {
  /** 0, 1, 2, … in order of arrival. */
  readonly index: number
  /** `Date.now()` when the last byte of the request had arrived. */
  readonly receivedAt: number
  readonly method: string
  readonly path: string
  /** Parameters in the order of the URL. */
  readonly query: [string, string][]
  readonly headers: Record<string, string>
  /** The body as sent. */
  readonly raw: Buffer
  /** The body after gunzip. */
  readonly text: string
  readonly deviceId: string
  readonly sessionId: string
  readonly type: string
  /** 1 or 2; `undefined` if the body is not valid. */
  readonly version: number | undefined
  /** Elements as sent: strings for replay batches, objects for interactions. */
  readonly elements: unknown[]
  /** Elements as objects. */
  readonly events: Record<string, unknown>[]
  readonly answer: Answer
  /** The server processed the batch and kept it (2xx without a skip code), even if the client never heard of it. */
  readonly kept: boolean
  /** `Date.now()` when the answer was complete or the connection ended; `undefined` while it is open. */
  finishedAt: number | undefined
}

/** Decides about each upload. May look at the upload and at all before it. */
export type Script = (upload: Omit<Upload, 'answer' | 'kept'>) => Answer

export interface Collector {
  /** `http://127.0.0.1:<port>`, another origin than the page. */
  readonly origin: string
  /** For `trackServerUrl`. */
  readonly trackUrl: string
  /** For `configServerUrl`. */
  readonly configUrl: string
  /** Every upload so far. */
  readonly uploads: readonly Upload[]
  /** Every config request so far: the API key asked for. */
  readonly configRequests: { apiKey: string; receivedAt: number; headers: Record<string, string> }[]
  /** Answers from now on: a function, or a list used up one by one and followed by `accept()`. */
  script(script: Script | Answer[]): void
  /** The remote config from now on: `configs.sessionReplay`, or a scripted fault for the whole request. */
  config(next: Record<string, unknown> | { fault: Answer }): void
  /** Kept events of one session (or of all) and channel, in order of arrival. */
  kept(filter?: { sessionId?: string; type?: string }): Record<string, unknown>[]
  /** Largest number of uploads of one session that were open at the same time. */
  maxOpen(sessionId?: string): number
  /** Resolves when `ready` holds after some upload; rejects after `timeoutMs` (10 000) with a list of what came. */
  until(ready: (uploads: readonly Upload[]) => boolean, timeoutMs?: number): Promise<void>
  /** Stops accepting connections and cuts the open ones, as a server that is down. `restart` uses the same port. */
  down(): Promise<void>
  restart(): Promise<void>
  close(): Promise<void>
}

/** Remote config under which everything is recorded at once. */
export const RECORD_ALL = { sr_sampling_config: { capture_enabled: true, sample_rate: 1 } }

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': '*, Authorization',
  'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
  'Access-Control-Expose-Headers': 'X-Session-Replay-Event-Skipped, Retry-After',
  'Access-Control-Max-Age': '600',
}

/** An intake with scripted faults over real HTTP. It only listens on the loopback address. */
export async function startCollector(): Promise<Collector> {
  const uploads: Upload[] = []
  const configRequests: Collector['configRequests'] = []
  const sockets = new Set<Socket>()
  const waiters = new Set<() => void>()
  const open = new Map<string, number>()
  const mostOpen = new Map<string, number>()
  let decide: Script = accept
  let config: Record<string, unknown> | { fault: Answer } = RECORD_ALL
  let port = 0

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://collector')
    if (request.method === 'OPTIONS') {
      response.writeHead(204, CORS).end()
      return
    }
    const headers = flatten(request)
    if (url.pathname.startsWith('/config/')) {
      configRequests.push({
        apiKey: decodeURIComponent(url.pathname.slice('/config/'.length)),
        receivedAt: Date.now(),
        headers,
      })
      if (isFault(config)) return play(config.fault, request, response)
      return play(
        { ...accept(), body: JSON.stringify({ configs: { sessionReplay: config } }) },
        request,
        response,
      )
    }

    if (url.pathname === '/login') {
      const page = { ...accept(), headers: { 'Content-Type': 'text/html' }, body: '<html>Sign in</html>' }
      return play(page, request, response)
    }

    const sessionId = url.searchParams.get('session_id') ?? ''
    count(sessionId, 1)
    let upload: Upload | undefined
    response.on('close', () => {
      count(sessionId, -1)
      if (upload) upload.finishedAt = Date.now()
      tell()
    })
    const raw = await readBody(request)
    const text = decode(raw, headers['content-encoding'])
    const arrived = {
      index: uploads.length,
      receivedAt: Date.now(),
      method: request.method ?? '',
      path: url.pathname,
      query: [...url.searchParams],
      headers,
      raw,
      text,
      deviceId: url.searchParams.get('device_id') ?? '',
      sessionId,
      type: url.searchParams.get('type') ?? '',
      ...parse(text),
      finishedAt: undefined,
    }
    const answer = decide(arrived)
    upload = { ...arrived, answer, kept: isKept(answer) }
    uploads.push(upload)
    tell()
    return play(answer, request, response)
  }

  function count(sessionId: string, change: 1 | -1): void {
    const now = (open.get(sessionId) ?? 0) + change
    open.set(sessionId, now)
    mostOpen.set(sessionId, Math.max(mostOpen.get(sessionId) ?? 0, now))
  }

  function tell(): void {
    for (const check of [...waiters]) check()
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        port = (server.address() as AddressInfo).port
        resolve()
      })
    })
  const down = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })

  await listen()
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    trackUrl: `${origin}/sessions/v2/track`,
    configUrl: `${origin}/config`,
    uploads,
    configRequests,
    script(next) {
      if (typeof next === 'function') decide = next
      else {
        const queue = [...next]
        decide = () => queue.shift() ?? accept()
      }
    },
    config(next) {
      config = next
    },
    kept: ({ sessionId, type } = {}) =>
      uploads
        .filter(
          (upload) =>
            upload.kept &&
            (sessionId === undefined || upload.sessionId === sessionId) &&
            (type === undefined || upload.type === type),
        )
        .flatMap((upload) => upload.events),
    maxOpen: (sessionId) =>
      sessionId === undefined ? Math.max(0, ...mostOpen.values()) : (mostOpen.get(sessionId) ?? 0),
    until: (ready, timeoutMs = 10_000) =>
      new Promise((resolve, reject) => {
        const finish = (end: () => void): void => {
          clearTimeout(timer)
          waiters.delete(check)
          end()
        }
        const check = (): void => {
          if (ready(uploads)) finish(resolve)
        }
        const timer = setTimeout(
          () => finish(() => reject(new Error(`not seen within ${timeoutMs} ms; ${summary(uploads)}`))),
          timeoutMs,
        )
        waiters.add(check)
        check()
      }),
    down,
    restart: listen,
    close: async () => {
      if (server.listening) await down()
    },
  }
}

const DRIP_MS = 150

/** Carries out one answer on the wire. */
function play(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  const run = (): void => {
    if (answer.mode === 'hang') return
    if (answer.mode === 'reset' || answer.mode === 'reset-after') {
      request.socket.resetAndDestroy()
      return
    }
    const body = Buffer.from(answer.body)
    const cors = answer.mode === 'unshared' ? {} : CORS
    const head = { ...cors, 'Content-Type': 'application/json', ...answer.headers }
    if (answer.mode === 'drip') {
      response.writeHead(answer.status, { ...head, 'Content-Length': body.length })
      const rest = [...body]
      const timer = setInterval(() => {
        if (rest.length > 0) response.write(Buffer.from(rest.splice(0, 1)))
        else response.end()
      }, DRIP_MS)
      response.on('close', () => clearInterval(timer))
      return
    }
    if (answer.mode === 'answer' || answer.mode === 'unshared') {
      response.writeHead(answer.status, { ...head, 'Content-Length': body.length }).end(body)
      return
    }
    response.writeHead(answer.status, { ...head, 'Content-Length': body.length + 100 })
    response.write(body, () => {
      if (answer.mode === 'truncate') request.socket.resetAndDestroy()
    })
  }
  if (answer.delayMs > 0) setTimeout(run, answer.delayMs)
  else run()
}

function isKept(answer: Answer): boolean {
  if (answer.mode === 'hang' || answer.mode === 'reset') return false
  const skipped = Object.keys(answer.headers).some((name) => /^x-session-replay-event-skipped$/i.test(name))
  return answer.status >= 200 && answer.status < 300 && !skipped
}

function isFault(config: object): config is { fault: Answer } {
  return 'fault' in config
}

function flatten(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  ) as Record<string, string>
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function decode(raw: Buffer, encoding: string | undefined): string {
  try {
    return (encoding === 'gzip' ? gunzipSync(raw) : raw).toString('utf8')
  } catch {
    return ''
  }
}

function parse(text: string): Pick<Upload, 'version' | 'elements' | 'events'> {
  try {
    const body = JSON.parse(text) as { version: number; events: unknown[] }
    const events = body.events.map((element) =>
      typeof element === 'string' ? JSON.parse(element) : element,
    ) as Record<string, unknown>[]
    return { version: body.version, elements: body.events, events }
  } catch {
    return { version: undefined, elements: [], events: [] }
  }
}

function summary(uploads: readonly Upload[]): string {
  const lines = uploads.map(
    (upload) =>
      `${upload.type} ${upload.sessionId} ${upload.events.length} events → ${upload.answer.mode} ${upload.answer.status}`,
  )
  return `${uploads.length} uploads so far: ${lines.slice(-20).join(' | ')}`
}
