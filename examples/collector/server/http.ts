import type { IncomingMessage, ServerResponse } from 'node:http'

/** Amplitude refuses bodies above 10 MB. */
const MAX_BODY_BYTES = 10_000_000

export type Handler = (request: Request) => Promise<Response | null> | Response | null

export interface ListenerDeps {
  /** The first that answers wins. */
  handlers: Handler[]
  /** Asked instead of them when the body is too large; the request it gets has none. */
  refuseLarge: Handler
}

/** Runs fetch-style handlers behind `node:http`. */
export function createListener({
  handlers,
  refuseLarge,
}: ListenerDeps): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const refusing = [refuseLarge, () => new Response('Too large', { status: 413 })]
  return async (incoming, outgoing) => {
    try {
      const { request, isTooLarge } = await toRequest(incoming, outgoing)
      await write(await firstAnswer(isTooLarge ? refusing : handlers, request), outgoing)
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

async function toRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<{ request: Request; isTooLarge: boolean }> {
  const abort = new AbortController()
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) abort.abort()
  })
  const body = await readBody(incoming)
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const method = incoming.method ?? 'GET'
  const request = new Request(`http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`, {
    method,
    headers,
    body: method === 'GET' || method === 'HEAD' ? null : body,
    signal: abort.signal,
  })
  return { request, isTooLarge: body === null }
}

/**
 * `null` when it is too large. What is left of it is read all the same: browsers look at an answer only when all is
 * sent. Who never comes to an end is cut off by Node's `requestTimeout`.
 */
async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | null> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of incoming) {
    bytes += piece.length
    if (bytes <= MAX_BODY_BYTES) pieces.push(piece)
  }
  return bytes > MAX_BODY_BYTES ? null : new Uint8Array(Buffer.concat(pieces))
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
