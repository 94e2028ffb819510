import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright'
import { build } from 'vite'
import { findBrowser, NO_BROWSER } from '../../../examples/setup/find-browser.mjs'

/** A Chromium with its profile on disk, so that it can be killed and opened again. */
export interface TestBrowser {
  readonly context: BrowserContext
  /** Not a headless shell, which has no back/forward cache and shows all tabs at once. */
  readonly whole: boolean
  newPage(): Promise<Page>
  /** A page in front of a window of its own, so that it stays visible whatever other pages do. */
  newWindow(): Promise<Page>
  /** Puts another tab in front: `visibilitychange` to hidden, as when the user switches tabs. */
  hide(page: Page): Promise<void>
  /** The user switches back. A headless shell leaves the tab hidden. */
  show(page: Page): Promise<void>
  /** Hides and freezes the tab, with the events of the browser; `thaw` wakes it. */
  freeze(page: Page): Promise<void>
  thaw(page: Page): Promise<void>
  /** Kills the renderer: the page sees no event at all. */
  crash(page: Page): Promise<void>
  /** Kills the whole browser at once, as the system does when memory runs out. The profile stays. */
  kill(): Promise<void>
  /** Closes as the user does, with all parting events. */
  close(): Promise<void>
}

export interface BrowserSettings {
  /** A headless shell if there is one: it takes half of the processor's time, see `TestBrowser.whole`. */
  readonly shell?: boolean
  /** A few processes for all pages: starting one takes longer than what most tests do in it. None may crash. */
  readonly crowded?: boolean
  readonly args?: readonly string[]
}

const CROWDED = [
  '--renderer-process-limit=4',
  '--disable-site-isolation-trials',
  '--disable-features=IsolateOrigins,site-per-process',
]

/** Opens Chromium on a profile folder; the same folder again is the same user coming back. */
export async function openBrowser(profile: string, settings: BrowserSettings = {}): Promise<TestBrowser> {
  const executable = findExecutable(settings.shell ?? false)
  const whole = !executable.endsWith('headless-shell')
  const child = spawn(
    executable,
    [
      '--headless=new',
      '--no-sandbox',
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      ...(settings.crowded ? CROWDED : []),
      ...(settings.args ?? []),
      'about:blank',
    ],
    // A group of its own: the executable may be a script that starts the browser as a child.
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  )
  const killGroup = (): void => {
    const ended = child.exitCode !== null || child.signalCode !== null
    if (child.pid !== undefined && !ended) process.kill(-child.pid, 'SIGKILL')
  }
  process.once('exit', killGroup)
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => {
      process.off('exit', killGroup)
      resolve()
    }),
  )
  // Playwright's own launch keeps every tab visible and the back/forward cache off; connected like this it changes nothing.
  const browser = await chromium.connectOverCDP(await debuggerAddress(child), { noDefaults: true })
  const context = browser.contexts()[0]
  if (!context) throw new Error('the browser has no window')
  const front = context.pages()[0] ?? (await context.newPage())

  const ownWindows = new WeakSet<Page>()

  async function setWindow(page: Page, windowState: 'minimized' | 'normal'): Promise<void> {
    const session = await context?.newCDPSession(page)
    const { windowId } = (await session?.send('Browser.getWindowForTarget')) ?? {}
    if (windowId !== undefined)
      await session?.send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
    await session?.detach()
  }

  async function lifecycle(page: Page, state: 'frozen' | 'active'): Promise<void> {
    const session = await context?.newCDPSession(page)
    await session?.send('Page.setWebLifecycleState', { state })
    await session?.detach()
  }

  return {
    context,
    whole,
    newPage: () => context.newPage(),
    async newWindow() {
      const session = await browser.newBrowserCDPSession()
      const url = `about:blank#${randomUUID()}`
      const opened = context.waitForEvent('page', { predicate: (page) => page.url() === url })
      await session.send('Target.createTarget', { url, newWindow: true })
      await session.detach()
      const page = await opened
      ownWindows.add(page)
      return page
    },
    async hide(page) {
      // A headless shell shows all tabs at once; there, freezing is the only way to hide one.
      if (whole && ownWindows.has(page)) await setWindow(page, 'minimized')
      else if (whole) await front.bringToFront()
      else {
        await lifecycle(page, 'frozen')
        await lifecycle(page, 'active')
      }
      await page.waitForFunction(() => document.visibilityState === 'hidden', undefined, { polling: 50 })
    },
    show: (page) => (ownWindows.has(page) ? setWindow(page, 'normal') : page.bringToFront()),
    freeze: (page) => lifecycle(page, 'frozen'),
    thaw: (page) => lifecycle(page, 'active'),
    async crash(page) {
      if (settings.crowded) throw new Error('in a crowded browser other pages would crash, too')
      const crashed = new Promise((resolve) => page.once('crash', resolve))
      const session = await context.newCDPSession(page)
      session.send('Page.crash').catch(() => {})
      await crashed
    },
    async kill() {
      killGroup()
      await exited
      await browser.close().catch(() => {})
    },
    async close() {
      const session = await browser.newBrowserCDPSession()
      session.send('Browser.close').catch(() => {})
      await exited
      await browser.close().catch(() => {})
    },
  }
}

/** `findBrowser` prefers a headless shell. Who needs more gets it, if both are installed and nobody named one. */
function findExecutable(shell: boolean): string {
  const found = findBrowser()
  if (!found) throw new Error(NO_BROWSER)
  const whole = found.replace(/-headless-shell$/, '')
  return !shell && !process.env.CHROME_PATH && existsSync(whole) ? whole : found
}

function debuggerAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.stderr?.on('data', (text: Buffer) => {
      output += text
      const [address] = /ws:\/\/\S+/.exec(output) ?? []
      if (address) resolve(address)
    })
    child.once('exit', () => reject(new Error(`the browser ended at once: ${output}`)))
    child.once('error', reject)
  })
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

let pageServers = 0

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
    // A name of its own: the port alone may have been an earlier page's, whose storage the browser still has.
    origin: `http://page-${++pageServers}.localhost:${(server.address() as AddressInfo).port}`,
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
