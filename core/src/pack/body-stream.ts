import type { Channel } from '../types.ts'
import {
  concat,
  createGzipStream,
  endStream,
  type GzipPiece,
  STREAM_START,
  type StreamPosition,
} from './gzip.ts'
import { BODY_HEAD, BODY_TAIL, bodyElement } from './serialize.ts'

/** The body of one upload while it grows. The same code runs in the worker and on the main thread. */
export interface BodyStream {
  add(texts: readonly string[]): void
  /** What was added since the last flush; it can be closed by appending `closeStream(position, BODY_TAIL)`. */
  flush(): GzipPiece
  /** The rest, with the end of the body and the gzip trailer. */
  close(): GzipPiece
}

/** A new body, or, given the position of an interrupted one, what follows it. */
export function createBodyStream(channel: Channel, from: StreamPosition = STREAM_START): BodyStream {
  const gzip = createGzipStream(from)
  let separator = bodySeparator(from)
  return {
    add(texts) {
      for (const text of texts) {
        gzip.push(separator + bodyElement(channel, text))
        separator = ','
      }
    },
    flush: gzip.flush,
    close() {
      if (separator === BODY_HEAD) gzip.push(BODY_HEAD)
      const rest = gzip.flush()
      const end = endStream(rest, BODY_TAIL)
      return { ...end, bytes: concat([rest.bytes, end.bytes]) }
    },
  }
}

/** The text that ends a body standing at `from` after these events: what `closeStream` needs. */
export function bodyRest(channel: Channel, from: StreamPosition, texts: readonly string[]): string {
  let rest = ''
  let separator = bodySeparator(from)
  for (const text of texts) {
    rest += separator + bodyElement(channel, text)
    separator = ','
  }
  return (separator === BODY_HEAD ? BODY_HEAD : rest) + BODY_TAIL
}

const bodySeparator = (from: StreamPosition): string => (from.rawBytes === 0 ? BODY_HEAD : ',')
