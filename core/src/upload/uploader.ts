import { guard, ReplayError, type Report } from '../errors.ts'
import type { BatchHeader, BatchKey, PackedBatch, SessionId, Stop, Transport } from '../types.ts'
import type { Clock } from './clock.ts'
import { type Destination, trackUrl } from './endpoint.ts'
import { createExitSender } from './exit.ts'
import { createHealer } from './heal.ts'
import { createKeepaliveBudget, KEEPALIVE_LIMIT_BYTES, type KeepaliveBudget } from './keepalive.ts'
import { createLanes, decideNext, isActive, type Lane } from './lanes.ts'
import { emptyLedger, type UploadLedger } from './ledger.ts'
import type { Outcome } from './outcome.ts'
import { attempt, describeRequest, type Encoding } from './request.ts'
import { mayTryOnExit } from './retry.ts'
import { createSessionVerdicts } from './sessions.ts'
import { createSettler, type SettlerDeps } from './settle.ts'

// Drains the store. Batches stand in lanes, one lane per tab and session; a lane has one request under way. `pump` is
// the only place that starts one; it runs after every event that could matter: a new batch, an answer, a timer, the
// network coming back, `wake`. Nothing is forgotten before the server has answered for it (`settle.ts`).

export interface UploaderDeps extends Encoding {
  /** Batches of other tab ids are adopted ones and give way to live data. */
  readonly tabId: string
  readonly destination: Destination
  readonly store: {
    read(key: BatchKey): Promise<PackedBatch | null>
    remove(key: BatchKey): Promise<void>
  }
  /** See `SettlerDeps`. */
  split: SettlerDeps['split']
  /** The `sendTimeoutMs` option: for a whole request, the answer's body included; 0 or less means no limit. */
  readonly sendTimeoutMs: number
  /** The `flushMaxRetries` option: quick retries before the slow cadence, never a limit of tries. */
  readonly quickRetries: number
  /** The `handleSendEvents` option. */
  readonly transport?: Transport
  /** `wait`: not yet (minimum session duration, or not known whose it is), asked again after `wake`. `never`: delete it. */
  mayUpload(header: BatchHeader): 'yes' | 'wait' | 'never'
  /** The server wants no more of this session: stop recording it. */
  onSessionKilled(sessionId: SessionId): void
  /** Events were lost: a fresh full snapshot is needed. */
  onHeal(): void
  readonly connection: { isOnline(): boolean; onOnline(run: () => void): Stop }
  /** The page's own policy is known to forbid the destination. */
  isForbidden(): boolean
  /** For tests. */
  readonly keepalive?: KeepaliveBudget
  readonly clock: Clock
  readonly report: Report
}

export interface UploadStatus extends Readonly<UploadLedger> {
  /** Batches not yet acknowledged, those under way included. */
  readonly queued: number
  readonly inFlight: number
  /** Epoch ms before which nothing leaves: back-off, `Retry-After` or a throttle pause. */
  readonly pausedUntil: number | null
}

export interface Uploader {
  /** The closed batch is in the store: send it when its turn comes. */
  enqueue(header: BatchHeader): void
  /** Resolves when nothing more can be sent at this moment: all is delivered, or the rest has to wait. */
  drain(): Promise<void>
  /** Resolves when nothing waits any more: all is delivered, or was given up. */
  emptied(): Promise<void>
  /** Something that `mayUpload` looks at has changed. */
  wake(): void
  /** Another page may have taken these over: not to be sent from here until they are enqueued again. */
  release(keys: readonly BatchKey[]): void
  /** Forgets what is queued; the store is the caller's. Requests under way end by themselves. */
  discard(which: 'all' | { sessionId: SessionId }): void
  /** The page goes away: hands over what fits the keepalive budget, oldest first. */
  sendOnExit(batches: readonly PackedBatch[]): void
  status(): UploadStatus
  stop: Stop
}

/** A sleeping computer makes long timers late: look again now and then. */
const LONGEST_TIMER_MS = 600_000

