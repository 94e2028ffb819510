import { guard, ReplayError, type Report } from '../errors.ts'
import type { BatchHeader, BatchKey, Identity, PackedBatch, SessionId, Stop } from '../types.ts'
import type { Clock } from './clock.ts'
import { type Destination, trackUrl, uploadHeaders, uploadUrl } from './endpoint.ts'
import { createExitSender } from './exit.ts'
import { createHealer } from './heal.ts'
import { createKeepaliveBudget, KEEPALIVE_LIMIT_BYTES, type KeepaliveBudget } from './keepalive.ts'
import { createLanes, decideNext, type Entry, isActive, type Lane } from './lanes.ts'
import type { Outcome } from './outcome.ts'
import { attempt } from './request.ts'
import { decideBatch, FRESH_PACE, mayTryOnExit, nextPace, wakePace } from './retry.ts'
import type { SendTransport } from './transport.ts'
import { tooLargeWarning, warningFor } from './warnings.ts'

// Drains the store. Batches stand in lanes, one lane per tab and session; a lane has one request under way. `pump` is
// the only place that starts one; it runs after every event that could matter: a new batch, an answer, a timer, the
// network coming back, `wake`. Nothing is forgotten before the server has answered for it.

export interface UploaderDeps {
  /** Batches of other tab ids are adopted ones and give way to live data. */
  readonly tabId: string
  readonly destination: Destination
  readonly store: {
    read(key: BatchKey): Promise<PackedBatch | null>
    remove(key: BatchKey): Promise<void>
  }
  /** Two gzipped bodies that hold the events of one, in order; fewer if it holds a single event. */
  split(body: Uint8Array): readonly Uint8Array[] | Promise<readonly Uint8Array[]>
  gunzip(body: Uint8Array): Uint8Array
  /** The `enableTransportCompression` option. */
  readonly compress: boolean
  /** The `sendTimeoutMs` option: for a whole request, the answer's body included; 0 or less means no limit. */
  readonly sendTimeoutMs: number
  /** The `flushMaxRetries` option: quick retries before the slow cadence, never a limit of tries. */
  readonly quickRetries: number
  /** The `handleSendEvents` option. */
  readonly transport?: SendTransport
  /** `wait`: not yet (minimum session duration), asked again after `wake`. `never`: delete it. */
  mayUpload(header: BatchHeader): 'yes' | 'wait' | 'never'
  /** The server wants no more of this session: stop recording it. */
  onSessionKilled(sessionId: SessionId): void
  /** Events were lost: a fresh full snapshot is needed. */
  onHeal(): void
  readonly connection: { isOnline(): boolean; onOnline(run: () => void): Stop }
  /** Shared by everything in the page that sends with keepalive. */
  readonly keepalive?: KeepaliveBudget
  readonly clock: Clock
  readonly report: Report
}

/** Why batches did not reach the server's store. */
export type UploadDropReason =
  | 'event-too-large'
  | 'poison'
  | 'throttled'
  | 'skipped'
  | 'session-killed'
  | 'not-wanted'

export interface UploadStatus {
  /** Batches not yet acknowledged, those under way included. */
  readonly queued: number
  readonly inFlight: number
  /** Epoch ms of the last acknowledgement. */
  readonly lastUploadAt: number | null
  readonly requests: number
  readonly bytesSent: number
  /** Answers that refused us (401, 403, 404, …). */
  readonly refused: number
  /** Epoch ms before which nothing leaves: back-off, `Retry-After` or a throttle pause. */
  readonly pausedUntil: number | null
  /** Batches by reason; single events for `event-too-large`. */
  readonly drops: Readonly<Partial<Record<UploadDropReason, number>>>
}

export interface Uploader {
  /** The closed batch is in the store: send it when its turn comes. */
  enqueue(header: BatchHeader): void
  /** Resolves when nothing more can be sent at this moment: all is delivered, or the rest has to wait. */
  drain(): Promise<void>
  /** Something that `mayUpload` looks at has changed. */
  wake(): void
  /** Forgets what is queued; the store is the caller's. Requests under way end by themselves. */
  discard(which: 'all' | { sessionId: SessionId }): void
  /** The page goes away: hands over what fits the keepalive budget, oldest first, and returns which. */
  sendOnExit(batches: readonly PackedBatch[]): BatchKey[]
  /** The page goes away: a few small interaction events, best effort. */
  sendBeacon(identity: Identity, events: unknown[]): boolean
  status(): UploadStatus
  stop: Stop
}

/** Session ids that are remembered as killed. Source: the vendor's SDK. */
const KILL_LIST_LIMIT = 256
/** A sleeping computer makes long timers late: look again now and then. */
const LONGEST_TIMER_MS = 600_000

