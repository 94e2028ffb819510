import { type BatchHeader, type BatchKey, keyText, type SessionId } from '../types.ts'
import { FRESH_PACE, type Pace, readyAt } from './retry.ts'

/** One batch that waits for its acknowledgement. */
export interface Entry {
  readonly header: BatchHeader
  /** Bodies still to send, after the server found the whole too large. */
  parts: Uint8Array[] | null
  poisonTries: number
  /** A request that carries it is under way. */
  sent: boolean
}

/** The batches of one tab and session. They leave in order, one at a time. */
export interface Lane {
  readonly id: string
  /** Captured by this tab, not adopted from a dead one. */
  readonly own: boolean
  /** Oldest first. */
  readonly entries: Entry[]
  pace: Pace
  /** Its next batch is being read, sent or split. */
  busy: boolean
  lastTriedAt: number
}

export interface Lanes {
  /** Puts a batch in its place, whatever the order of calls. `null`: this page is done with it. */
  add(header: BatchHeader): Entry | null
  find(key: BatchKey): { lane: Lane; entry: Entry } | undefined
  /** This page is done with the batch: a late call with the same key must not send it again. */
  remove(key: BatchKey): void
  /** Not this page's to send at the moment: another `add` is welcome. */
  release(key: BatchKey): void
  all(): Lane[]
  /** Every batch of one session, whichever tab captured it; of all sessions without an id. */
  ofSession(sessionId?: SessionId): Entry[]
}

/** Keys of finished batches that are remembered: hours of recording, some hundred kilobytes. */
const FINISHED_LIMIT = 5_000

export function createLanes(ownTabId: string): Lanes {
  const lanes = new Map<string, Lane>()
  const entries = new Map<string, { lane: Lane; entry: Entry }>()
  const finished = new Set<string>()

  function laneOf({ tabId, deviceId, sessionId }: BatchHeader): Lane {
    const id = JSON.stringify([tabId, deviceId, String(sessionId)])
    const known = lanes.get(id)
    if (known) return known
    const lane: Lane = {
      id,
      own: tabId === ownTabId,
      entries: [],
      pace: FRESH_PACE,
      busy: false,
      lastTriedAt: Number.NEGATIVE_INFINITY,
    }
    lanes.set(id, lane)
    return lane
  }

  function takeOut(text: string): void {
    const found = entries.get(text)
    if (!found) return
    entries.delete(text)
    found.lane.entries.splice(found.lane.entries.indexOf(found.entry), 1)
  }

  return {
    add(header) {
      if (finished.has(keyText(header))) return null
      const known = entries.get(keyText(header))
      if (known) return known.entry
      const entry: Entry = { header, parts: null, poisonTries: 0, sent: false }
      const lane = laneOf(header)
      const place = lane.entries.findLastIndex((other) => other.header.sequence < header.sequence) + 1
      lane.entries.splice(place, 0, entry)
      entries.set(keyText(header), { lane, entry })
      return entry
    },
    find: (key) => entries.get(keyText(key)),
    remove(key) {
      const text = keyText(key)
      finished.add(text)
      if (finished.size > FINISHED_LIMIT) finished.delete(finished.values().next().value as string)
      takeOut(text)
    },
    release: (key) => takeOut(keyText(key)),
    all() {
      // A lane that failed is remembered while it is empty: its next batch keeps the pace.
      for (const [id, lane] of lanes) {
        if (lane.entries.length === 0 && !lane.busy && lane.pace.failures === 0) lanes.delete(id)
      }
      return [...lanes.values()]
    },
    ofSession: (sessionId) =>
      [...lanes.values()]
        .flatMap((lane) => lane.entries)
        .filter(({ header }) => sessionId === undefined || String(header.sessionId) === String(sessionId)),
  }
}

export interface NextFacts {
  readonly now: number
  readonly destination: Pace
  /** The time until which the server wants nothing of the session. */
  pausedUntil(header: BatchHeader): number
  mayGo(header: BatchHeader): boolean
}

export type NextStep =
  | { kind: 'send'; lane: Lane }
  /** Nothing may leave before `until`. */
  | { kind: 'wait'; until: number }
  /** Nothing to do until something happens: an answer, a new batch, a wake-up. */
  | { kind: 'rest' }

/**
 * Which lane sends next. This tab's own come first; of adopted ones only one is under way at a time, so that a
 * backlog never delays live data. While the destination fails, one request at a time probes it, and the lanes
 * take turns: a batch that alone makes the server fail does not hold back other sessions.
 */
export function decideNext(lanes: readonly Lane[], facts: NextFacts): NextStep {
  const active = lanes.filter(isActive)
  const ailing = facts.destination.failures > 0 || facts.destination.refusals > 0
  if (ailing && active.length > 0) return { kind: 'rest' }
  const adoptedUnderWay = active.some((lane) => !lane.own)

  let best: Lane | undefined
  let until = Number.POSITIVE_INFINITY
  for (const lane of lanes) {
    const head = lane.entries[0]
    if (!head || isActive(lane) || (adoptedUnderWay && !lane.own) || !facts.mayGo(head.header)) continue
    const ready = Math.max(readyAt(facts.destination), readyAt(lane.pace), facts.pausedUntil(head.header))
    if (ready > facts.now) until = Math.min(until, ready)
    else if (!best || goesBefore(lane, best)) best = lane
  }
  if (best) return { kind: 'send', lane: best }
  return until < Number.POSITIVE_INFINITY ? { kind: 'wait', until } : { kind: 'rest' }
}

export function isActive(lane: Lane): boolean {
  return lane.busy || lane.entries.some((entry) => entry.sent)
}

function goesBefore(lane: Lane, other: Lane): boolean {
  return lane.own === other.own ? lane.lastTriedAt < other.lastTriedAt : lane.own
}
