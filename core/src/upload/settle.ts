import { guard, type Report } from '../errors.ts'
import type { BatchHeader, BatchKey, SessionId } from '../types.ts'
import type { Clock } from './clock.ts'
import type { Entry, Lane, Lanes } from './lanes.ts'
import { countDrop, type UploadDropReason, type UploadLedger } from './ledger.ts'
import type { Outcome } from './outcome.ts'
import { decideBatch, FRESH_PACE, nextPace, type Pace, wakePace } from './retry.ts'
import type { SessionVerdicts } from './sessions.ts'
import { tooLargeWarning, warningFor } from './warnings.ts'

// What follows from an outcome: for the pace, for the batch, for its session.

export interface SettlerDeps {
  readonly lanes: Lanes
  readonly sessions: SessionVerdicts
  readonly ledger: UploadLedger
  /** Deletes the record. */
  remove(key: BatchKey): Promise<void>
  /**
   * Two gzipped bodies that hold the events of one, in order; fewer if it holds a single event. Null if that is not
   * possible at the moment; rejects if the body cannot be read.
   */
  split(body: Uint8Array): Promise<readonly Uint8Array[] | null>
  onSessionKilled(sessionId: SessionId): void
  /** Events were lost. */
  needHeal(): void
  readonly quickRetries: number
  /** For messages. */
  readonly url: string
  isOnline(): boolean
  /** The page's own policy is known to forbid the address. */
  isForbidden(): boolean
  readonly clock: Clock
  readonly report: Report
}

export interface Settler {
  /** Waits for the outcome of a request that is under way with `body`, and does what follows from it. */
  settle(lane: Lane, entry: Entry, body: Uint8Array, request: Promise<Outcome>): Promise<void>
  /** A batch could not be sent for a reason of our own: try later. */
  postpone(lane: Lane): void
  /** This page is done with the batch: delete its record too. */
  forget(header: BatchHeader, drop?: UploadDropReason): void
  /** The pace of the destination as a whole. */
  destinationPace(): Pace
  /** The network is back. */
  wake(): void
}

const SHORTEST_PAUSE_MS = 1_000

export function createSettler(deps: SettlerDeps): Settler {
  const { lanes, sessions, ledger, clock, report } = deps
  let destination = FRESH_PACE

  async function settle(
    lane: Lane,
    entry: Entry,
    body: Uint8Array,
    request: Promise<Outcome>,
  ): Promise<void> {
    entry.sent = true
    ledger.requests += 1
    try {
      const outcome = await request
      learn(lane, entry, outcome)
      await decideFate(lane, entry, body, outcome)
    } finally {
      entry.sent = false
    }
  }

  function learn(lane: Lane, { header }: Entry, outcome: Outcome): void {
    lane.pace = nextPace(lane.pace, outcome, paceFacts())
    // A batch that the server cannot read says nothing about the destination.
    if (outcome.kind !== 'poison') destination = nextPace(destination, outcome, paceFacts())
    if (outcome.kind === 'accepted' || outcome.kind === 'skipped') ledger.lastUploadAt = clock.epoch()
    if (outcome.kind === 'refused') ledger.refused += 1
    if (outcome.kind === 'throttled') {
      sessions.pause(header.sessionId, clock.now() + Math.max(SHORTEST_PAUSE_MS, outcome.pauseMs))
    }
    const warning = warningFor(outcome, {
      failures: destination.failures,
      url: deps.url,
      isOnline: deps.isOnline(),
      isForbidden: deps.isForbidden(),
    })
    if (warning) report(warning)
    if (isAnswered(outcome)) ledger.trouble = null
    else if (warning && outcome.kind !== 'poison') ledger.trouble = warning.message
  }

  async function decideFate(lane: Lane, entry: Entry, body: Uint8Array, outcome: Outcome): Promise<void> {
    if (outcome.kind === 'poison') entry.poisonTries += 1
    const verdict = decideBatch(outcome, entry.poisonTries)
    switch (verdict) {
      case 'again':
        return
      case 'forget':
        if (outcome.kind === 'throttled' || outcome.kind === 'skipped') countDrop(ledger, outcome.kind)
        if (outcome.kind === 'throttled') healAfter(lane)
        finishPart(entry)
        return
      case 'halve':
        await halve(lane, entry, body)
        return
      case 'set-aside':
        setAside(lane, entry.header)
        return
      case 'end-session':
        endSession(entry.header.sessionId)
        return
      default:
        return verdict satisfies never
    }
  }

  async function halve(lane: Lane, entry: Entry, body: Uint8Array): Promise<void> {
    // Set before the split: on exit, a batch in parts is left to the store.
    entry.parts ??= [body]
    const halves = await splitSafely(body)
    if (!halves) {
      postpone(lane)
      return
    }
    if (halves.length > 1) {
      entry.parts.splice(0, 1, ...halves)
      return
    }
    countDrop(ledger, 'event-too-large')
    report(tooLargeWarning())
    healAfter(lane)
    finishPart(entry)
  }

  async function splitSafely(body: Uint8Array): Promise<readonly Uint8Array[] | null> {
    try {
      return await deps.split(body)
    } catch {
      // Damaged on disk: no server would take it.
      return []
    }
  }

  function finishPart(entry: Entry): void {
    entry.parts?.shift()
    if (!entry.parts?.length) forget(entry.header)
  }

  function forget(header: BatchHeader, drop?: UploadDropReason): void {
    if (drop) countDrop(ledger, drop)
    lanes.remove(header)
    const failed = guard('deleting a sent batch', report, (cause: unknown) => {
      throw cause
    })
    deps.remove({ tabId: header.tabId, sequence: header.sequence }).catch(failed)
  }

  // This tab's batch stays in the store, so that the next visit tries once more: servers have bad days, too.
  // One that was adopted has had that chance.
  function setAside(lane: Lane, header: BatchHeader): void {
    if (lane.own) {
      countDrop(ledger, 'poison')
      lanes.remove(header)
    } else forget(header, 'poison')
    healAfter(lane)
  }

  // No snapshot of this page can mend what a dead tab recorded.
  function healAfter(lane: Lane): void {
    if (lane.own) deps.needHeal()
  }

  function endSession(sessionId: SessionId): void {
    sessions.kill(sessionId)
    for (const { header } of lanes.ofSession(sessionId)) forget(header, 'session-killed')
    deps.onSessionKilled(sessionId)
  }

  function postpone(lane: Lane): void {
    lane.pace = nextPace(lane.pace, { kind: 'unknown', reason: 'network' }, paceFacts())
  }

  function paceFacts() {
    return { now: clock.now(), random: clock.random(), quickRetries: deps.quickRetries }
  }

  return {
    settle,
    postpone,
    forget,
    destinationPace: () => destination,
    wake() {
      destination = wakePace(destination, clock.now())
      for (const lane of lanes.all()) lane.pace = wakePace(lane.pace, clock.now())
    },
  }
}

/** The server took part: it is reached, and wants what we send or says what it does not want. */
const isAnswered = ({ kind }: Outcome): boolean =>
  kind === 'accepted' || kind === 'skipped' || kind === 'throttled' || kind === 'too-large'
