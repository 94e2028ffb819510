import type { Channel, ReplayEvent } from '../types.ts'

/** An upload of type `interaction` carries these as they are: a click or a scroll, never an rrweb event. */
export interface InteractionEvent {
  readonly type: string
  readonly timestamp: number
}

export type PackableEvent = ReplayEvent | InteractionEvent

/** What surrounds the elements of one upload. Between any two elements stands a comma. */
export const BODY_HEAD = '{"version":1,"events":['
export const BODY_TAIL = ']}'

export const isReplayEvent = (event: PackableEvent): event is ReplayEvent => typeof event.type === 'number'

/**
 * One event as JSON, the only time it is stringified. rrweb events get the key order `type`, `timestamp`,
 * `delay` if there is one, `data`: readers of the stream look at type and time first. Throws if the event has
 * a cycle or a BigInt.
 */
export function serializeEvent(event: PackableEvent): string {
  if (!isReplayEvent(event)) return stringify(event)
  const { type, timestamp, delay, data } = event
  return stringify(delay == null ? { type, timestamp, data } : { type, timestamp, delay, data })
}

/** The text as it stands in the body: replay events are strings that contain JSON, interactions are objects. */
export function bodyElement(channel: Channel, text: string): string {
  return channel === 'replay' ? stringify(text) : text
}

/** Bytes of `text` in UTF-8, without making them. */
export function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1
    // A surrogate pair is four bytes, counted here as two units of one byte and one of two.
    if (unit >= 0xd800 && unit < 0xdc00) index += 1
  }
  return bytes
}

/**
 * `JSON.stringify` unless the page gave arrays, strings or objects a `toJSON`, as Prototype.js up to 1.6 does:
 * then it would write arrays as strings. They are put aside for the time of this call, which nobody can see.
 */
function stringify(value: unknown): string {
  const restore: (() => void)[] = []
  for (const owner of [Object.prototype, Array.prototype, String.prototype, Number.prototype]) {
    const found = Object.getOwnPropertyDescriptor(owner, 'toJSON')
    if (!found?.configurable) continue
    delete (owner as { toJSON?: unknown }).toJSON
    restore.push(() => Object.defineProperty(owner, 'toJSON', found))
  }
  try {
    return JSON.stringify(value)
  } finally {
    for (const putBack of restore) putBack()
  }
}
