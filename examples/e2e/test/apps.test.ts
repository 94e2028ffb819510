import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findLeaks } from '@session-replay-kit/core/testing'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { findBrowser, NO_BROWSER } from '../../setup/find-browser.mjs'
import { run } from '../pack.ts'
import { serveFolder } from '../serve.ts'
import { visit } from '../visit.ts'

// Fresh apps with the packed packages: built for production by their own bundler, then used in a browser.

interface App {
  readonly title: string
  /** Where events are packed, and what the address of the worker looks like. */
  readonly packer: 'file' | 'blob'
  /** Names of the Browser SDK are there to be tagged. */
  readonly analytics: boolean
}

const APPS: Record<string, App> = {
  'vite-react': { title: 'Fresh app with React', packer: 'file', analytics: true },
  'vite-vue': { title: 'Fresh app with Vue', packer: 'file', analytics: true },
  'vite-svelte': { title: 'Fresh app with Svelte', packer: 'file', analytics: true },
  webpack: { title: 'Fresh app with webpack', packer: 'file', analytics: true },
  // esbuild ships no file for `new URL('./worker.js', import.meta.url)`.
  esbuild: { title: 'Fresh app with esbuild', packer: 'blob', analytics: false },
  script: { title: 'Fresh app without a bundler', packer: 'blob', analytics: true },
}

/** Text that only code for development and tests has: of the panel's, of the overlay's and of the test collector's. */
const NOT_FOR_PRODUCTION = [
  'nothing is recorded on this page yet',
  'Hide overlay',
  'Not part of the protocol',
]

let browser: Browser

beforeAll(async () => {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error(NO_BROWSER)
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking'],
  })
})
afterAll(() => browser?.close())

describe.each(Object.entries(APPS))('%s', (name, app) => {
  const folder = join(inject('apps'), name)
  const dist = join(folder, 'dist')

  beforeAll(() => run('npm', ['run', 'build'], folder))

  it('is recorded: a snapshot, then every change, private text hidden', async () => {
    const site = await serveFolder(dist)
    try {
      const seen = await visit(browser, site.origin, app.analytics)
      // Browsers ask for an icon, and esbuild's app for a worker that was not shipped.
      expect(seen.said.filter((line) => !/status of 404/.test(line))).toEqual([])
      expect(seen.text.split('\n')).toEqual(expect.arrayContaining([app.title, 'item 1', 'item 2', 'item 3']))
      expect(seen.snapshots).toBeGreaterThanOrEqual(1)
      expect(seen.mutations).toBeGreaterThanOrEqual(1)
      expect(findLeaks(seen.evidence, ['Jane Doe', '42 Elm Street'])).toEqual([])
      expect(seen.tagged.length > 0).toBe(app.analytics)

      expect(seen.workers).toHaveLength(1)
      expect(seen.workers[0]?.startsWith('blob:') ? 'blob' : 'file').toBe(app.packer)
      if (seen.packer !== undefined) expect(seen.packer).toBe(app.packer)
    } finally {
      await site.close()
    }
  })

  it('holds nothing in production that is for development or tests', async () => {
    const files = await readdir(dist, { recursive: true })
    const scripts = files.filter((file) => file.endsWith('.js'))
    const text = (await Promise.all(scripts.map((file) => readFile(join(dist, file), 'utf8')))).join('\n')
    expect(text).toContain('sr-client-cfg.amplitude.com')
    expect(NOT_FOR_PRODUCTION.filter((words) => text.includes(words))).toEqual([])
  })
})
