import type { SessionReplayOptions } from '../config/options.ts'
import type { ReplayError } from '../errors.ts'
import type { RouteConfig, RouteDecision } from '../navigation/routes.ts'
import type { RecorderExplanation } from '../recorder/types.ts'
import type { MaskLevel } from '../types.ts'

/** Why recording is paused. */
export type HoldKind =
  | 'manual'
  | 'route'
  | 'component'
  | 'consent'
  | 'opt-out'
  | 'hidden'
  | 'prerender'
  | 'masking'
  | 'external'

/**
 * What to tell the user. `settling` means that no reason to pause is left, but what was on the restricted
 * screen is still in the document. `unsampled` sessions are not recorded at all; `unavailable` means no
 * analytics client or no browser.
 */
export type ReplayStatus =
  | 'idle'
  | 'starting'
  | 'recording'
  | 'settling'
  | 'paused'
  | 'unsampled'
  | 'unavailable'
  | 'failed'
  | 'disposed'

export interface HoldInfo {
  readonly kind: HoldKind
  readonly detail?: string
  readonly count: number
}

/** Where the plugin stands in the Browser SDK's timeline. */
export type AttachmentState = 'detached' | 'adding' | 'attached' | 'removing'

/** Immutable. A new object on every change, the same object otherwise. */
export interface ReplaySnapshot {
  readonly status: ReplayStatus
  readonly isRecording: boolean
  readonly reasons: readonly HoldInfo[]
  readonly attachment: AttachmentState
  /** Grows each time the gate closes. */
  readonly epoch: number
  readonly route: RouteDecision | null
  readonly maskLevel: MaskLevel
  readonly sessionReplayId: string | null
  readonly error: ReplayError | null
}

/** What the kit needs of a Browser SDK client. */
export interface AmplitudeLike {
  add(plugin: ReplayPlugin): { promise: Promise<unknown> }
  remove(name: string): { promise: Promise<unknown> }
}

/** A client, or a function that finds it later (script tag, dynamic import). */
export type AmplitudeSource = AmplitudeLike | (() => AmplitudeLike | null | Promise<AmplitudeLike | null>)

/** An enrichment plugin as the Browser SDK expects it, without its types. */
export interface ReplayPlugin {
  readonly name: string
  readonly type: 'enrichment'
  /** Never rejects. */
  setup(config: unknown, client: unknown): Promise<void>
  /** Generic, so that the plugin fits every version of the SDK's own event type. */
  execute<Event extends object>(event: Event): Promise<Event>
  /** Closes the gate before its first await. */
  teardown(): Promise<void>
  onSessionIdChanged(id: number): Promise<void>
  onOptOutChanged(optOut: boolean): Promise<void>
  onIdentityChanged?(identity: unknown): Promise<void>
}

/** What a router's own route may say about itself, in the route's metadata. */
export type ReplayRouteMeta = 'deny' | { readonly mask?: MaskLevel }

export interface SettleOptions {
  /** No change of the document for this long, in ms (0 to 60000). @default 80 */
  quietMs: number
  /**
   * After this long, in ms (0 to 3600000, `Infinity` allowed), what is left of the restricted screen is dealt with as
   * `leftovers` says.
   * @default 1500
   */
  maxWaitMs: number
  /**
   * `block`: leave survivors out of the recording; `stay-paused`: wait until they are gone, which any other word means
   * as well.
   * @default 'block'
   */
  leftovers: 'block' | 'stay-paused'
}

/**
 * What the controller adds to the options of the plugin. As with those, a malformed value is never thrown at the page: it
 * gives one warning at `start()`, and the value used instead is the one that records less.
 */
export interface ControllerOptions {
  /** The app's own Browser SDK client. Give this or `apiKey`. */
  amplitude?: AmplitudeSource | null
  /** With a key the kit loads and initialises `@amplitude/analytics-browser` itself. */
  apiKey?: string
  /** Second argument of `amplitude.init` when `apiKey` is given. */
  analytics?: Record<string, unknown>
  /** Which pages are recorded. What cannot be read in them pauses every page. */
  routes?: RouteConfig
  /** `required` records nothing until `setConsent(true)`, and so does any other word. @default 'granted' */
  consent?: 'granted' | 'required'
  /** Pause while the tab is hidden. @default false */
  pauseWhenHidden?: boolean
  /** When recording may go on after a restricted screen. */
  settle?: Partial<SettleOptions>
  /**
   * What was captured in the last so many ms (0 to 60000) is dropped when a route or component pauses recording, also
   * where it was paused already. It is packed that much later, so a crash costs that much more, and a flush leaves it; a
   * page that is hidden or left, and a session that ends, send it at once. @default 0
   */
  discardRecentMs?: number
  /** Called after changes of gate, attachment and route, one microtask later. */
  onEvent?: (event: ReplayLifecycleEvent) => void
}

