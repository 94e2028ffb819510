import type { Channel } from '../types.ts'
import { bodyRest } from './body-stream.ts'
import { gunzip } from './gunzip.ts'
import { closeStream, STREAM_START } from './gzip.ts'

// What was packed is hardly ever read again, so this is a chunk of its own.

/** The body without gzip. Throws if the bytes are not a packed body. */
export const unpackBody = (body: Uint8Array): Uint8Array => new TextEncoder().encode(gunzip(body))

/**
 * The two halves of a packed body that the server found too large; each event stays the same, byte by byte.
 * A body of one event cannot be halved and comes back alone. Throws if the bytes are not a packed body.
 */
export function splitBody(body: Uint8Array): Uint8Array[] {
  const { events } = JSON.parse(gunzip(body)) as { events: unknown[] }
  if (events.length < 2) return [body]
  const middle = Math.floor(events.length / 2)
  return [events.slice(0, middle), events.slice(middle)].map((half) => {
    const channel: Channel = typeof half[0] === 'string' ? 'replay' : 'interaction'
    const texts = half.map((event) => (typeof event === 'string' ? event : JSON.stringify(event)))
    return closeStream(STREAM_START, bodyRest(channel, STREAM_START, texts))
  })
}
