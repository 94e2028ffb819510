import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HoldKind } from '@session-replay-kit/core'
import { createTestCollector, EventType, IncrementalSource } from '@session-replay-kit/core/testing'
import type { Browser, Page } from 'playwright'
import { createServer, type PluginOption } from 'vite'

const FRAMEWORKS = join(import.meta.dirname, '..')

/** An app on Vite's development server, in a folder where its files can be edited. */
export interface HotApp {
  visit(browser: Browser, path?: string): Promise<Visit>
  /** Counts the edition of a file up and, if given, replaces a text in it; returns what the page shows then. */
  edit(file: string, change?: Replacement): Promise<string>
  close(): Promise<void>
}

/** What stands in a file, and what is to stand there. */
export type Replacement = readonly [before: string, after: string]

export type Visit = Awaited<ReturnType<typeof visit>>

/** `include` names the packages that Vite would else find out about late, and load the page again for. */
export async function openApp(name: string, plugins: PluginOption[], include: string[]): Promise<HotApp> {
  const root = await realpath(await mkdtemp(join(tmpdir(), `replay-hot-${name}-`)))
  await cp(join(import.meta.dirname, name), root, { recursive: true })
  await cp(join(FRAMEWORKS, 'package.json'), join(root, 'package.json'))
  await symlink(join(FRAMEWORKS, 'node_modules'), join(root, 'node_modules'), 'junction')
  const server = await createServer({
    configFile: false,
    root,
    logLevel: 'error',
    // Not in the linked node_modules, which others use.
    cacheDir: join(root, '.vite'),
    plugins,
    optimizeDeps: { include },
    resolve: { dedupe: ['react', 'react-dom', 'vue', 'svelte'] },
    server: {
      host: '127.0.0.1',
      port: 0,
      // A file that is being written may be two edits to a watcher. We say when it is.
      watch: null,
      fs: { allow: [root, join(FRAMEWORKS, '../..')] },
    },
  })
  await server.listen()
  const origin = server.resolvedUrls?.local[0] ?? ''

  return {
    visit: (browser, path = '') => visit(browser, `${origin}${path}`),
    async edit(file, [before, after] = ['', '']) {
      const path = join(root, file)
      const text = await readFile(path, 'utf8')
      if (!text.includes(before)) throw new Error(`${file} has no ${before}`)
      const edited = text
        .replace(before, after)
        .replace(/(?<=edition )\d+/, (edition) => String(Number(edition) + 1))
      await writeFile(path, edited)
      server.watcher.emit('change', path)
      return /\w+ edition \d+/.exec(edited)?.[0] ?? ''
    },
    async close() {
      await server.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

async function visit(browser: Browser, url: string) {
  const context = await browser.newContext()
  const page = await context.newPage()
  const collector = createTestCollector()
  const troubles = watchTroubles(page)
  await page.route(/amplitude\.com/, collector.route)
  // Before that, edits do not reach the page.
  const isConnected = page.waitForEvent('console', (message) => message.text().includes('[vite] connected'))
  await page.goto(url)
  await isConnected
  const replays = new Set<string>()
  let items = 0
  let itemsBefore = 0

  const shows = async (text: string): Promise<string> => {
    await page.waitForFunction((wanted) => document.documentElement.outerHTML.includes(wanted), text)
    return text
  }
  const recording = (isRecording = true): Promise<unknown> =>
    page.waitForFunction((wanted) => window.replay?.getSnapshot().isRecording === wanted, isRecording)
  const pausedBy = (kind: HoldKind): Promise<unknown> =>
    page.waitForFunction(
      (wanted) => window.replay.getSnapshot().reasons.some((reason) => reason.kind === wanted),
      kind,
    )
  const flush = (): Promise<void> => page.evaluate(() => window.replay.flush())
  const recorded = (pattern: RegExp): string[] =>
    collector
      .events()
      .filter(isMutation)
      .flatMap(({ data }) => JSON.stringify(data).match(pattern) ?? [])
  const noteReplays = (): Set<string> => {
    for (const { deviceId, sessionId } of collector.uploads) replays.add(`${deviceId}/${sessionId}`)
    return replays
  }

  await recording()
  await page.evaluate(() => {
    window.isSamePage = true
  })
  return {
    page,
    collector,
    troubles,
    shows,
    recording,
    pausedBy,
    showsNow: async (text: string) => (await page.content()).includes(text),
    isSamePage: () => page.evaluate(() => window.isSamePage === true),
    /** Forgets what was recorded and counts items and snapshots from here, in the same page. */
    async startOver(): Promise<void> {
      await flush()
      noteReplays()
      collector.clear()
      itemsBefore = items
    },
    /** Lets the app render one more item, with the next number. */
    async addItem(): Promise<void> {
      items++
      await page.evaluate((item) => window.addItem(item), items)
      await shows(`item ${items}.`)
    },
    setPaying: (paying: boolean) => page.evaluate((wanted) => window.setPaying(wanted), paying),
    pauseByHand: () => page.evaluate(() => void window.replay.pause('by hand')),
    resumeByHand: () => page.evaluate(() => void window.replay.resume()),
    reasons: () => page.evaluate(() => window.replay.getSnapshot().reasons.map(({ kind }) => kind)),
    /** Everything recorded until now is in the collector afterwards. */
    flush,
    /** The numbers of items, and texts, in recorded mutations: once for each time that one was recorded. */
    recordedItems: (): number[] => recorded(/(?<=item )\d+/g).map((item) => Number(item) - itemsBefore),
    recordedGreetings: (): string[] => recorded(/greeting edition \d+/g),
    snapshots: () => collector.events().filter(({ type }) => type === EventType.FullSnapshot).length,
    /** How many replays this visit has made, forgotten ones included. */
    replays: () => noteReplays().size,
    close: () => context.close(),
  }
}

const isMutation = (event: { type: number; data: unknown }): boolean =>
  event.type === EventType.Incremental &&
  (event.data as { source: number }).source === IncrementalSource.Mutation

/** Errors of the page, and what it says on the console above the level of information. */
function watchTroubles(page: Page): string[] {
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(String(error)))
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) troubles.push(message.text())
  })
  return troubles
}
