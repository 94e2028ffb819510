import { type Channel, EventType, type ReplayEvent } from '../types.ts'

/** One click or scroll as uploaded with `type=interaction`. */
export interface InteractionEvent {
  type: string
  timestamp: number
  pageUrl?: string
  [key: string]: unknown
}

interface UploadFacts {
  /** Body version: 1 for ordinary uploads, 2 for the replay's exit beacon. */
  version: number
  /** Bytes of the body before compression. */
  rawBytes: number
  /** The body as text, for searches that must see everything. */
  text: string
}

/** What one upload carried. `channel` tells which kind of events. */
export type DecodedUpload = UploadFacts &
  ({ channel: 'replay'; events: ReplayEvent[] } | { channel: 'interaction'; events: InteractionEvent[] })

/** What one upload may hold when all of it is unpacked. Batches of a recorder stay far below this. */
const MAX_UNPACKED_BYTES = 100_000_000

/** A few packed bytes can hold gigabytes. Thrown before they fill the memory. */
export class TooLargeError extends Error {}

/**
 * Reads the body of one upload, as it went over the wire.
 * Gzip is recognised by its first bytes too, so `contentEncoding` may be left out.
 * Throws with the reason when the body is not an upload, or unpacks to more than 100 MB; a test wants to know.
 */
export async function decodeUpload(
  bytes: Uint8Array | ArrayBuffer,
  contentEncoding?: string | null,
): Promise<DecodedUpload> {
  const room = { bytes: MAX_UNPACKED_BYTES }
  const raw = await unpackInto(room, bytes, contentEncoding)
  const text = new TextDecoder('utf-8', { fatal: true }).decode(raw)
  const body = JSON.parse(text) as { version?: unknown; events?: unknown }
  if (typeof body?.version !== 'number' || !Array.isArray(body.events)) {
    throw new Error('Not an upload: expected {"version": number, "events": array}')
  }
  const facts = { version: body.version, rawBytes: raw.byteLength, text }
  if (channelOf(body.events) === 'interaction') {
    if (!body.events.every(isObject)) throw new Error('Not an upload: an interaction is an object')
    return { ...facts, channel: 'interaction', events: body.events as InteractionEvent[] }
  }
  const events: ReplayEvent[] = []
  // One after the other: together they may not need more than the room there is.
  for (const element of body.events) events.push(await decodeElement(element as string, room))
  return { ...facts, channel: 'replay', events }
}

/** The bytes of a body without its gzip coat, 100 MB at most; other bodies come back as they are. */
export async function unpackBody(
  bytes: Uint8Array | ArrayBuffer,
  contentEncoding?: string | null,
): Promise<Uint8Array> {
  return unpackInto({ bytes: MAX_UNPACKED_BYTES }, bytes, contentEncoding)
}

async function unpackInto(
  room: Room,
  bytes: Uint8Array | ArrayBuffer,
  contentEncoding?: string | null,
): Promise<Uint8Array> {
  const body = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)
  return contentEncoding === 'gzip' || isGzip(body) ? inflate(body, 'gzip', room) : body
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

function channelOf(elements: unknown[]): Channel {
  const strings = elements.filter((element) => typeof element === 'string').length
  if (strings === elements.length) return 'replay'
  if (strings > 0) throw new Error('Not an upload: events are partly strings, partly objects')
  return 'interaction'
}

async function decodeElement(element: string, room: Room): Promise<ReplayEvent> {
  const once: unknown = JSON.parse(element)
  if (typeof once !== 'string') return checkEvent(once)
  // Amplitude's recorders up to 1.35 sent each event zlib-packed, its bytes as a latin-1 string.
  const packed = Uint8Array.from(once, (char) => char.charCodeAt(0))
  const json = new TextDecoder().decode(await inflate(packed, 'deflate', room))
  const { v: _, ...event } = JSON.parse(json) as ReplayEvent & { v?: string }
  return checkEvent(event)
}

/** Readers trust these three fields: one event of another shape would make a whole replay unreadable. */
function checkEvent(value: unknown): ReplayEvent {
  const { type, timestamp, data } = (value ?? {}) as Partial<ReplayEvent>
  const mayBeEmpty = type === EventType.DomContentLoaded || type === EventType.Load
  const hasData = isObject(data) || (mayBeEmpty && data === undefined)
  if (Number.isFinite(type) && Number.isFinite(timestamp) && hasData) return value as ReplayEvent
  throw new Error('Not an event: expected {"type": number, "timestamp": number, "data": object}')
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** What may still be unpacked of one upload. */
interface Room {
  bytes: number
}

async function inflate(bytes: Uint8Array, format: 'gzip' | 'deflate', room: Room): Promise<Uint8Array> {
  const bound = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      room.bytes -= piece.byteLength
      if (room.bytes < 0) throw new TooLargeError('It unpacks to more than 100 MB')
      controller.enqueue(piece)
    },
  })
  const unpacked = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream(format))
  return new Uint8Array(await new Response(unpacked.pipeThrough(bound)).arrayBuffer())
}
