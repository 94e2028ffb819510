import type { IncomingMessage, ServerResponse } from 'node:http'

/** Amplitude refuses bodies above 10 MB; twice that is read, so that a test can see the refusal. */
const MAX_BODY_BYTES = 20_000_000

export type Handler = (request: Request) => Promise<Response | null> | Response | null

/** Runs fetch-style handlers behind `node:http`; the first that answers wins. */
export function createListener(
  handlers: Handler[],
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return async (incoming, outgoing) => {
    try {
      const request = await toRequest(incoming, outgoing)
      const response = request
        ? await firstAnswer(handlers, request)
        : new Response('Too large', { status: 413 })
      await write(response, outgoing)
    } catch (error) {
      if (outgoing.destroyed) return
      if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'text/plain' })
      outgoing.end(error instanceof Error ? error.message : String(error))
    }
  }
}

async function firstAnswer(handlers: Handler[], request: Request): Promise<Response> {
  for (const handle of handlers) {
    const response = await handle(request)
    if (response) return response
  }
  return new Response('Not found', { status: 404 })
}

async function toRequest(incoming: IncomingMessage, outgoing: ServerResponse): Promise<Request | null> {
  const abort = new AbortController()
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) abort.abort()
  })
  const body = await readBody(incoming)
  if (!body) return null
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const method = incoming.method ?? 'GET'
  return new Request(`http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`, {
    method,
    headers,
    body: method === 'GET' || method === 'HEAD' ? null : body,
    signal: abort.signal,
  })
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | null> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of incoming) {
    bytes += piece.length
    if (bytes > MAX_BODY_BYTES) return null
    pieces.push(piece)
  }
  return new Uint8Array(Buffer.concat(pieces))
}

async function write(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (!response.body) {
    outgoing.end()
    return
  }
  const reader = response.body.getReader()
  outgoing.on('close', () => void reader.cancel().catch(() => undefined))
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    outgoing.write(value)
  }
  outgoing.end()
}
