/**
 * A page has one recorder, however many plugins, providers and script tags ask for it. This file holds it, together
 * with what was decided about it before it existed (reasons to pause, mask level, consent), and hands it out.
 */
import type { ResolvedOptions } from '../config/resolve-options.ts'
import { sameOptions } from '../controller/same-options.ts'
import type { PageExplanation } from '../controller/types.ts'
import { ReplayError, type Report } from '../errors.ts'
import { disownLeftovers, hasDisowned } from '../platform/leftovers.ts'
import { createValue, type Readable } from '../platform/readable.ts'
import type { Recorder, RecorderStatus } from '../recorder/types.ts'
import { createRecorder } from '../recorder.ts'
import type { MaskLevel } from '../types.ts'

export interface RecorderRequest {
  /** Who asks. A second owner gets nothing while the first one still records. */
  readonly owner: object
  readonly apiKey: string
  readonly options: ResolvedOptions
  readonly library: { readonly type: string; readonly version: string }
  isOptedOut(): boolean
  /** For `debugMode`. */
  debug(line: string): void
  readonly report: Report
}

interface Current extends RecorderRequest {
  owner: object
  readonly recorder: Recorder
  released: boolean
}

let current: Current | undefined
/** Replaced, but not done yet with what they captured: what is decided about that concerns them, too. */
const leaving = new Set<Recorder>()
let unfollow: (() => void) | undefined
let holds: readonly string[] = []
/** Whose recorder alone the holds are for; undefined: whoever owns it. */
let holder: object | undefined
let level: MaskLevel | null = null
let rateLimit: number | null = null
/** Consent was withdrawn before there was a recorder. */
let forgets = false
const status = createValue<RecorderStatus>({ recording: false, reason: 'stopped', replayId: null })

/**
 * The page's recorder for this owner: the same one again if nothing has changed, so that a plugin that is removed and
 * added again goes on in the same pipeline; else a new one, while the old one delivers what it has.
 * `null`: somebody else owns it, and was told.
 */
export function openRecorder(request: RecorderRequest): Recorder | null {
  if (current && !current.released && current.owner !== request.owner) {
    const message =
      'Session Replay: another plugin or init() records this page already; the second one is ignored. Use one instance per page.'
    request.report(new ReplayError('DUPLICATE_CONTROLLER', message))
    return null
  }
  if (current && isSame(current, request)) {
    current.released = false
    current.owner = request.owner
    liveOptOut = request.isOptedOut
    current.recorder.setHolds(holdsFor(current))
    return current.recorder
  }
  unfollow?.()
  if (current) void leave(current.recorder)
  liveOptOut = request.isOptedOut
  const recorder = createRecorder({ ...request, isOptedOut: () => liveOptOut() })
  recorder.setHolds(holdsFor(request))
  recorder.setMaskLevel(level)
  recorder.limitSampleRate(rateLimit)
  if (forgets || hasDisowned(request.apiKey)) recorder.forgetUnsent()
  forgets = false
  current = { ...request, recorder, released: false }
  unfollow = recorder.status.subscribe(status.set)
  return recorder
}

async function leave(recorder: Recorder): Promise<void> {
  leaving.add(recorder)
  await recorder.end()
  leaving.delete(recorder)
}

let liveOptOut: () => boolean = () => false

const holdsFor = ({ owner }: RecorderRequest): readonly string[] =>
  holder === undefined || holder === owner ? holds : []

/** The owner records no more; another one may ask. What was captured is delivered, then nothing of it remains. */
export function releaseRecorder(owner: object): void {
  if (current?.owner !== owner) return
  current.released = true
  void current.recorder.rest()
}

/** What happens in the page's recorder, whoever owns it. For the controller, which exists before any recorder. */
export const sharedRecorder = {
  status: status as Readable<RecorderStatus>,
  get: (): Recorder | undefined => current?.recorder,
  /** What this owner may act on: the recorder in use, whoever brought it, or its own that was shut down. */
  reachableBy: (owner: object): Recorder | undefined =>
    current?.released && current.owner !== owner ? undefined : current?.recorder,
  /** With an owner they are for its recorder alone. */
  setHolds(next: readonly string[], owner?: object): void {
    holds = next
    holder = owner
    current?.recorder.setHolds(holdsFor(current))
  },
  setMaskLevel(next: MaskLevel | null): void {
    level = next
    current?.recorder.setMaskLevel(next)
  },
  limitSampleRate(rate: number | null): void {
    rateLimit = rate
    current?.recorder.limitSampleRate(rate)
  },
  optOutChanged(): void {
    for (const recorder of leaving) recorder.optOutChanged()
    current?.recorder.optOutChanged()
  },
  forgetUnsent(): void {
    for (const recorder of leaving) recorder.forgetUnsent()
    current?.recorder.forgetUnsent()
    if (current) return
    forgets = true
    // This page may never have a recorder.
    disownLeftovers()
  },
  explain: (): PageExplanation => ({
    sentence: 'not recorded: not set up yet',
    ...current?.recorder.explain(),
    recording: status.get().recording,
  }),
}

function isSame(a: RecorderRequest, b: RecorderRequest): boolean {
  const valuesOf = ({ apiKey, library, options }: RecorderRequest) => [apiKey, library, options]
  try {
    return sameOptions(valuesOf(a), valuesOf(b), Object.is)
  } catch {
    // An option that holds itself has no end.
    return false
  }
}