/** Options of `createSessionReplay`: the plugin's and the controller's. */
export interface ReplayOptions extends SessionReplayOptions, ControllerOptions {}

/** Gives a hold up. Further calls do nothing. */
export interface Release {
  (): void
  readonly released: boolean
}

/** What made the address be looked at. `replaced`: a router puts in another page in this very turn. */
export type NavigationSource = 'load' | 'url' | 'pop' | 'hash' | 'restore' | 'adapter' | 'replaced'

export type ReplayLifecycleEvent =
  | { type: 'gate'; open: boolean; epoch: number; reasons: readonly HoldInfo[] }
  | { type: 'attachment'; value: AttachmentState }
  | { type: 'route'; decision: RouteDecision; source: NavigationSource }
  | { type: 'settled'; afterMs: number; quarantined: number; timedOut: boolean }

/** Why this page is or is not recorded, as data and as one sentence. Only `recording` and `sentence` before set-up. */
export interface PageExplanation extends Partial<RecorderExplanation> {
  readonly recording: boolean
  /** For people: "not recorded: paused by the route rule /billing/**". */
  readonly sentence: string
}

/** The same as the controller sees it: what holds recording, and what the page's recorder says. */
export interface Explanation extends Pick<ReplaySnapshot, 'status' | 'reasons' | 'attachment' | 'route'> {
  readonly recording: boolean
  readonly sentence: string
  /** Null before `start()`. */
  readonly recorder: PageExplanation | null
}

/** What an app and the bindings hold. All functions are bound: they may be taken off the object. */
export interface ReplayController {
  /** Calls `onChange` in a microtask after changes, once per burst. Returns the end of the subscription. */
  subscribe(onChange: () => void): () => void
  getSnapshot(): ReplaySnapshot
  /** The same frozen `idle` snapshot for server and hydration. */
  getServerSnapshot(): ReplaySnapshot

  /** Begins; returns stop. Counted: recording ends 50 ms after the last stop. */
  start(): () => void
  /** Ends for good: closes the gate at once, then removes the plugin. */
  dispose(): Promise<void>
  /** Tries again after `failed`, `unavailable` or a removal by others. */
  retry(): Promise<ReplaySnapshot>

  /** Pauses until `resume()`. A second call needs no second `resume()`. */
  pause(detail?: string): ReplaySnapshot
  /** Gives up what `pause()` holds, nothing else: a button cannot overrule a restricted page. */
  resume(): ReplaySnapshot
  /**
   * Pauses until the returned function is called, and then until what was rendered meanwhile has left the document.
   * `settle: false` resumes without waiting for that. `'replaced'` is for frameworks that let go of a component in the
   * turn in which they replace it: what came into the document in the turn of the release counts as the next screen.
   */
  hold(kind: 'component', options?: { detail?: string; settle?: boolean | 'replaced' }): Release
  /** Only `true` is a yes. After a no, what was captured and is still unsent is forgotten. */
  setConsent(granted: boolean): ReplaySnapshot

  readonly navigation: {
    /**
     * Looks at an address now: the current one, or one about to be written. With `'replaced'`, what came into the
     * document in this turn counts as the next screen, as it does for `hold`.
     */
    evaluate(url?: string | URL, source?: NavigationSource): RouteDecision
    /** The document of the address on show is in place. A hint that shortens settling, never skips it. */
    committed(): void
    setRoutes(config: RouteConfig): void
    /**
     * Joins what a router's routes say to the rules. `read` is asked at each look at the address and may only
     * restrict; the strictest of all answers counts, and one that throws denies. Returns the end of it.
     */
    addMeta(read: () => ReplayRouteMeta | null): () => void
    /**
     * Joins the address of the page that a router still renders, or null where it renders none. `read` is asked at each
     * look at the address: while the rules deny or mask that page, it stays so, whatever the document's address is by
     * then. Call `evaluate()` when the router renders another page, before the document changes. One that throws
     * denies. Returns the end of it.
     *
     * @example
     * const end = replay.navigation.addRendered(() => router.currentPage.href)
     */
    addRendered(read: () => string | URL | null): () => void
  }

  /** Sets the level; it may only tighten what options and routes say. `null` gives it back to them. */
  setMaskLevel(level: MaskLevel | null): void
  /** A marker attribute was switched on this element while recording. */
  privacyChanged(element?: Element): void
  /** Asks for a fresh full snapshot, at most one per 500 ms. */
  checkpoint(): void
  explain(): Explanation

  /** Resolves when nothing is under way that ends by itself. */
  whenIdle(): Promise<ReplaySnapshot>
  /** Sends what is captured. */
  flush(): Promise<void>
  /** What is handed to `amplitude.add`. */
  readonly plugin: ReplayPlugin
}
