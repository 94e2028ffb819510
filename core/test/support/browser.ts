import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright'
import { build } from 'vite'
import { findBrowser, NO_BROWSER } from '../../../examples/setup/find-browser.mjs'

/** A Chromium with its profile on disk, so that it can be killed and opened again. */
export interface TestBrowser {
  readonly context: BrowserContext
  /** Kills the whole browser at once, as the system does when memory runs out. The profile stays. */
  kill(): Promise<void>
  close(): Promise<void>
}

/** Opens Chromium on a profile folder; the same folder again is the same user coming back. */
export async function openBrowser(profile: string, args: string[] = []): Promise<TestBrowser> {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error(NO_BROWSER)
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-background-networking', ...args],
  })
  return {
    context,
    async kill() {
      // Through the DevTools protocol no parting events reach the pages; closing the context would run them.
      const closed = new Promise<void>((resolve) => context.once('close', () => resolve()))
      const session = await context.browser()?.newBrowserCDPSession()
      session?.send('Browser.crash').catch(() => {})
      await closed
    },
    close: () => context.close(),
  }
}

/** A fresh profile folder, and the function that deletes it. */
export async function makeProfile(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'replay-profile-'))
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

export interface PageServer {
  readonly origin: string
  close(): Promise<void>
}

/** Serves text files by path. A function is asked at each request; `headers` go with every answer. */
export async function servePages(
  files: Record<string, string | (() => string)>,
  headers: Record<string, string> = {},
): Promise<PageServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname
    const file = files[path]
    if (file === undefined) {
      response.writeHead(404).end()
      return
    }
    const type = path.endsWith('.js') ? 'text/javascript' : 'text/html'
    response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, ...headers })
    response.end(typeof file === 'function' ? file() : file)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Bundles a TypeScript entry into one classic script that defines `globalName`. */
export async function bundleForPage(entry: string, globalName: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source'] },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry, name: globalName, formats: ['iife'] },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })
  const output = (Array.isArray(result) ? result[0] : result) as { output: { type: string; code: string }[] }
  const chunk = output.output.find((part) => part.type === 'chunk')
  if (!chunk) throw new Error(`nothing was bundled from ${entry}`)
  return chunk.code
}
