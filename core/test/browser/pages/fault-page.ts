import type * as Kit from '../../../src/index.ts'
import type { SessionReplayPlugin, StandaloneOptions, Transport } from '../../../src/index.ts'

// A page that writes numbers into its own DOM, so that every single change can be counted where it arrives.

/** What the page needs of a recorder. The same for every recorder that is compared. */
export interface Subject {
  begin(settings: Settings): Promise<void>
  setSession(sessionId: number): Promise<void>
  setDevice(deviceId: string): Promise<void>
  setOptOut(optOut: boolean): Promise<void>
  stop(): Promise<void>
  flush(): Promise<void>
  /** Why this page is, or is not, recorded. */
  explain(): { recording: boolean; sentence: string }
}

export interface Settings {
  /** How the recorder is reached. @default 'plugin' */
  readonly door?: 'plugin' | 'standalone'
  readonly apiKey: string
  readonly deviceId: string
  readonly sessionId: number
  readonly optOut: boolean
  readonly options: StandaloneOptions
  /** How `handleSendEvents` fails the first times; it sends with `fetch` from then on. */
  readonly transport?: 'throws' | 'rejects' | 'hangs' | 'garbage'
}

declare global {
  interface Window {
    kit: typeof Kit
    subject?: Subject
  }
}

let tab = ''
let written = 0
let leaving = 0

/** Names this visit: its items are `item <tab>1`, `item <tab>2`, … */
export function enter(name: string): void {
  tab = name
  document.body.insertAdjacentHTML('beforeend', '<main id="items"></main>')
}

/** Writes the next item, each in an element of its own. Most go again after a while; every fifth stays, or all do. */
export function write(lifeMs: number | 'stays'): void {
  written += 1
  const item = document.createElement('p')
  item.textContent = `item ${tab}${written}`
  document.querySelector('#items')?.append(item)
  // The console tells Node at once, and what it has told survives the page.
  console.debug(`#wrote ${tab}${written}`)
  if (lifeMs === 'stays' || written % 5 === 0) return
  leaving += 1
  setTimeout(() => {
    item.remove()
    leaving -= 1
  }, lifeMs)
}

/** Resolves when every item that goes is gone. */
export async function settled(): Promise<void> {
  while (leaving > 0) await new Promise((resolve) => setTimeout(resolve, 50))
}

export async function writeMany(count: number, everyMs: number, lifeMs: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    write(lifeMs)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

/** What the visitor sees of the items. */
export const shown = (): string[] =>
  [...document.querySelectorAll('#items p')].map(({ textContent }) => textContent ?? '')

let plugin: SessionReplayPlugin | undefined
let analytics: { sessionId: number; deviceId: string; apiKey: string; optOut: boolean } | undefined

/** The kit as a plugin, under a stand-in for the Browser SDK. */
const kitSubject: Subject = {
  async begin({ apiKey, deviceId, sessionId, optOut, options }) {
    const { kit } = window
    const created = kit.sessionReplayPlugin(options)
    plugin = created
    analytics = { apiKey, deviceId, sessionId, optOut }
    await created.setup(analytics, { plugin: () => plugin })
  },
  async setSession(sessionId) {
    if (analytics) analytics.sessionId = sessionId
    await plugin?.onSessionIdChanged(sessionId)
  },
  async setDevice(deviceId) {
    if (analytics) analytics.deviceId = deviceId
    await plugin?.onIdentityChanged({ deviceId })
  },
  async setOptOut(optOut) {
    if (analytics) analytics.optOut = optOut
    await plugin?.onOptOutChanged(optOut)
  },
  async stop() {
    const ending = plugin
    plugin = undefined
    await ending?.teardown()
  },
  async flush() {},
  explain: () => window.kit.explain(),
}

/** The kit alone; opt-out is told by a stand-in for the analytics connector. */
const standaloneSubject: Subject = {
  async begin({ apiKey, deviceId, sessionId, options }) {
    connect()
    await window.kit.init(apiKey, { ...options, deviceId, sessionId }).promise
  },
  setSession: (sessionId) => window.kit.setSessionId(sessionId).promise,
  setDevice: (deviceId) => window.kit.setSessionId(window.kit.getSessionId() ?? 0, deviceId).promise,
  async setOptOut(optOut) {
    connect().set(optOut)
  },
  async stop() {
    window.kit.shutdown()
  },
  flush: () => window.kit.flush(),
  explain: () => window.kit.explain(),
}

interface Connector {
  set(optOut: boolean): void
}

let connector: Connector | undefined
function connect(): Connector {
  if (connector) return connector
  const listeners = new Set<() => void>()
  const identity = { optOut: false }
  const identityStore = {
    getIdentity: () => ({ ...identity }),
    addEventListener: (run: () => void) => listeners.add(run),
    removeEventListener: (run: () => void) => listeners.delete(run),
  }
  Object.assign(window, { analyticsConnectorInstances: { $default_instance: { identityStore } } })
  connector = {
    set(optOut) {
      identity.optOut = optOut
      for (const run of listeners) run()
    },
  }
  return connector
}

let chosen: Subject = kitSubject
const subject = (): Subject => window.subject ?? chosen

export function begin(settings: Settings): Promise<void> {
  chosen = settings.door === 'standalone' ? standaloneSubject : kitSubject
  const { transport, options } = settings
  if (!transport) return subject().begin(settings)
  return subject().begin({ ...settings, options: { ...options, handleSendEvents: failingFirst(transport) } })
}

function failingFirst(how: NonNullable<Settings['transport']>): Transport {
  let failuresLeft = 3
  return ({ url, method, headers, body }) => {
    if (failuresLeft === 0) return fetch(url, { method, headers, body: body as BodyInit })
    failuresLeft -= 1
    if (how === 'throws') throw new Error('no transport')
    if (how === 'rejects') return Promise.reject()
    if (how === 'hangs') return new Promise(() => {})
    return ['', { status: 'fine' }, null][failuresLeft] as unknown as ReturnType<Transport>
  }
}
export const setSession = (sessionId: number): Promise<void> => subject().setSession(sessionId)
export const setDevice = (deviceId: string): Promise<void> => subject().setDevice(deviceId)
export const setOptOut = (optOut: boolean): Promise<void> => subject().setOptOut(optOut)
export const stop = (): Promise<void> => subject().stop()
export const flush = (): Promise<void> => subject().flush()
export const explain = (): ReturnType<Subject['explain']> => subject().explain()
