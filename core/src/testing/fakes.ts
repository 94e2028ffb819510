import type { BuildParts, RecorderPort, RecorderStatus, ReplayParts } from '../controller/ports.ts'
import type {
  AmplitudeLike,
  HoldInfo,
  ReplayController,
  ReplayOptions,
  ReplayPlugin,
} from '../controller/types.ts'
import { createController } from '../controller.ts'
import type { ReplayError } from '../errors.ts'
import { createValue } from '../platform/readable.ts'
import type { MaskLevel } from '../types.ts'

/** A Browser SDK client without network, with the SDK's ways of adding, setting up and removing plugins. */
export interface FakeAmplitude extends AmplitudeLike {
  /** As `amplitude.init`: tears every plugin down, then works off what was queued. */
  init(config?: Record<string, unknown>): { promise: Promise<void> }
  plugin(name: string): ReplayPlugin | undefined
  /** `init` is through: calls act at once. */
  readonly ready: boolean
  /** The name is taken: by a plugin that is listed, or by one that is being set up. */
  has(name: string): boolean
  setOptOut(optOut: boolean): void
  setSessionId(id: number): void
  /** Runs an analytics event through the plugins. */
  track(event: Record<string, unknown>): Promise<Record<string, unknown>>
  /** Every call that reached the client, in order: `add`, `remove`, `init`. */
  readonly calls: readonly string[]
}

/**
 * A fake of the Browser SDK for tests. As the real one: `add` and `remove` before `init` are queued and resolve at
 * once; `init` waits for `setup`; a name that is being set up is locked; removing it then leaves an orphan; a second
 * `init` tears all plugins down, and one while another is under way does nothing.
 */
export function createFakeAmplitude(options: { initialised?: boolean } = {}): FakeAmplitude {
  const calls: string[] = []
  const names = new Map<string, 'locked' | 'installed'>()
  let plugins: ReplayPlugin[] = []
  let queue: (() => Promise<void>)[] = []
  let ready = options.initialised ?? false
  let initialising = false
  let config: Record<string, unknown> = {
    apiKey: 'fake-key',
    sessionId: 1,
    deviceId: 'fake-device',
    optOut: false,
  }

  const register = async (plugin: ReplayPlugin): Promise<void> => {
    const { name } = plugin
    if (names.has(name)) return
    names.set(name, 'locked')
    await plugin.setup(config, client)
    if (names.get(name) !== 'locked') return
    plugins.push(plugin)
    names.set(name, 'installed')
  }

  const deregister = async (name: string): Promise<void> => {
    names.delete(name)
    const plugin = plugins.find((each) => each.name === name)
    plugins = plugins.filter((each) => each !== plugin)
    await plugin?.teardown()
  }

  const whenReady = (run: () => Promise<void>): { promise: Promise<void> } => {
    if (ready) return { promise: run() }
    queue.push(run)
    return { promise: Promise.resolve() }
  }

  const runQueue = async (): Promise<void> => {
    while (queue.length > 0) {
      const due = queue
      queue = []
      for (const run of due) await run()
    }
    ready = true
  }

  const initialise = async (given: Record<string, unknown>): Promise<void> => {
    if (initialising) return
    initialising = true
    // The real one reads its settings first; a set-up that ends meanwhile is still listed.
    for (let step = 0; step < 20; step++) await null
    config = { ...config, ...given }
    for (const plugin of plugins) void plugin.teardown()
    plugins = []
    names.clear()
    await runQueue()
    initialising = false
  }

  const client: FakeAmplitude = {
    calls,
    add(plugin) {
      calls.push('add')
      return whenReady(() => register(plugin))
    },
    remove(name) {
      calls.push('remove')
      return whenReady(() => deregister(name))
    },
    init(given = {}) {
      calls.push('init')
      return { promise: initialise(given) }
    },
    plugin: (name) => plugins.find((each) => each.name === name),
    get ready() {
      return ready
    },
    has: (name) => names.has(name),
    setOptOut(optOut) {
      config = { ...config, optOut }
      for (const plugin of plugins) void plugin.onOptOutChanged(optOut)
    },
    setSessionId(id) {
      config = { ...config, sessionId: id }
      for (const plugin of plugins) void plugin.onSessionIdChanged(id)
    },
    async track(event) {
      let tagged = event
      for (const plugin of plugins) tagged = await plugin.execute({ ...tagged })
      return tagged
    },
  }
  return client
}

/** A recorder that records nothing, for tests of what is built above it. */
export interface FakeRecorder {
  /** What a controller is built on. */
  readonly build: BuildParts
  readonly recorder: RecorderPort
  readonly plugin: ReplayPlugin
  /** What happened, in order: `setup`, `open`, `close`, `teardown`, `mask:<level>`, `rate:<share>`, `checkpoint`, … */
  readonly log: readonly string[]
  readonly errors: readonly ReplayError[]
  /** Set-ups without teardown that record now. More than one is a bug of the caller. */
  readonly live: number
  /** The reasons given with the last `close`. */
  readonly reasons: readonly HoldInfo[]
  /** Ends the set-ups that `setup: 'manual'` has left waiting; false when there are none. */
  finishSetup(outcome?: 'ok' | 'reject'): boolean
  /** Session and sampling, as the recorder would find them. */
  exclude(excluded: boolean): void
}

