import type { ReplayEvent } from '../types.ts'
import { isContentChange, joinContentChanges } from './merge-mutations.ts'
import { areRulesOfOneSheet, joinRules } from './merge-rules.ts'

/** Events that are joined lie at most this far apart, ms: the later ones are replayed that much too early. */
const MERGE_WINDOW_MS = 50

type Neighbours = readonly [ReplayEvent, ...ReplayEvent[]]

/** `event` comes right after `first`, or after others that join it, and can be told together with it. */
export function joins(first: ReplayEvent, event: ReplayEvent): boolean {
  const gapMs = event.timestamp - first.timestamp
  if (!(gapMs >= 0 && gapMs <= MERGE_WINDOW_MS) || event.delay !== first.delay) return false
  return (isContentChange(first) && isContentChange(event)) || areRulesOfOneSheet(first, event)
}

/** One event for neighbours that all join the first. The events themselves are never changed. */
export function joinEvents(events: Neighbours): ReplayEvent {
  return isContentChange(events[0]) ? joinContentChanges(events) : joinRules(events)
}
