import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { inject } from 'vitest'
import { findBrowser, NO_BROWSER } from '../../../examples/setup/find-browser.mjs'
import { createTestCollector, type TestCollector } from '../../src/testing/index.ts'

/** The key that every page of these tests uses. */
export const KEY = 'whole-product-key'

export interface StageSettings {
  /** Module code of the page. Knows `KEY`, `COLLECTOR`, `ANALYTICS` (options of `amplitude.init`) and `REPLAY`. */
  script?: string
  /** HTML in front of the module. */
  body?: string
  /** HTML in the head, before every script. */
  head?: string
  /** More files of the page's origin: text by path. */
  files?: Record<string, string>
  /** `configs` of the remote configuration. @default capture on, the local sample rate counts */
  remoteConfigs?: Record<string, unknown>
  headers?: Record<string, string>
  /**
   * Answers for the vendor's own hosts, for pages that name no other. Then requests do not take their real way: no
   * preflights, and none that outlives its page.
   */
  vendorHosts?: boolean
}

/** One request as it came over the wire. */
export interface WireRequest {
  method: string
  /** Path and query, byte for byte. */
  url: string
  headers: Record<string, string>
  body: Buffer
}

/** One page and the server that plays Amplitude for it. Stages share a browser and nothing else. */
export interface Stage {
  readonly page: Page
  readonly context: BrowserContext
  readonly collector: TestCollector
  /** What the collector was sent by real requests, preflights left out, in order of arrival. */
  readonly wire: readonly WireRequest[]
  /** Of the page; the collector is on another one. */
  readonly origin: string
  /** What the page said on the console, as `warning: text`, without the browser's own lines. */
  readonly said: string[]
  /** What was thrown and not caught, promises included. */
  readonly uncaught: string[]
  load(): Promise<void>
  /** Leaves as a visitor does: exit handlers run, what is open is sent. */
  leave(): Promise<void>
  close(): Promise<void>
}

export async function launch(): Promise<Browser> {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error(NO_BROWSER)
  // Nothing may reach real servers, whatever a test forgets.
  const onlyHere = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', onlyHere],
  })
}

const MODULES = {
  '@amplitude/analytics-browser': '/analytics.js',
  '@session-replay-kit/core': '/kit/index.js',
  '@session-replay-kit/core/unified': '/kit/unified.js',
  // The vendor's names, so that its snippets run as they are written.
  '@amplitude/plugin-session-replay-browser': '/kit/index.js',
  '@amplitude/session-replay-browser': '/kit/index.js',
  '@amplitude/unified': '/kit/unified.js',
}

export async function openStage(browser: Browser, settings: StageSettings = {}): Promise<Stage> {
  const collector = createTestCollector({ remoteConfigs: settings.remoteConfigs })
  const files: Record<string, string> = { ...inject('product'), ...settings.files }
  const wire: WireRequest[] = []
  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy())
  })
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    if (url.hostname === '127.0.0.1') {
      const seen = await readRequest(request)
      if (seen.method !== 'OPTIONS') wire.push(seen)
      return answer(response, await collector.handle(toRequest(seen, url)))
    }
    const file = url.pathname === '/' ? html : files[url.pathname]
    const type = /\.m?js$/.test(url.pathname) ? 'text/javascript' : 'text/html'
    response.writeHead(file === undefined ? 404 : 200, {
      'content-type': `${type}; charset=utf-8`,
      ...settings.headers,
    })
    response.end(file)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `http://localhost:${port}`
  const html = pageOf(settings, `http://127.0.0.1:${port}`)

  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } })
  if (settings.vendorHosts) await context.route(/^https:\/\/[^/]*amplitude\.com\//, collector.route)
  const page = await context.newPage()
  const said: string[] = []
  const uncaught: string[] = []
  page.on('pageerror', (error) => uncaught.push(String(error)))
  page.on('console', (line) => {
    if (!/^Failed to load resource|has been blocked by CORS/.test(line.text()))
      said.push(`${line.type()}: ${line.text()}`)
  })

  return {
    page,
    context,
    collector,
    wire,
    origin,
    said,
    uncaught,
    async load() {
      await page.goto(origin)
    },
    async leave() {
      await page.goto('about:blank')
    },
    async close() {
      await context.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function pageOf({ head = '', body = '', script = '' }: StageSettings, collectorUrl: string): string {
  const analytics = {
    serverUrl: `${collectorUrl}/2/httpapi`,
    fetchRemoteConfig: false,
    flushIntervalMillis: 50,
    autocapture: {
      sessions: true,
      pageViews: false,
      pageUrlEnrichment: false,
      attribution: false,
      formInteractions: false,
      fileDownloads: false,
      elementInteractions: false,
      frustrationInteractions: false,
      networkTracking: false,
      webVitals: false,
    },
  }
  const replay = {
    sampleRate: 1,
    configServerUrl: `${collectorUrl}/config`,
    trackServerUrl: `${collectorUrl}/sessions/v2/track`,
  }
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Whole product</title>
${head}
<script>
  const KEY = ${JSON.stringify(KEY)}, COLLECTOR = ${JSON.stringify(collectorUrl)}
  const ANALYTICS = ${JSON.stringify(analytics)}, REPLAY = ${JSON.stringify(replay)}
  const uncaught = []
  addEventListener('unhandledrejection', (event) => uncaught.push(String(event.reason)))
</script>
<script type="importmap">${JSON.stringify({ imports: MODULES })}</script>
</head><body>
${body}
<script type="module">
${script}
</script></body></html>`
}

async function readRequest(request: IncomingMessage): Promise<WireRequest> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(parts),
  }
}

const toRequest = ({ method, headers, body }: WireRequest, url: URL): Request =>
  new Request(url, { method, headers, body: method === 'GET' ? null : new Uint8Array(body) })

async function answer(response: ServerResponse, from: Response): Promise<void> {
  response.writeHead(from.status, Object.fromEntries(from.headers))
  response.end(Buffer.from(await from.arrayBuffer()))
}