export function createUploader(deps: UploaderDeps): Uploader {
  const { destination, store, clock, report, connection } = deps
  const attemptSettings = { transport: deps.transport, timeoutMs: deps.sendTimeoutMs, clock }
  const lanes = createLanes(deps.tabId)
  const sessions = createSessionVerdicts()
  const ledger = emptyLedger()
  const budget = deps.keepalive ?? createKeepaliveBudget()
  const exit = createExitSender({ ...deps, budget, timeoutMs: deps.sendTimeoutMs })
  const healer = createHealer(guard('healing the replay', report, deps.onHeal), clock)
  const settler = createSettler({
    lanes,
    sessions,
    ledger,
    remove: (key) => store.remove(key),
    split: deps.split,
    onSessionKilled: guard('ending a session', report, deps.onSessionKilled),
    needHeal: healer.need,
    quickRetries: deps.quickRetries,
    url: trackUrl(destination),
    isOnline: connection.isOnline,
    isForbidden: deps.isForbidden,
    clock,
    report,
  })
  const drains: (() => void)[] = []
  const emptyings: (() => void)[] = []
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
    if (!stopped && lanes.ofSession().length > 0) return
    for (const resolve of emptyings.splice(0)) resolve()
  })

  function nextStep() {
    return decideNext(lanes.all(), {
      now: clock.now(),
      destination: settler.destinationPace(),
      pausedUntil: ({ sessionId }) => sessions.pausedUntil(sessionId),
      mayGo: (header) => deps.mayUpload(header) === 'yes',
    })
  }

  function wakeAt(at: number): void {
    cancelTimer = clock.after(Math.min(LONGEST_TIMER_MS, Math.ceil(at - clock.now())), pump)
  }

  function dropUnwanted(): void {
    for (const { header, sent } of lanes.ofSession()) {
      if (!sent && deps.mayUpload(header) === 'never') settler.forget(header, 'not-wanted')
    }
  }

  async function sendFrom(lane: Lane): Promise<void> {
    const entry = lane.entries[0]
    if (!entry) return
    lane.busy = true
    lane.lastTriedAt = clock.now()
    try {
      const body = entry.parts?.[0] ?? (await store.read(entry.header))?.body
      // While the batch was read, the page may have stopped or gone away, or handed it over on its way out.
      if (stopped || entry.sent || !lane.entries.includes(entry)) return
      if (deps.mayUpload(entry.header) !== 'yes') return
      if (!body) lanes.release(entry.header)
      else await settler.settle(lane, entry, body, post(lane, entry.header, body))
    } catch (cause) {
      report(new ReplayError('STORE_FAILED', 'Session Replay: a stored batch could not be read.', { cause }))
      settler.postpone(lane)
    } finally {
      lane.busy = false
      pump()
    }
  }

  function post(lane: Lane, header: BatchHeader, gzipped: Uint8Array): Promise<Outcome> {
    const request = describeRequest(destination, header, gzipped, deps)
    const { byteLength } = request.body
    // A keepalive request also fails when the host's own have used up the page's allowance, so a second try goes without.
    const small = byteLength <= KEEPALIVE_LIMIT_BYTES && lane.pace.failures === 0
    const giveBack = small ? budget.take(byteLength) : null
    ledger.bytesSent += byteLength
    return attempt({ ...request, keepalive: giveBack !== null }, attemptSettings).finally(() => giveBack?.())
  }

  function mayLeaveOnExit(sessionId: SessionId): boolean {
    const now = clock.now()
    return (
      !stopped &&
      connection.isOnline() &&
      mayTryOnExit(settler.destinationPace(), now) &&
      !sessions.isKilled(sessionId) &&
      sessions.pausedUntil(sessionId) <= now
    )
  }

  const stopListening = connection.onOnline(
    guard('coming back online', report, () => {
      settler.wake()
      pump()
    }),
  )

  const waitIn = (line: (() => void)[]): Promise<void> =>
    new Promise((resolve) => {
      line.push(resolve)
      pump()
    })

  return {
    enqueue(header) {
      if (stopped) return
      if (sessions.isKilled(header.sessionId)) settler.forget(header, 'session-killed')
      else if (lanes.add(header)) pump()
    },
    drain: () => waitIn(drains),
    emptied: () => waitIn(emptyings),
    wake: pump,
    release(keys) {
      // A request that is under way has to be heard first.
      for (const key of keys) if (!lanes.find(key)?.entry.sent) lanes.release(key)
      pump()
    },
    discard(which) {
      const entries = which === 'all' ? lanes.ofSession() : lanes.ofSession(which.sessionId)
      for (const { header } of entries) lanes.remove(header)
      pump()
    },
    sendOnExit(batches) {
      for (const batch of batches) {
        const { header } = batch
        if (!mayLeaveOnExit(header.sessionId) || deps.mayUpload(header) !== 'yes') continue
        const entry = lanes.add(header)
        const lane = lanes.find(header)?.lane
        if (!entry || !lane || entry.sent || entry.parts || entry.poisonTries > 0) continue
        const request = exit.handOver(batch)
        if (!request) continue
        ledger.bytesSent += batch.body.byteLength
        void settler.settle(lane, entry, batch.body, request).then(pump, pump)
      }
    },
    status() {
      const step = nextStep()
      const entries = lanes.ofSession()
      return {
        ...ledger,
        drops: { ...ledger.drops },
        queued: entries.length,
        inFlight: entries.filter((entry) => entry.sent).length,
        pausedUntil: step.kind === 'wait' ? clock.epoch() + step.until - clock.now() : null,
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
