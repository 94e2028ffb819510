/** The words that every part of the recorder shares. Importing this file has no effect. */

/** Epoch milliseconds as the Browser SDK gives them, or the app's own id. Falsy ids count as missing. */
export type SessionId = string | number

/** Whom a replay belongs to. Fixed on each event at capture, never looked up later. */
export interface Identity {
  readonly deviceId: string
  readonly sessionId: SessionId
}

/** How much is hidden where no marker says otherwise. */
export type MaskLevel = 'light' | 'medium' | 'conservative'

/** Amplitude's data centre. */
export type ServerZone = 'US' | 'EU'

/** The two kinds of upload; the `type` query parameter on the wire. */
export type Channel = 'replay' | 'interaction'

/** Ends what a `start…` or `watch…` function began. Safe to call twice. */
export type Stop = () => void

/** One rrweb event. `type` and `source` numbers are rrweb's. */
export interface ReplayEvent {
  type: number
  timestamp: number
  delay?: number
  data: unknown
}

/** rrweb's event types, by value: the entry must not import rrweb for a few numbers. */
export const EventType = {
  DomContentLoaded: 0,
  Load: 1,
  FullSnapshot: 2,
  Incremental: 3,
  Meta: 4,
  Custom: 5,
  Plugin: 6,
} as const

/** rrweb's sources of incremental events, by value. */
export const IncrementalSource = {
  Mutation: 0,
  MouseMove: 1,
  MouseInteraction: 2,
  Scroll: 3,
  ViewportResize: 4,
  Input: 5,
  TouchMove: 6,
  MediaInteraction: 7,
  StyleSheetRule: 8,
  CanvasMutation: 9,
  Font: 10,
  Log: 11,
  Drag: 12,
  StyleDeclaration: 13,
  Selection: 14,
  AdoptedStyleSheet: 15,
  CustomElement: 16,
} as const

/** Why a batch was closed. */
export type CloseReason =
  | 'bytes'
  | 'interval'
  | 'snapshot'
  | 'session-change'
  | 'pause'
  | 'hidden'
  | 'exit'
  | 'flush'
  | 'stop'

/** Names one batch: the tab that captured it and its place in that tab's order (1, 2, 3, …). */
export interface BatchKey {
  readonly tabId: string
  readonly sequence: number
}

/** A text for a key: keys are compared by value. */
export const keyText = ({ tabId, sequence }: BatchKey): string => `${tabId} ${sequence}`

/** What is known of a batch from its first event on, and stays the same until it is accepted. */
export interface BatchHeader extends BatchKey, Identity {
  readonly channel: Channel
  /** Epoch ms of the first event. */
  readonly openedAt: number
  /** The first events are Meta and FullSnapshot: a replay can be played from here. */
  readonly startsSegment: boolean
  /** Request headers that describe the moment of capture. */
  readonly pageUrl: string
  readonly sampleRate: number
}

/**
 * A piece of a batch's gzip stream. Pieces in order are the request body. Every piece ends on a byte
 * boundary and carries the running check values, so anybody can close the stream after any piece.
 */
export interface BatchChunk {
  /** 0, 1, 2, … */
  readonly index: number
  readonly bytes: Uint8Array
  /** CRC-32 of all uncompressed bytes up to here. */
  readonly crc: number
  /** Uncompressed bytes up to here. */
  readonly rawBytes: number
  /** Events up to here. */
  readonly events: number
  /** Epoch ms of the newest event up to here. */
  readonly lastEventAt: number
  /** The gzip trailer is in `bytes`: nothing follows. */
  readonly closed: boolean
}

/** A closed batch, ready to be sent any number of times with the same bytes. */
export interface PackedBatch {
  readonly header: BatchHeader
  /** The gzipped request body. */
  readonly body: Uint8Array
  readonly rawBytes: number
  readonly events: number
  readonly lastEventAt: number
}

/** What a custom transport is handed: one call for each attempt, below all retry logic. */
export interface TransportRequest {
  url: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  /** Absent on GET. */
  body?: string | Uint8Array
  keepalive?: boolean
  /** Aborts when the answer does not come in time. */
  signal?: AbortSignal | undefined
}

/** What a custom transport answers; a `Response` fits. 200 to 299, or `ok`, is a success. */
export interface TransportResponse {
  status: number
  ok?: boolean
  redirected?: boolean
  headers?: { get(name: string): string | null }
  text(): Promise<string>
  json?(): Promise<unknown>
}

/** Sends one request in place of `fetch`. A rejection counts as a network error. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>

/** What targeting must remember of a session from one page to the next. */
export interface TargetingRecord {
  readonly matched: boolean
  /** Types of analytics events seen in the session. */
  readonly eventTypes: string[]
}

export interface TargetingStore {
  /** Undefined if nothing is known of the session. */
  get(sessionId: SessionId): Promise<TargetingRecord | undefined>
  /** Adds to the event types that other tabs have written. */
  set(sessionId: SessionId, record: TargetingRecord): Promise<void>
}

/** Receives messages of the kit. The same shape as the Browser SDK's `loggerProvider`. */
export interface Logger {
  error(...parts: unknown[]): void
  warn(...parts: unknown[]): void
  log(...parts: unknown[]): void
  debug(...parts: unknown[]): void
}

/** One rule of `privacyConfig.urlMaskLevels`: pages whose address matches get this mask level. */
export interface UrlMaskLevel {
  /** Pattern for the whole address: `*` any characters, `**` segments, `?` one character. */
  match: string
  maskLevel: MaskLevel
}

/** What is hidden from recordings, beyond the markers in the page. From the app's options and from the server; joined in `privacy/`. */
export interface PrivacyConfig {
  /** Elements that are replaced by an empty box of the same size. */
  blockSelector?: string | string[]
  /** Elements whose text, fields and readable attributes are masked, with all they contain. */
  maskSelector?: string[]
  /** Elements that are shown whatever the level. A mask above or below wins; secrets stay hidden. */
  unmaskSelector?: string[]
  /** What is hidden where no marker says otherwise. An unknown word counts as `conservative`. @default 'medium' */
  defaultMaskLevel?: MaskLevel
  /** Attributes that are treated like the value (on fields) or the text (elsewhere) of their element. */
  maskAttributes?: string[]
  /** Levels for addresses, first match wins. */
  urlMaskLevels?: UrlMaskLevel[]
  /**
   * Names of query parameters, headers and properties whose values are secret, besides the built-in ones (`token`,
   * `code`, `password`, `email`, …). Whole names in any letter case.
   */
  secretParameters?: string[]
}

/** `PrivacyConfig` after its shape was checked. */
export interface CheckedPrivacyConfig extends PrivacyConfig {
  /** A part that should have hidden something could not be read: the level is conservative, whatever others say. */
  failedClosed?: true
}

/** Rewrites addresses that match `selector` (a pattern as in `UrlMaskLevel`) wherever they are recorded. */
export interface UgcFilterRule {
  selector: string
  replacement: string
}

/** An event of the Browser SDK, as far as the kit looks into it. */
export interface AnalyticsEvent {
  event_type: string
  device_id?: string
  session_id?: number
  /** Epoch ms. */
  time?: number
  event_properties?: Record<string, unknown>
  user_properties?: Record<string, unknown>
}
