// One local server for one visit: the page, the contestant's files, and everything that recorders send to.
import { createServer } from 'node:http'
import * as zlib from 'node:zlib'
import { readPosthogFile } from './build.mjs'
import { pageOf, STYLESHEETS, WORKLOADS } from './pages.mjs'

/** Starts it; `files`: of the contestant, by name. */
export async function startServer(files) {
  /** Script files that were asked for. */
  const loaded = new Map()
  const received = { requests: 0, bytes: 0, sawSnapshot: false, otherRequests: 0, all: [] }

  const server = createServer((request, response) => {
    void answer(request, response).catch((cause) => {
      console.error(cause)
      response.destroy()
    })
  })

  async function answer(request, response) {
    const url = new URL(request.url, 'http://localhost')
    const parts = []
    for await (const part of request) parts.push(part)
    const body = Buffer.concat(parts)
    const send = (type, content) => {
      const origin = request.headers.origin
      response.writeHead(200, {
        'content-type': type,
        'access-control-allow-origin': origin ?? '*',
        'access-control-allow-credentials': 'true',
        'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
        'access-control-allow-methods': 'GET, POST',
        'access-control-max-age': '600',
      })
      response.end(content)
    }
    const { pathname } = url
    if (request.method === 'OPTIONS') return send('text/plain', '')
    if (pathname === '/page') return send('text/html; charset=utf-8', pageOf(url.searchParams.get('size')))
    if (pathname === '/workloads.js') return send('text/javascript', WORKLOADS)
    if (pathname === '/sheet.css') return send('text/css', STYLESHEETS[url.searchParams.get('size')])
    if (pathname === '/favicon.ico') return send('image/png', '')
    const script = pathname.startsWith('/built/')
      ? files.get(pathname.slice('/built/'.length))
      : pathname.startsWith('/static/')
        ? readPosthogFile(pathname.split('/').at(-1))
        : undefined
    if (script !== undefined) {
      loaded.set(pathname, script)
      return send('text/javascript', script)
    }
    // PostHog looks for its settings in a script first, and asks for them as JSON if that sets none.
    if (pathname.endsWith('/config.js')) return send('text/javascript', '')
    if (request.method === 'POST') take(pathname, body)
    return send('application/json', JSON.stringify(reply(pathname)))
  }

  function take(pathname, body) {
    received.all.push(`${pathname} ${body.length}`)
    if (!REPLAY_PATH.test(pathname)) {
      received.otherRequests += 1
      return
    }
    received.requests += 1
    received.bytes += body.length
    received.sawSnapshot ||= textsIn(body).some((text) => FULL_SNAPSHOT.test(text))
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  return {
    // The page and the intake are of different sites, as in life.
    origin: `http://localhost:${port}`,
    intake: `http://127.0.0.1:${port}`,
    loaded,
    received,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Amplitude, Sentry, PostHog, Datadog. */
const REPLAY_PATH = /\/sessions\/v2\/track|\/api\/1\/envelope|\/s\/?$|\/api\/v2\/replay/

/** rrweb's event of type 2, whether or not it is a string inside JSON; Datadog's record of type 2 or, newer, 12. */
const FULL_SNAPSHOT = /\\?"type\\?":\s*(?:2|12)\b/

/** What each intake answers, as far as recorders look at it. */
function reply(pathname) {
  if (pathname.startsWith('/config/')) {
    return { configs: { sessionReplay: { sr_sampling_config: { sample_rate: 1, capture_enabled: true } } } }
  }
  if (/^\/(?:array|flags|decide)\b/.test(pathname)) {
    return {
      supportedCompression: ['gzip-js'],
      featureFlags: {},
      sessionRecording: { endpoint: '/s/', recorderVersion: 'v2', sampleRate: null, linkedFlag: null },
      hasFeatureFlags: false,
      toolbarParams: {},
      isAuthenticated: false,
      siteApps: [],
      capturePerformance: false,
    }
  }
  return { code: 200 }
}

/** The readable forms of a body: as it is, unpacked as a whole, and what is packed somewhere inside. */
function textsIn(body) {
  const texts = [body.toString('latin1')]
  for (let at = 0; at < Math.min(body.length, 8000); at++) {
    const [first, second] = [body[at], body[at + 1]]
    if (first === 0x1f && second === 0x8b) texts.push(tryOut(zlib.gunzipSync, body.subarray(at)))
    if (first === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(second)) {
      // A piece of a multipart body is followed by its boundary, and a stream may be cut off at a sync flush.
      texts.push(tryOut((bytes) => zlib.inflateSync(bytes, { finishFlush: 2 }), body.subarray(at)))
    }
  }
  // Not in every Node.
  if (zlib.zstdDecompressSync) texts.push(tryOut(zlib.zstdDecompressSync, body))
  // Inside JSON (PostHog): a string of bytes.
  const packed = /"data":"(\\u001f[\s\S]*?)"[,}]/g
  for (const text of [...texts])
    for (const [, inner] of text.matchAll(packed))
      texts.push(tryOut(() => zlib.gunzipSync(Buffer.from(JSON.parse(`"${inner}"`), 'latin1')), null))
  return texts
}

function tryOut(unpack, bytes) {
  try {
    return unpack(bytes).toString('utf8')
  } catch {
    return ''
  }
}