export function createUploader(deps: UploaderDeps): Uploader {
  const { destination, store, clock, report, connection } = deps
  const lanes = createLanes(deps.tabId)
  const budget = deps.keepalive ?? createKeepaliveBudget()
  const exit = createExitSender({ ...deps, budget, timeoutMs: deps.sendTimeoutMs })
  const healer = createHealer(guard('healing the replay', report, deps.onHeal), clock)
  const killed = new Set<string>()
  const pauses = new Map<string, number>()
  const drops: Partial<Record<UploadDropReason, number>> = {}
  let pace = FRESH_PACE
  const stats = { requests: 0, bytesSent: 0, refused: 0, lastUploadAt: null as number | null }
  const drains: (() => void)[] = []
  let cancelTimer: Stop | undefined
  let stopped = false

  const pump = guard('the upload', report, (): void => {
    cancelTimer?.()
    cancelTimer = undefined
    if (!stopped && connection.isOnline()) {
      dropUnwanted()
      for (let step = nextStep(); ; step = nextStep()) {
        if (step.kind === 'send') void sendFrom(step.lane)
        else {
          if (step.kind === 'wait') wakeAt(step.until)
          break
        }
      }
    }
    if (lanes.all().some(isActive)) return
    for (const resolve of drains.splice(0)) resolve()
  })

  function nextStep() {
    return decideNext(lanes.all(), { now: clock.now(), destination: pace, pausedUntil, mayGo })
  }

  function wakeAt(at: number): void {
    cancelTimer = clock.after(Math.min(LONGEST_TIMER_MS, Math.ceil(at - clock.now())), pump)
  }

  function pausedUntil({ sessionId }: Identity): number {
    return pauses.get(String(sessionId)) ?? 0
  }

  function mayGo(header: BatchHeader): boolean {
    return !killed.has(String(header.sessionId)) && deps.mayUpload(header) === 'yes'
  }

  function dropUnwanted(): void {
    for (const lane of lanes.all()) {
      for (const { header, sent } of [...lane.entries]) {
        if (!sent && deps.mayUpload(header) === 'never') forget(header, 'not-wanted')
      }
    }
  }

  async function sendFrom(lane: Lane): Promise<void> {
    const entry = lane.entries[0]
    if (!entry) return
    lane.busy = true
    lane.lastTriedAt = clock.now()
    try {
      const body = entry.parts?.[0] ?? (await store.read(entry.header))?.body
      // While the batch was read, the page may have stopped, or handed it over on its way out.
      if (stopped || entry.sent || !lane.entries.includes(entry)) return
      if (!body) lanes.remove(entry.header)
      else await settle(lane, entry, body, post(lane, entry.header, body))
    } catch (cause) {
      report(new ReplayError('STORE_FAILED', 'Session Replay: a stored batch could not be read.', { cause }))
      lane.pace = nextPace(lane.pace, { kind: 'unknown', reason: 'network' }, paceFacts())
    } finally {
      lane.busy = false
      pump()
    }
  }

  function post(lane: Lane, header: BatchHeader, packed: Uint8Array): Promise<Outcome> {
    const body = deps.compress ? packed : deps.gunzip(packed)
    // A keepalive request also fails when the host's own have used up the page's allowance, so a second try goes without.
    const fits = body.byteLength <= KEEPALIVE_LIMIT_BYTES && lane.pace.failures === 0
    const giveBack = fits ? budget.take(body.byteLength) : null
    stats.bytesSent += body.byteLength
    return attempt(
      {
        url: uploadUrl(destination, header),
        method: 'POST',
        headers: uploadHeaders(destination, header, deps.compress),
        body,
        keepalive: giveBack !== null,
      },
      { transport: deps.transport, timeoutMs: deps.sendTimeoutMs, clock },
    ).finally(() => giveBack?.())
  }

  /** Waits for the outcome of a request that is under way and does what follows from it. */
  async function settle(
    lane: Lane,
    entry: Entry,
    body: Uint8Array,
    request: Promise<Outcome>,
  ): Promise<void> {
    const { header } = entry
    entry.sent = true
    stats.requests += 1
    try {
      const outcome = await request
      learn(lane, header, outcome)
      if (outcome.kind === 'poison') entry.poisonTries += 1
      const verdict = decideBatch(outcome, entry.poisonTries)
      if (verdict === 'halve') await halve(entry, body)
      else if (verdict === 'end-session') endSession(header.sessionId)
      else if (verdict === 'set-aside') setAside(lane, header)
      else if (verdict === 'forget') {
        finishPart(entry, outcome.kind === 'accepted' ? undefined : (outcome.kind as 'throttled' | 'skipped'))
        if (outcome.kind === 'throttled') healer.need()
      }
    } finally {
      entry.sent = false
    }
  }

  function learn(lane: Lane, header: BatchHeader, outcome: Outcome): void {
    lane.pace = nextPace(lane.pace, outcome, paceFacts())
    // A batch that the server can not read says nothing about the destination.
    if (outcome.kind !== 'poison') pace = nextPace(pace, outcome, paceFacts())
    if (outcome.kind === 'accepted' || outcome.kind === 'skipped') stats.lastUploadAt = clock.epoch()
    if (outcome.kind === 'refused') stats.refused += 1
    if (outcome.kind === 'throttled') {
      const until = clock.now() + Math.max(1_000, outcome.pauseMs)
      pauses.set(String(header.sessionId), Math.max(until, pausedUntil(header)))
    }
    const warning = warningFor(outcome, pace.failures, trackUrl(destination))
    if (warning) report(warning)
  }

  function paceFacts() {
    return { now: clock.now(), random: clock.random(), quickRetries: deps.quickRetries }
  }

  async function halve(entry: Entry, body: Uint8Array): Promise<void> {
    // Set before the split: on exit, a batch in parts is left to the store.
    entry.parts ??= [body]
    const halves = await deps.split(body)
    if (halves.length > 1) {
      entry.parts.splice(0, 1, ...halves)
      return
    }
    report(tooLargeWarning())
    finishPart(entry, 'event-too-large')
    healer.need()
  }

  function finishPart(entry: Entry, drop?: UploadDropReason): void {
    entry.parts?.shift()
    if (entry.parts?.length) {
      if (drop) countDrop(drop)
    } else forget(entry.header, drop)
  }

  function forget(header: BatchHeader, drop?: UploadDropReason): void {
    if (drop) countDrop(drop)
    lanes.remove(header)
    const { tabId, sequence } = header
    store.remove({ tabId, sequence }).catch(
      guard('removing a batch', report, (cause: unknown) => {
        throw cause
      }),
    )
  }

  function countDrop(reason: UploadDropReason): void {
    drops[reason] = (drops[reason] ?? 0) + 1
  }

  // This tab's batch stays in the store, so that the next visit tries once more: servers have bad days, too.
  // One that was adopted has had that chance.
  function setAside(lane: Lane, header: BatchHeader): void {
    if (lane.own) {
      lanes.remove(header)
      countDrop('poison')
    } else forget(header, 'poison')
    healer.need()
  }

  function endSession(sessionId: SessionId): void {
    killed.add(String(sessionId))
    if (killed.size > KILL_LIST_LIMIT) killed.delete(killed.values().next().value as string)
    for (const { header } of entriesOf({ sessionId })) forget(header, 'session-killed')
    guard('ending a session', report, deps.onSessionKilled)(sessionId)
  }

  function entriesOf(which: 'all' | { sessionId: SessionId }): Entry[] {
    const all = lanes.all().flatMap((lane) => lane.entries)
    if (which === 'all') return all
    return all.filter(({ header }) => String(header.sessionId) === String(which.sessionId))
  }

  const stopListening = connection.onOnline(
    guard('coming back online', report, () => {
      pace = wakePace(pace, clock.now())
      for (const lane of lanes.all()) lane.pace = wakePace(lane.pace, clock.now())
      pump()
    }),
  )

  return {
    enqueue(header) {
      if (stopped) return
      if (killed.has(String(header.sessionId))) forget(header, 'session-killed')
      else if (lanes.add(header)) pump()
    },
    drain: () =>
      new Promise((resolve) => {
        drains.push(resolve)
        pump()
      }),
    wake: pump,
    discard(which) {
      for (const { header } of entriesOf(which)) lanes.remove(header)
      pump()
    },
    sendOnExit(batches) {
      const handedOver: BatchKey[] = []
      const now = clock.now()
      if (stopped || !connection.isOnline() || !mayTryOnExit(pace, now)) return handedOver
      for (const batch of batches) {
        const { tabId, sequence } = batch.header
        if (!mayGo(batch.header) || pausedUntil(batch.header) > now) continue
        const entry = lanes.add(batch.header)
        const lane = lanes.find(batch.header)?.lane
        if (!entry || !lane || entry.sent || entry.parts || entry.poisonTries > 0) continue
        const request = exit.handOver(batch)
        if (!request) continue
        handedOver.push({ tabId, sequence })
        stats.bytesSent += batch.body.byteLength
        void settle(lane, entry, batch.body, request)
          .catch(() => {})
          .then(pump)
      }
      return handedOver
    },
    sendBeacon(identity, events) {
      const blocked = killed.has(String(identity.sessionId)) || pausedUntil(identity) > clock.now()
      if (stopped || blocked || !mayTryOnExit(pace, clock.now())) return false
      return exit.beacon(identity, 'interaction', events)
    },
    status() {
      const step = nextStep()
      return {
        ...stats,
        queued: entriesOf('all').length,
        inFlight: entriesOf('all').filter((entry) => entry.sent).length,
        pausedUntil: step.kind === 'wait' ? clock.epoch() + step.until - clock.now() : null,
        drops: { ...drops },
      }
    },
    stop() {
      stopped = true
      stopListening()
      healer.stop()
      pump()
    },
  }
}
