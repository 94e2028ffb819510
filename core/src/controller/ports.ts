import type { Report } from '../errors.ts'
import type { UrlWatch } from '../platform/navigation.ts'
import type { Readable } from '../platform/readable.ts'
import type { MaskLevel, Stop } from '../types.ts'
import type { Settler } from './settle.ts'
import type { HoldInfo, PageExplanation, ReplayOptions, ReplayPlugin } from './types.ts'

/** What the recorder says about itself. */
export interface RecorderStatus {
  /**
   * `held`: closed by us. `waiting`: open as far as we are concerned, but ids or the server's settings are still
   * to come. `excluded`: this session is not recorded. `failed`: `reason` says why.
   */
  readonly state: 'held' | 'waiting' | 'excluded' | 'recording' | 'failed'
  readonly reason: string | null
  readonly replayId: string | null
}

/**
 * The recorder as the controller sees it. It begins closed. Between `close` and the next `open` it emits
 * nothing, whatever session changes, set-ups or opt-ins happen.
 */
export interface RecorderPort {
  /** Before it returns, recording has ended and nothing more is emitted. Also called with new reasons while closed. */
  close(reasons: readonly HoldInfo[]): void
  /** Lets it record: a new Meta + FullSnapshot as soon as session, sampling and server settings agree. */
  open(): void
  readonly status: Readable<RecorderStatus>
  /** Recorded at some time in this document: `knows` means something. */
  hasRecorded(): boolean
  /** The node was part of the recording when the gate last closed (or is now, while open). */
  knows(node: Node): boolean
  /** The element is left out of the recording with everything in it. */
  isBlocked(element: Element): boolean
  /** The level used where it is stricter than the configured one. */
  setMaskLevel(level: MaskLevel | null): void
  /** The level in force on this page. */
  maskLevel(): MaskLevel
  /** Narrows sampling on this page; null takes it back. */
  limitSampleRate(rate: number | null): void
  /** Asks for a fresh full snapshot, at most one per 500 ms. */
  checkpoint(): void
  flush(): Promise<void>
  /** Drops, in memory and on disk, what no server has seen. */
  forgetUnsent(): void
  /** Drops unsent events captured in the last `ms`. */
  discardRecent(ms: number): void
  explain(): PageExplanation
}

/** What the door hands to the controller: the plugin that runs the recorder, and the recorder. */
export interface ReplayParts {
  readonly plugin: ReplayPlugin
  readonly recorder: RecorderPort
  readonly report: Report
}

/**
 * Builds the parts, once. Building touches nothing: a controller that finds another one on the page builds too, and then
 * never sets its plugin up, opens or closes.
 */
export type BuildParts = (options: ReplayOptions) => ReplayParts

/** What the controller needs of page and clock; tests bring their own. */
export interface Host {
  /** A document to record exists. Asked at each call, not at import. */
  hasDocument(): boolean
  href(): string
  isHidden(): boolean
  isPrerendering(): boolean
  watchUrl(watch: UrlWatch, report: Report): Stop
  watchPage(watch: PageWatch, report: Report): Stop
  createSettler(report: Report): Settler
  after(ms: number, run: () => void): Stop
  microtask(run: () => void): void
  /** As `element.matches`, which a form may hide by a field of this name. */
  matches(element: Element, selector: string): boolean
}

export interface PageWatch {
  /** Also called when watching begins. */
  onVisibility(): void
  /** The page goes away, perhaps into the back/forward cache. */
  onHide(): void
  /** A prerendered page is shown. */
  onActivate(): void
}
