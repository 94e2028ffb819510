import type { ResolvedOptions } from '../config/resolve-options.ts'
import type { Report } from '../errors.ts'
import type { openTargeting, PageTargeting } from '../pipeline/targeting.ts'
import type { Pipeline, PipelineDeps, PipelineStatus } from '../pipeline.ts'
import type { Readable } from '../platform/readable.ts'
import type { GateExplanation, GateReason } from '../session/gate.ts'
import type { TargetingNews } from '../session/targeting.ts'
import type { MaskLevel, SessionId } from '../types.ts'

/** What the recorder does at the moment. */
export interface RecorderStatus {
  readonly recording: boolean
  /** Why not; null while recording, or while recording is about to begin. */
  readonly reason: GateReason | null
  readonly replayId: string | null
}

export interface RecorderDeps {
  readonly apiKey: string
  readonly options: ResolvedOptions
  /** Who embeds the recorder. */
  readonly library: { readonly type: string; readonly version: string }
  /** Asked at each decision: the live word of analytics, not a copy. */
  isOptedOut(): boolean
  /** For `debugMode`. */
  debug(line: string): void
  readonly report: Report
  /** @default the real ones, each a chunk of its own */
  readonly loadPipeline?: (deps: PipelineDeps) => Promise<Pipeline>
  /** Fetches the chunk, no more. */
  readonly preloadPipeline?: () => Promise<unknown>
  readonly loadTargeting?: (deps: Parameters<typeof openTargeting>[0]) => Promise<PageTargeting>
}

export interface Recorder {
  /** Takes the ids over and asks the server; resolves when all is known that `start` needs. Records nothing yet. */
  prepare(ids: { deviceId?: string | undefined; sessionId?: SessionId | undefined }): Promise<void>
  /** Changes ids; ends the old session's recording before it returns. Resolves when the new decision is made. */
  setIds(ids: { deviceId?: string | undefined; sessionId?: SessionId | undefined }): Promise<void>
  sessionId(): SessionId | undefined
  /** Resolves when the decision for the session in force is made. */
  decided(): Promise<void>
  /** Properties for analytics events of this session; empty when it is not recorded. */
  properties(): Record<string, string | null>
  /** Asks the targeting rules again, if there are any; resolves with the verdict known. */
  evaluateTargeting(news?: TargetingNews): Promise<void>
  /** Lets it record, if the other facts do. */
  start(): void
  /** Resolves when recording has begun, or is not going to; after a second in any case. */
  begun(): Promise<void>
  /** Records nothing until `start`. What was captured is sent. */
  stop(): void
  /** The app's `stop()` and `start()`: what it said last holds through every `stop` and `start` of its door. */
  setPaused(paused: boolean): void
  isPaused(): boolean
  /** Reasons to pause; an empty list is none. Before it returns, the gate is closed if there is one. */
  setHolds(holds: readonly string[]): void
  /** Drops, in memory and on disk, what no server has seen. */
  forgetUnsent(): void
  /** Opt-out has changed: what is not sent of a user who opted out is forgotten. */
  optOutChanged(): void
  setMaskLevel(level: MaskLevel | null): void
  maskLevel(): MaskLevel
  /** Records a session only if it is within this rate as well; null takes the limit back. */
  limitSampleRate(rate: number | null): void
  /** What records and delivers here; undefined until a session is chosen. To start and stop it is the recorder's. */
  pipeline(): Omit<Pipeline, 'start' | 'stop' | 'rest'> | undefined
  readonly status: Readable<RecorderStatus>
  explain(): RecorderExplanation
  /**
   * Stops, and once what was captured is delivered as far as possible holds nothing of the page any more: no listener,
   * timer, worker or lock. `prepare` and `start` wake it up.
   */
  rest(): Promise<void>
  /** The same for good. */
  end(): Promise<void>
}

/** Why this page is or is not recorded: the chain of decisions, and what became of the events. */
export interface RecorderExplanation extends GateExplanation {
  readonly replayId: string | null
  readonly privacy: Record<string, unknown> | null
  readonly delivery: PipelineStatus | null
  /** Why nothing that is recorded arrives at the moment, or null. */
  readonly trouble: string | null
  /** Elements that change too often to be recorded in full; see `performanceConfig.mutationBudget`. */
  readonly hotNodes: readonly { element: string; stage: string; perSecond: number }[]
}
