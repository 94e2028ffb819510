/** The words that server and viewer share. Types only. */

import type { ReplayEvent } from '@session-replay-kit/core/testing'

export type { ReplayEvent }

export type MaskLevel = 'light' | 'medium' | 'conservative'

/** One line of the list of replays. Times are epoch ms, sizes bytes. */
export interface ReplaySummary {
  /** Names the replay in addresses of the API. */
  key: string
  deviceId: string
  sessionId: string
  userId: string | null
  /** Of the first and the last event; `null` while there is none. */
  startedAt: number | null
  endedAt: number | null
  /** When something last arrived. */
  receivedAt: number
  events: number
  interactions: number
  /** Accepted uploads; `cursor` of the events API counts the same. */
  uploads: number
  /** Uploads that were byte for byte the same as an earlier one; kept once. */
  duplicates: number
  rawBytes: number
  bodyBytes: number
  diskBytes: number
  pageUrl: string
  library: string
  sampleRate: string
  analyticsEvents: number
  /** Analytics events that carry this replay's id. */
  taggedEvents: number
  /** Requests that were refused, skipped or malformed. */
  refusals: number
}

/** One accepted upload. */
export interface UploadFacts {
  receivedAt: number
  channel: 'replay' | 'interaction'
  via: 'fetch' | 'beacon'
  version: number
  events: number
  rawBytes: number
  bodyBytes: number
  firstAt: number | null
  lastAt: number | null
  pageUrl: string
  library: string
}

/** An analytics event of the same session. */
export interface AnalyticsFacts {
  at: number
  type: string
  userId: string | null
  replayId: string | null
  properties: Record<string, unknown>
}

export interface ReplayDetail extends ReplaySummary {
  requests: UploadFacts[]
  analytics: AnalyticsFacts[]
  refused: { at: number; why: string }[]
  content: ContentFacts
}

/** What the events themselves tell. */
export interface ContentFacts {
  /** Events by name, such as `full snapshot` or `mutation`. */
  kinds: Record<string, number>
  snapshots: number
  /** Times without recording: the gap before a snapshot that starts anew. */
  pauses: { from: number; to: number }[]
  pages: { at: number; url: string }[]
  clicks: number
  consoleMessages: number
  networkRequests: number
  /** Texts and values that are masked; elements that are blocked. */
  masked: number
  blocked: number
  readable: number
}

/** Events in order of time. Ask again with `after=cursor` for what arrived since. */
export interface EventsPage {
  events: ReplayEvent[]
  cursor: number
}

/** How the collector answers. Numbers 429, 4004 and 4005 are Amplitude's skip codes. */
export type AnswerChoice =
  | 'accept'
  | 'skip-429'
  | 'skip-4004'
  | 'skip-4005'
  | 'refuse-400'
  | 'refuse-403'
  | 'refuse-413'
  | 'refuse-429'
  | 'refuse-500'
  | 'refuse-503'
  | 'hang'

/** What the settings page edits. `null` leaves the decision to the app's own options. */
export interface Settings {
  captureEnabled: boolean
  sampleRate: number | null
  minSessionDurationMs: number | null
  maskLevel: MaskLevel | null
  blockSelectors: string[]
  maskSelectors: string[]
  unmaskSelectors: string[]
  interactions: boolean
  console: boolean
  network: boolean
  uploadAnswer: AnswerChoice
  configAnswer: AnswerChoice
  analyticsAnswer: AnswerChoice
}

/** Messages of `GET /api/stream`. */
export type StreamMessage = { type: 'replay'; replay: ReplaySummary } | { type: 'removed'; key: string }
