import type { ReplayError } from '../errors.ts'
import type { LoggerProvider, LogLevel } from '../platform/logger.ts'
import type {
  AnalyticsEvent,
  PrivacyConfig,
  ServerZone,
  SessionId,
  Transport,
  UgcFilterRule,
} from '../types.ts'

/** `performanceConfig`: when captured events are packed. Missing fields keep their defaults. */
export interface PerformanceConfig {
  /**
   * Packs events while the browser is idle.
   * @default true
   */
  enabled?: boolean
  /**
   * Longest wait for an idle moment, in ms (1 to 60000). 0 means the default.
   * @default 2000
   */
  timeout?: number
  /**
   * Joins changes of texts, attributes and style rules that follow each other within 50 ms into one event.
   * @default true
   */
  mergeMutations?: boolean
  /** What one node may change before its replay costs the page too much. */
  mutationBudget?: {
    /**
     * `false` records texts and looks of all nodes twenty times a second, whatever it costs.
     * @default true
     */
    enabled?: boolean
    /**
     * Changes of one node in a second (20 or more) above which its texts and looks are recorded twice a second.
     * @default 500
     */
    sampleAbovePerSecond?: number
    /**
     * Changes of one node in a second (100 or more) above which, after two such seconds, nothing of it is recorded
     * until it calms down; its last state always is.
     * @default 20000
     */
    blockAbovePerSecond?: number
  }
  /** Limits for finding the CSS path of a clicked element. */
  interaction?: {
    /**
     * Longest search, in ms.
     * @default undefined
     */
    timeoutMs?: number
    /**
     * Most candidates to test.
     * @default 10000
     */
    maxNumberOfTries?: number
    /**
     * Most combinations of names to consider.
     * @default 1000
     */
    threshold?: number
  }
}

/** `interactionConfig`. Clicks and scrolling are switched on by remote config; only the URL rules are local. */
export interface InteractionConfig {
  /** Read from remote config only. */
  enabled?: boolean
  /** Read from remote config only. */
  batch?: boolean
  /** Read from remote config only. */
  trackEveryNms?: number
  /**
   * Rewrites addresses wherever they are recorded or sent; the first matching rule counts.
   * A malformed rule is reported and then nothing is recorded, because what it should hide is not known.
   * @default []
   */
  ugcFilterRules?: UgcFilterRule[]
}

/** `crossOriginIframes`: records frames of other origins that load the kit too. */
export interface CrossOriginIframesConfig {
  /**
   * Has to be true on both sides, in the page and in the frame.
   * @default false
   */
  enabled?: boolean
  /**
   * Frames start and stop with the page that holds them.
   * @default true
   */
  coordinateChildren?: boolean
  /**
   * Origins that this window exchanges recordings with, for example `['https://pay.example.com']`.
   * A malformed list counts as empty: no frame takes part.
   * @default undefined
   */
  allowedOrigins?: string[]
}

/** `flushIntervalConfig`: how often the open batch is sent. */
export interface FlushIntervalConfig {
  /**
   * Shortest time between two batches, in ms (at least 100).
   * @default 1000
   */
  minIntervalMs?: number
  /**
   * Longest time that an event waits for its batch to close, in ms (at least 100, `Infinity` allowed).
   * Raised to `minIntervalMs` if it is smaller.
   * @default 10000
   */
  maxIntervalMs?: number
}

/**
 * Options of the plugin. A malformed value is never thrown at the page: it gives one warning that names the option,
 * the value and the remedy, and the value used instead is the more private one. Where no value is safe (an upload
 * address, a URL rule), nothing is recorded until it is fixed.
 */