export interface FakeRecorderOptions {
  /** @default 'instant' */
  setup?: 'instant' | 'manual' | 'reject'
  /** @default '@amplitude/plugin-session-replay-browser' */
  name?: string
  /** Nodes that were recorded. @default none */
  knows?(node: Node): boolean
  isBlocked?(element: Element): boolean
}

/** Creates a `FakeRecorder`. */
export function createFakeRecorder(options: FakeRecorderOptions = {}): FakeRecorder {
  const log: string[] = []
  const errors: ReplayError[] = []
  let sets = 0
  let open = false
  let excluded = false
  let recorded = false
  let reasons: readonly HoldInfo[] = []
  let mask: MaskLevel | null = null
  let rate: number | null = null
  let pending: { resolve(): void; reject(cause: unknown): void }[] = []
  const status = createValue<RecorderStatus>({ state: 'held', reason: null, replayId: null })

  const isLive = (): boolean => sets > 0 && open && !excluded
  const tell = (): void => {
    recorded ||= isLive()
    const state = !open ? 'held' : sets === 0 ? 'waiting' : excluded ? 'excluded' : 'recording'
    const current = status.get()
    if (current.state === state) return
    status.set({ state, reason: null, replayId: state === 'recording' ? 'fake-device/1' : null })
  }

  const recorder: RecorderPort = {
    close(why) {
      log.push('close')
      reasons = why
      open = false
      tell()
    },
    open() {
      log.push('open')
      open = true
      tell()
    },
    status,
    hasRecorded: () => recorded,
    knows: options.knows ?? (() => false),
    isBlocked: options.isBlocked ?? (() => false),
    setMaskLevel(level) {
      log.push(`mask:${level}`)
      mask = level
    },
    maskLevel: () => mask ?? 'medium',
    limitSampleRate(next) {
      if (next !== rate) log.push(`rate:${next}`)
      rate = next
    },
    checkpoint: () => log.push('checkpoint'),
    flush: async () => {
      log.push('flush')
    },
    forgetUnsent: () => log.push('forget'),
    discardRecent: (ms) => log.push(`discard:${ms}`),
    explain: () => ({ recording: isLive(), sentence: status.get().state }),
  }

  const plugin: ReplayPlugin = {
    name: options.name ?? '@amplitude/plugin-session-replay-browser',
    type: 'enrichment',
    async setup() {
      log.push('setup')
      if (options.setup === 'manual') {
        await new Promise<void>((resolve, reject) => pending.push({ resolve, reject }))
      }
      if (options.setup === 'reject') throw new Error('set-up failed')
      sets++
      tell()
    },
    execute: async (event) =>
      isLive() ? { ...event, event_properties: { '[Amplitude] Session Replay ID': 'fake-device/1' } } : event,
    async teardown() {
      log.push('teardown')
      sets = Math.max(0, sets - 1)
      tell()
    },
    onSessionIdChanged: async () => {},
    onOptOutChanged: async () => {},
  }

  const parts: ReplayParts = { plugin, recorder, report: (error) => errors.push(error) }
  return {
    build: () => parts,
    recorder,
    plugin,
    log,
    errors,
    get live() {
      return isLive() ? sets : 0
    },
    get reasons() {
      return reasons
    },
    finishSetup(outcome = 'ok') {
      const due = pending
      pending = []
      for (const each of due) outcome === 'ok' ? each.resolve() : each.reject(new Error('set-up failed'))
      return due.length > 0
    },
    exclude(value) {
      excluded = value
      tell()
    },
  }
}

/** What `createFakeReplay` makes. */
export interface FakeReplay {
  readonly client: ReplayController
  readonly amplitude: FakeAmplitude
  readonly recorder: FakeRecorder
}

let made = 0

/**
 * A real controller over a recorder that records nothing and a client that is initialised: statuses, holds and route
 * rules are true, in any DOM and without network. For tests of components; give `client` to the provider or plugin.
 *
 * @example
 * const { client } = createFakeReplay({ routes: { deny: '/checkout' } })
 * render(<SessionReplayProvider client={client}><App /></SessionReplayProvider>)
 */
export function createFakeReplay(options: ReplayOptions = {}): FakeReplay {
  const amplitude = createFakeAmplitude({ initialised: true })
  // A page has one controller per name of a plugin.
  const recorder = createFakeRecorder({ name: `fake-${made++}` })
  return { client: createController({ amplitude, ...options }, recorder.build), amplitude, recorder }
}

/** Waits until the controller has nothing under way, and its listeners have been called. */
export async function flushController(controller: ReplayController): Promise<void> {
  await controller.whenIdle()
  await Promise.resolve()
}
