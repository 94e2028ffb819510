import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import type { Handler } from './http.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.png': 'image/png',
}

/**
 * What the viewer's page, and with it the replayed page inside it, may do: only our own scripts run, only
 * our own API is called. Pictures, styles, fonts and media may come from the recorded site.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src * 'unsafe-inline' data: blob:",
  'img-src * data: blob:',
  'font-src * data: blob:',
  'media-src * data: blob:',
  "frame-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ')

/** Serves the built viewer from `dir`. */
export function createViewerFiles(dir: string): Handler {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return null
    const { pathname } = new URL(request.url)
    const path = normalize(join(dir, pathname === '/' ? 'index.html' : decoded(pathname)))
    if (!path.startsWith(dir + sep)) return null
    const content = await readFile(path).catch(() => null)
    if (!content) return pathname === '/' ? notBuilt() : null
    return new Response(new Uint8Array(content), {
      headers: {
        'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
        'content-security-policy': POLICY,
        // Pictures of the recorded site are fetched without the viewer's own cookies for it: watching a replay
        // must not act as a logged-in visit. Frames without an address, as the replay's, inherit this.
        'cross-origin-embedder-policy': 'credentialless',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        // File names of assets carry a hash of their content.
        'cache-control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      },
    })
  }
}

/** What cannot be decoded is the name of no file. */
function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return pathname
  }
}

function notBuilt(): Response {
  return new Response('The viewer is not built yet: run `npm run build`. Intake and API work without it.', {
    status: 503,
    headers: { 'content-type': 'text/plain' },
  })
}
