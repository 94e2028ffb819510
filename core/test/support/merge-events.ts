import { joinEvents, joins } from '../../src/pack/merge-events.ts'
import type { ReplayEvent } from '../../src/types.ts'

/** An event to send and the captured events that it stands for. */
export interface MergedEvent {
  event: ReplayEvent
  from: ReplayEvent[]
}

/** Joins whatever can be joined in `events`, which are in capture order. */
export function mergeEvents(events: readonly ReplayEvent[]): MergedEvent[] {
  const groups: [ReplayEvent, ...ReplayEvent[]][] = []
  for (const event of events) {
    const group = groups.at(-1)
    if (group && joins(group[0], event)) group.push(event)
    else groups.push([event])
  }
  return groups.map((from) => ({ event: from.length > 1 ? joinEvents(from) : from[0], from }))
}
