import { guard, ReplayError, type Report } from '../errors.ts'
import type { ReplayEvent } from '../types.ts'
import type { EventMeta } from './batcher.ts'
import { joinEvents, joins } from './merge-events.ts'
import { isReplayEvent, type PackableEvent, serializeEvent, utf8Bytes } from './serialize.ts'
import type { Following } from './work-queue.ts'

/** An event as it waits to be packed. */
export interface CapturedEvent {
  readonly event: PackableEvent
  readonly meta: EventMeta
  /** Monotonic, ms. */
  readonly capturedAt: number
}

export interface EventText {
  readonly text: string
  readonly type: unknown
  readonly at: number
  readonly capturedAt: number
}

export type DropReason = 'event-too-large' | 'event-not-serializable'

export interface DroppedEvent extends EventMeta {
  readonly type: unknown
  readonly timestamp: number
}

export interface EventTextsDeps {
  readonly mergeMutations: boolean
  /** A larger event, in bytes of JSON, is dropped. */
  readonly maxEventBytes: number
  onText(text: EventText, meta: EventMeta): void
  onDrop(reason: DropReason, event: DroppedEvent): void
  readonly report: Report
}

/** So many events in one merge: a bound for the length of a slice. */
const MOST_MERGED = 50

const DROP_MESSAGES: Record<DropReason, string> = {
  'event-too-large':
    'Session Replay: an event larger than maxSingleEventSizeBytes was dropped; a fresh snapshot mends the replay.',
  'event-not-serializable':
    'Session Replay: an event without a JSON form was dropped; a fresh snapshot mends the replay.',
}

/** Makes the text of an event, or one text of it and those right after it that join it. Drops what cannot be sent. */
export function createEventTexts(deps: EventTextsDeps) {
  const { maxEventBytes, report } = deps
  const onDrop = guard('pack.drop', report, deps.onDrop)
  let droppedEvents = 0

  function tryEvent(event: PackableEvent, origin: CapturedEvent): 'ok' | DropReason {
    let text: string
    try {
      text = serializeEvent(event)
    } catch {
      return 'event-not-serializable'
    }
    // A character is at most three bytes, so most events need no exact count.
    if (text.length * 3 > maxEventBytes && utf8Bytes(text) > maxEventBytes) return 'event-too-large'
    const { meta, capturedAt } = origin
    deps.onText({ text, type: event.type, at: event.timestamp, capturedAt }, meta)
    return 'ok'
  }

  function single(origin: CapturedEvent, event: PackableEvent): void {
    const result = tryEvent(event, origin)
    if (result === 'ok') return
    droppedEvents += 1
    report(new ReplayError('EVENT_DROPPED', DROP_MESSAGES[result]))
    onDrop(result, { ...origin.meta, type: event.type, timestamp: event.timestamp })
  }

  return {
    droppedEvents: () => droppedEvents,
    work(captured: CapturedEvent, following: Following<CapturedEvent>): void {
      const { event, meta } = captured
      if (!deps.mergeMutations || !isReplayEvent(event)) {
        single(captured, event)
        return
      }
      const events: [ReplayEvent, ...ReplayEvent[]] = [event]
      let newest = captured
      for (let next = following.peek(); next && events.length < MOST_MERGED; next = following.peek()) {
        const { event: neighbour } = next
        if (!isReplayEvent(neighbour) || !sameStream(next.meta, meta) || !joins(event, neighbour)) break
        events.push(neighbour)
        newest = next
        following.take()
      }
      const joined = events.length > 1 && joinSafely(events)
      if (joined && tryEvent(joined, newest) === 'ok') return
      for (const one of events) single(newest, one)
    },
  }
}

function joinSafely(events: readonly [ReplayEvent, ...ReplayEvent[]]): ReplayEvent | null {
  try {
    return joinEvents(events)
  } catch {
    // Not in the shape that rrweb gives them: they go as they are.
    return null
  }
}

function sameStream(one: EventMeta, other: EventMeta): boolean {
  if (one === other) return true
  const { deviceId, sessionId } = one.identity
  return (
    one.channel === other.channel &&
    deviceId === other.identity.deviceId &&
    sessionId === other.identity.sessionId
  )
}
