/** As much of Node's `IncomingMessage` as is read. Express has the same. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  method?: string
  url?: string
  headers: { [name: string]: string | string[] | undefined }
}

/** As much of Node's `ServerResponse` as is written. */
export interface NodeResponse {
  writeHead(status: number, headers?: Record<string, string>): unknown
  end(body?: Uint8Array): unknown
  destroy(): unknown
}

/** Others cannot be put into a `Request`, or mean nothing to a handler of uploads. */
const METHODS = new Set(['GET', 'POST', 'OPTIONS'])

/**
 * Runs a fetch-style handler behind `node:http` and in Express. The body is passed on as it arrives. The result never
 * rejects: when the client goes away meanwhile, the connection is closed and nothing else happens.
 *
 * @example
 * const forward = toNodeHandler(createReplayProxy({ apiKeys: [API_KEY] }))
 * app.use('/replay', forward) // Express, before any body parser
 */
export function toNodeHandler(
  handle: (request: Request) => Promise<Response>,
): (incoming: NodeRequest, outgoing: NodeResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const pieces = incoming[Symbol.asyncIterator]()
    try {
      const isKnown = METHODS.has(incoming.method ?? 'GET')
      const response = isKnown
        ? await handle(toRequest(incoming, pieces))
        : new Response('Method not allowed', { status: 405 })
      const body = new Uint8Array(await response.arrayBuffer())
      void readOn(pieces)
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      outgoing.end(body)
    } catch {
      outgoing.destroy()
    }
  }
}

function toRequest(incoming: NodeRequest, pieces: AsyncIterator<Uint8Array>): Request {
  const { method = 'GET', url = '/' } = incoming
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    // HTTP/2 has names like `:path` among them.
    if (value !== undefined && !name.startsWith(':')) headers.set(name, String(value))
  }
  // Only path and query are looked at, and `//` alone would be no address.
  const address = `http://localhost/${url.replace(/^\/+/, '')}`
  if (method !== 'POST') return new Request(address, { method, headers })
  const init: RequestInit & { duplex: 'half' } = { method, headers, body: streamOf(pieces), duplex: 'half' }
  return new Request(address, init)
}

function streamOf(pieces: AsyncIterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}

/**
 * What was answered before all of it had come is read to its end: browsers look at an answer only when all is sent, and
 * to stop reading would close the connection. Who never comes to an end is cut off by Node's `requestTimeout`.
 */
async function readOn(pieces: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    while (!(await pieces.next()).done);
  } catch {
    // The client has gone.
  }
}
