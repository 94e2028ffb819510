import { ReplayError, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'
import type { AmplitudeLike, AttachmentState, ReplayPlugin } from './types.ts'

// Where the plugin stands in the Browser SDK, moved one step at a time from what is to what is wanted.
//
// The SDK's ways that shape this file: `add` before `init` resolves at once, long before `setup` runs; `remove`
// while `setup` runs leaves a plugin that nobody will ever tear down; a second `init` tears every plugin down; a
// rejected `setup` locks the name. So each step waits for the SDK's promise *and* for our own `setup`, which never
// rejects, and both `setup` and `teardown` may come uninvited.

/** `as-is`: not ours to change now, because somebody else removed us or nothing works. */
export type Wanted = 'attached' | 'detached' | 'as-is'

export interface AttachmentDeps {
  /** The plugin that does the work. Ours wraps it. */
  inner(): ReplayPlugin
  client(): Promise<AmplitudeLike | null>
  wanted(): Wanted
  /** Called first of all in a teardown, before anything is awaited. */
  closeGate(): void
  onChange(): void
  /** Somebody else took us out (`removed`) or put us in (`added`). */
  onForeign(what: 'removed' | 'added'): void
  onOptOut(optedOut: boolean): void
  onFailure(status: 'failed' | 'unavailable', error: ReplayError): void
  report: Report
  after(ms: number, run: () => void): Stop
}

export interface Attachment {
  /** What is handed to the Browser SDK. */
  readonly plugin: ReplayPlugin
  state(): AttachmentState
  /** In the timeline, and the recorder below is set up. */
  isReady(): boolean
  /** Nothing is under way, or only a queued `add` that nobody wants any more. */
  isIdle(): boolean
  /** Moves on if what is wanted is not what is. Call it after every change of `wanted()`. */
  reconcile(): void
  /** The next move begins with a removal, so that a set-up that failed can be tried again. */
  renew(): void
  /** The client that was given the plugin and has yet to set it up. */
  queuedIn(): AmplitudeLike | null
  /** Resolves when we are out of the SDK, and on no way into it. */
  whenGone(): Promise<void>
}

const PENDING_AFTER_MS = 10_000

export function createAttachment(deps: AttachmentDeps): Attachment {
  let step: 'none' | 'adding' | 'removing' = 'none'
  let registered = false
  /** Added, and not set up yet. */
  let queued = false
  let below: 'down' | 'rising' | 'up' | 'failed' = 'down'
  // Grows with each set-up and teardown: what an older one still awaits has no say any more.
  let generation = 0
  let working = false
  let waitsForApp = false
  let renewing = false
  let client: AmplitudeLike | null = null
  let given: { config: unknown; client: unknown } = { config: null, client: null }
  let onSetUp: () => void = () => {}
  const onGone: (() => void)[] = []
  let chain: Promise<void> = Promise.resolve()

  const serial = (run: () => Promise<void>): Promise<void> => {
    chain = chain.then(run)
    return chain
  }

  /** The SDK lists the wrapper; the plugin below asks whether it is listed itself. */
  const clientBelow = (): unknown => {
    const finder = given.client as { plugin?: (name: string) => unknown } | null
    if (typeof finder?.plugin !== 'function') return given.client
    return { plugin: (name: string) => (finder.plugin?.(name) === plugin ? deps.inner() : undefined) }
  }

  const raise = (): Promise<void> => {
    const mine = generation
    below = 'rising'
    return serial(async () => {
      if (mine !== generation) return
      try {
        await deps.inner().setup(given.config, clientBelow())
        if (mine === generation) below = 'up'
      } catch (cause) {
        if (mine !== generation) return
        below = 'failed'
        const message = 'Session Replay: the recorder could not be set up; nothing is recorded.'
        deps.onFailure('failed', new ReplayError('SETUP_FAILED', message, { cause, fatal: true }))
      }
    })
  }

  const lower = (): Promise<void> => {
    registered = false
    generation++
    if (below === 'down') return chain
    below = 'down'
    return serial(async () => {
      try {
        await deps.inner().teardown()
      } catch (cause) {
        deps.report(
          new ReplayError('INTERNAL', 'Session Replay: the recorder did not stop cleanly.', { cause }),
        )
      }
    })
  }

  const removed = (): void => {
    if (registered && step !== 'removing') deps.onForeign('removed')
  }

  const plugin: ReplayPlugin = {
    get name() {
      return deps.inner().name
    },
    type: 'enrichment',
    async setup(config, from) {
      given = { config, client: from }
      const invited = step === 'adding'
      // Set up twice in a row: what runs is ended first.
      if (below !== 'down') deps.closeGate()
      const lowered = lower()
      registered = true
      queued = false
      deps.onOptOut((config as { optOut?: unknown } | null)?.optOut === true)
      if (!invited) deps.onForeign('added')
      // The wish may have changed since `add`: then nothing is started, and the queue removes us again.
      if (deps.wanted() === 'attached') await raise()
      else await lowered
      onSetUp()
      moved()
      const mine = generation
      deps.after(0, () => mine === generation && findOrphan())
    },
    async execute(event) {
      return registered && below === 'up' ? deps.inner().execute(event) : event
    },
    async teardown() {
      deps.closeGate()
      removed()
      const lowered = lower()
      moved()
      await lowered
    },
    async onSessionIdChanged(id) {
      if (below !== 'down') await deps.inner().onSessionIdChanged(id)
    },
    async onOptOutChanged(optOut) {
      deps.onOptOut(optOut)
      if (below !== 'down') await deps.inner().onOptOutChanged(optOut)
    },
    async onIdentityChanged(identity) {
      if (below !== 'down') await deps.inner().onIdentityChanged?.(identity)
    },
  }

  const moved = (): void => {
    deps.onChange()
    reconcile()
    tellIfGone()
  }

  const isGone = (): boolean => !registered && !queued

  const tellIfGone = (): void => {
    if (isGone()) for (const resolve of onGone.splice(0)) resolve()
  }

  const enter = (next: typeof step): void => {
    step = next
    deps.onChange()
  }

  /** Answers false when there is no way on without a retry. */
  const attach = async (): Promise<boolean> => {
    enter('adding')
    waitsForApp = true
    try {
      client = await deps.client()
    } catch (cause) {
      return missing(cause)
    } finally {
      waitsForApp = false
    }
    if (client === null) return missing(undefined)
    // Meanwhile others may have put us in: a second `add` would wait for a set-up that is over.
    if (registered || deps.wanted() !== 'attached') return true
    const setUp = new Promise<void>((resolve) => {
      onSetUp = resolve
    })
    const stopWarning = deps.after(PENDING_AFTER_MS, warnPending)
    queued = true
    try {
      await client.add(plugin).promise
      waitsForApp = !registered
      deps.onChange()
      await setUp
    } catch (cause) {
      queued = false
      const message = 'Session Replay: amplitude.add() failed; nothing is recorded.'
      deps.onFailure('failed', new ReplayError('SETUP_FAILED', message, { cause, fatal: true }))
      return false
    } finally {
      waitsForApp = false
      stopWarning()
    }
    return true
  }

  const warnPending = (): void =>
    deps.report(
      new ReplayError(
        'SETUP_PENDING',
        'Session Replay: the plugin was added 10 seconds ago but the Browser SDK has not set it up. Call amplitude.init(), and add no other plugin with the same name.',
      ),
    )

  const missing = (cause: unknown): boolean => {
    const message =
      'Session Replay: no Browser SDK client was found; nothing is recorded. Pass `amplitude` or `apiKey`, and install @amplitude/analytics-browser.'
    deps.onFailure('unavailable', new ReplayError('ANALYTICS_MISSING', message, { cause }))
    return false
  }

  /** A removal or a second `init` while `setup` ran has left us outside, without a teardown. */
  const findOrphan = (): void => {
    // The client that set us up, since what `createInstance` returns does not show its plugins.
    const finder = given.client as { plugin?: (name: string) => unknown } | null
    if (!registered || step !== 'none' || typeof finder?.plugin !== 'function') return
    try {
      if (finder.plugin(plugin.name) !== undefined) return
    } catch {
      return
    }
    deps.closeGate()
    removed()
    void lower()
    moved()
  }

  const detach = async (): Promise<boolean> => {
    enter('removing')
    const mine = generation
    try {
      await (client ?? (given.client as AmplitudeLike | null))?.remove(plugin.name).promise
    } catch (cause) {
      deps.report(new ReplayError('INTERNAL', 'Session Replay: amplitude.remove() failed.', { cause }))
    }
    // Before `init` the removal is only queued: what is ours ends now, and the late teardown finds nothing to do.
    // Another generation means that it was torn down properly, or even added anew since.
    await (mine === generation ? lower() : chain)
    tellIfGone()
    return true
  }

  /** What has to happen next for `wanted()` to be true; null when nothing has, or nothing can. */
  const next = (): (() => Promise<boolean>) | null => {
    const wanted = deps.wanted()
    if (wanted === 'as-is') return null
    if (registered && (wanted === 'detached' || renewing)) return detach
    if (wanted === 'detached') return null
    if (!registered) return attach
    if (below === 'up' || below === 'failed') return null
    return below === 'rising' ? () => chain.then(() => true) : () => raise().then(() => true)
  }

  const work = async (): Promise<void> => {
    // A burst of changes before the first microtask costs no call at all.
    await null
    for (let run = next(); run !== null; run = next()) {
      renewing = false
      const done = await run()
      step = 'none'
      if (!done) break
    }
    working = false
    deps.onChange()
    tellIfGone()
  }

  const reconcile = (): void => {
    if (working || next() === null) return
    working = true
    void work()
  }

  return {
    plugin,
    state: () =>
      step === 'none' ? (registered ? 'attached' : 'detached') : step === 'adding' ? 'adding' : 'removing',
    isReady: () => registered && below === 'up' && step === 'none',
    isIdle: () => !working || (waitsForApp && deps.wanted() !== 'attached'),
    reconcile,
    renew() {
      renewing = true
    },
    queuedIn: () => (queued ? client : null),
    whenGone: () => (isGone() ? chain : new Promise((resolve) => onGone.push(resolve))),
  }
}
