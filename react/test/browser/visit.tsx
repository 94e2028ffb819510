import * as amplitude from '@amplitude/analytics-browser'
import { createSessionReplay, type ReplayController, type RouteConfig } from '@session-replay-kit/core'
import {
  createTestCollector,
  findLeaks,
  outlineOf,
  recordedText,
  type TestCollector,
  unpackBody,
} from '@session-replay-kit/core/testing'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { Replayer } from 'rrweb'
import { SessionReplayProvider } from '../../src/SessionReplayProvider.tsx'
import { isSecretOnScreen, SECRETS, wait } from './pages.tsx'

/** What a visit needs of a router. */
export interface Site {
  /** The router's element. */
  readonly app: ReactNode
  go(path: string, options?: { viewTransition?: boolean }): void
  /** Ends what listens. */
  leave?(): void
}

/** Makes a router for the address that is current when it is called. */
export type OpenSite = (replay: ReplayController) => Site

/** One step: what is done, and the page that must be on screen after it. `null`: go on at once, as a hasty visitor. */
export type Step = readonly [act: string | 'back' | 'forward' | `fade ${string}`, page: string | null]

export interface Report {
  /** Wherever a secret was found. */
  leaks: unknown[]
  /** Everything readable that was recorded. */
  text: string
  /** For each return from a restricted page: ms from its last element's end to recording. */
  resumedAfterMs: number[]
  /** The live document at the end, and the last state of the replay. */
  live: string[]
  replayed: string[]
}

const RECORDING_TIMEOUT_MS = 4000
let visits = 0

/** Visits the site with the real recorder and the real Browser SDK, and searches all that left or could leave the page. */
export async function visit(
  openSite: OpenSite,
  from: string,
  steps: Step[],
  routes?: RouteConfig,
): Promise<Report> {
  const collector = createTestCollector()
  history.replaceState(null, '', from)
  const client = amplitude.createInstance()
  const replay = createSessionReplay({
    amplitude: client,
    sampleRate: 1,
    // Nothing is masked: only the rules stand between a secret and the server.
    privacyConfig: { defaultMaskLevel: 'light', blockSelector: [], unmaskSelector: ['input', 'textarea'] },
    flushIntervalConfig: { minIntervalMs: 100, maxIntervalMs: 200 },
    routes,
    ...collector.transport,
  })
  client.init(`visit-${visits++}`, {
    autocapture: false,
    logLevel: 0,
    remoteConfig: { fetchRemoteConfig: false },
    // Analytics events are no part of this; nothing leaves the test.
    serverUrl: 'data:application/json,{}',
  })

  const host = document.body.appendChild(document.createElement('div'))
  const root = createRoot(host)
  const site = openSite(replay)
  const watch = watchReturns(replay)
  const stored: unknown[] = []
  root.render(<SessionReplayProvider client={replay}>{site.app}</SessionReplayProvider>)

  let live: string[] = []
  try {
    await onScreen(null)
    for (const [act, page] of steps) {
      if (act === 'back') history.back()
      else if (act === 'forward') history.forward()
      else if (act.startsWith('fade ')) site.go(act.slice(5), { viewTransition: true })
      else site.go(act)
      if (page === null) {
        await wait(15)
        continue
      }
      await onScreen(page)
      if (isSecretOnScreen()) {
        await wait(60)
        stored.push(await readDatabases())
      } else await recording(replay)
    }
    await recording(replay)
    live = outlineOf(document, { maskAs: 'light' })
    await wait(250)
    await replay.flush()
    stored.push(await readDatabases())
  } finally {
    watch.stop()
    site.leave?.()
    root.unmount()
    await replay.dispose()
    host.remove()
  }
  const replayed = await lastStateOf(collector)
  return {
    leaks: findLeaks({ sent: collector.evidence(), stored }, Object.values(SECRETS)),
    text: JSON.stringify(recordedText(collector.events())),
    resumedAfterMs: watch.resumedAfterMs,
    live,
    replayed,
  }
}

async function onScreen(page: string | null): Promise<void> {
  const selector = page === null ? '[data-page]' : `[data-page="${page}"]`
  const deadline = performance.now() + RECORDING_TIMEOUT_MS
  while (document.querySelectorAll('[data-page]').length !== 1 || !document.querySelector(selector)) {
    if (performance.now() > deadline) {
      throw new Error(
        `not on screen: ${page} at ${location.pathname}: ${document.body.innerHTML.slice(0, 300)}`,
      )
    }
    await wait(5)
  }
}

async function recording(replay: ReplayController): Promise<void> {
  const deadline = performance.now() + RECORDING_TIMEOUT_MS
  while (!replay.getSnapshot().isRecording) {
    if (performance.now() > deadline) {
      throw new Error(`not recording at ${location.pathname}: ${JSON.stringify(replay.explain())}`)
    }
    await wait(5)
  }
}

/** Measures how long recording stays away after the last secret element has gone. */
function watchReturns(replay: ReplayController): { resumedAfterMs: number[]; stop(): void } {
  const resumedAfterMs: number[] = []
  let goneAt: number | null = null
  const observer = new MutationObserver(() => {
    if (isSecretOnScreen()) goneAt = Number.POSITIVE_INFINITY
    else if (goneAt === Number.POSITIVE_INFINITY) goneAt = performance.now()
  })
  observer.observe(document, { subtree: true, childList: true })
  const stop = replay.subscribe(() => {
    if (!replay.getSnapshot().isRecording || goneAt === null) return
    resumedAfterMs.push(performance.now() - goneAt)
    goneAt = null
  })
  return {
    resumedAfterMs,
    stop() {
      observer.disconnect()
      stop()
    },
  }
}

/** All rows of all databases of this origin, unpacked. */
async function readDatabases(): Promise<unknown[]> {
  const rows: unknown[] = []
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name ?? ''))
    for (const store of database.objectStoreNames) {
      rows.push(...(await done(database.transaction(store).objectStore(store).getAll())))
    }
    database.close()
  }
  return Promise.all(rows.map(unpack))
}

async function unpack(value: unknown): Promise<unknown> {
  if (value instanceof Uint8Array) return unpackBody(value)
  if (value instanceof ArrayBuffer) return unpackBody(new Uint8Array(value))
  if (value instanceof Blob) return unpackBody(new Uint8Array(await value.arrayBuffer()))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(async ([key, each]) => [key, await unpack(each)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

const done = <T,>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

async function lastStateOf(collector: TestCollector): Promise<string[]> {
  const events = structuredClone(collector.events())
  const first = events[0]?.timestamp ?? 0
  const last = events.at(-1)?.timestamp ?? 0
  const root = document.body.appendChild(document.createElement('div'))
  const replayer = new Replayer(events as ConstructorParameters<typeof Replayer>[0], {
    root,
    showWarning: false,
  })
  replayer.pause(last - first + 1)
  await wait(80)
  const outline = replayer.iframe.contentDocument ? outlineOf(replayer.iframe.contentDocument) : []
  replayer.destroy()
  root.remove()
  return outline
}