export interface SessionReplayOptions {
  /**
   * Share of sessions to record, 0 to 1. Remote config replaces it; ignored when remote targeting is set.
   * Not a finite number: 0. Out of range: the nearest bound.
   * @default 0
   */
  sampleRate?: number
  /**
   * What is masked, shown and blocked. Joined with remote config. A malformed part raises the level to
   * `conservative`; a malformed `blockSelector` stops recording.
   * @default undefined
   */
  privacyConfig?: PrivacyConfig
  /**
   * Paints the boxes of blocked elements light grey in the replay.
   * @default false
   */
  applyBackgroundColorToBlockedElements?: boolean
  /**
   * Adds the debug property to tagged analytics events, and with each upload logs at level 4 how much is stored. For
   * setting up only.
   * @default false
   */
  debugMode?: boolean
  /**
   * Data centre of your Amplitude project. The plugin falls back to the zone of the Browser SDK.
   * Unknown: `US`.
   * @default 'US'
   */
  serverZone?: ServerZone
  /**
   * Base address of remote config, http(s) or relative to the page. The API key is appended as a path segment.
   * Malformed: nothing is recorded.
   * @default undefined
   */
  configServerUrl?: string
  /**
   * Address that replays are sent to, http(s) or relative to the page. Malformed: nothing is recorded,
   * because another address might not be one you agreed to.
   * @default undefined
   */
  trackServerUrl?: string
  /**
   * Stores the text of style sheets in the replay.
   * @default true
   */
  shouldInlineStylesheet?: boolean
  /**
   * Keeps unsent replays in IndexedDB (`idb`), where they survive a crash, or in memory only.
   * Unknown: `memory`, which leaves nothing on disk.
   * @default 'idb'
   */
  storeType?: 'idb' | 'memory'
  /** When captured events are packed. */
  performanceConfig?: PerformanceConfig
  /**
   * Packs and compresses in a web worker.
   * @default false
   */
  useWebWorker?: boolean
  /**
   * Turns on the session events of the Browser SDK. Plugin only.
   * @default false
   */
  forceSessionTracking?: boolean
  /**
   * Device id to record under, in place of that of the Browser SDK. `a-z A-Z 0-9 _ - . | @ : =`.
   * @default undefined
   */
  deviceId?: string
  /**
   * Names the session of an analytics event; events without a name are not tagged. Plugin only.
   * @default undefined
   */
  customSessionId?(event: AnalyticsEvent): string | undefined
  /** URL rules. The rest is set by remote config. */
  interactionConfig?: InteractionConfig
  /**
   * Polls the address in place of listening for navigations.
   * @default false
   */
  enableUrlChangePolling?: boolean
  /**
   * Time between two looks at the address, in ms (100 to 60000).
   * @default 1000
   */
  urlChangePollingInterval?: number
  /**
   * Records `document.title` with each change of the address.
   * @default false
   */
  captureDocumentTitle?: boolean
  /**
   * Stores the text of adopted style sheets in snapshots.
   * @default true
   */
  captureAdoptedStyleSheets?: boolean
  /**
   * Stores the pixels of images in the replay.
   * @default false
   */
  inlineImages?: boolean
  /** Frames of other origins. */
  crossOriginIframes?: CrossOriginIframesConfig
  /**
   * Time between two full snapshots of a long recording, in ms (at least 1000; 300000 is plenty). 0 means never.
   * @default 0
   */
  fullSnapshotIntervalMs?: number
  /** How often the open batch is sent. */
  flushIntervalConfig?: FlushIntervalConfig
  /**
   * Sends a full snapshot at once: `true` each one, `false` none, not set the first one of a page only.
   * @default undefined
   */
  eagerFullSnapshotSend?: boolean
  /**
   * Takes a full snapshot whenever the window gets the focus.
   * @default false
   */
  captureFullSnapshotOnFocus?: boolean
  /**
   * Size at which the open batch closes, in uncompressed bytes (1000 to 8000000).
   * @default 2000000
   */
  maxPersistedEventsSizeBytes?: number
  /**
   * Size above which a single event is dropped, in uncompressed bytes (1000 to 10000000).
   * @default 9000000
   */
  maxSingleEventSizeBytes?: number
  /**
   * Time allowed for one upload, in ms. 0 or less means no limit.
   * @default 10000
   */
  sendTimeoutMs?: number
  /**
   * Compresses uploads with gzip.
   * @default true
   */
  enableTransportCompression?: boolean
  /**
   * Sends uploads in place of `fetch`. Not a function: nothing is recorded.
   * @default undefined
   */
  handleSendEvents?: Transport
  /**
   * Gets remote config in place of `fetch`. Not a function: nothing is recorded.
   * @default undefined
   */
  handleFetchConfig?: Transport
  /** Older place of `useWebWorker`. */
  experimental?: {
    /**
     * Used when `useWebWorker` is not set.
     * @default false
     */
    useWebWorker?: boolean
  }
  /**
   * Address of the worker file, for pages whose policy forbids `blob:` workers. Has to be of the page's own origin.
   * @default undefined
   */
  workerUrl?: string
  /**
   * Called with each problem, once per code and text. What it throws is ignored.
   * @default undefined
   */
  onError?: (error: ReplayError) => void
}

/** Options of the standalone `init`: those of the plugin and what the Browser SDK would otherwise tell. */
export interface StandaloneOptions extends SessionReplayOptions {
  /**
   * Session to record: epoch ms or your own id (`a-z A-Z 0-9 _ - . | @ : =`). Without it nothing is recorded.
   * @default undefined
   */
  sessionId?: SessionId
  /**
   * Records nothing. Anything but true or false counts as true.
   * @default false
   */
  optOut?: boolean
  /**
   * Instance of the Browser SDK whose opt-out is followed.
   * @default '$default_instance'
   */
  instanceName?: string
  /**
   * 0 none, 1 errors, 2 warnings too, 3 messages too, 4 everything.
   * @default 2
   */
  logLevel?: LogLevel
  /**
   * Receives the messages in place of the console; missing methods are skipped.
   * @default undefined
   */
  loggerProvider?: LoggerProvider
  /**
   * Kept for compatibility (0 to 2). The number of tries never decides whether a replay is dropped.
   * @default 2
   */
  flushMaxRetries?: number
  /**
   * Properties of the user for targeting. Never recorded.
   * @default undefined
   */
  userProperties?: Record<string, unknown>
  /**
   * Names the wrapper in the `X-Client-Library` header.
   * @default undefined
   */
  version?: { type: string; version: string }
}
