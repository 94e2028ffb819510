import { gunzipSync, gzipSync } from 'node:zlib'
import type { ReplayError } from '../../src/errors.ts'
import type {
  BatchHeader,
  BatchKey,
  PackedBatch,
  SessionId,
  TransportRequest,
  TransportResponse,
} from '../../src/types.ts'
import { createUploader, type Uploader, type UploaderDeps } from '../../src/upload/uploader.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'

/** What the scripted transport does with one request. */
export type Reaction =
  | { status: number; skip?: string; retryAfter?: string }
  | 'lost'
  /** Never answered. */
  | 'silent'

/** A request as the transport saw it. */
export interface Sent {
  at: number
  url: URL
  headers: Record<string, string>
  keepalive: boolean
  /** The body as sent. */
  raw: Uint8Array
  events: string[]
  sessionId: string
}

export const ok: Reaction = { status: 200 }

/** An uploader with a fake clock, a store in a Map, and a transport that follows a script. */
export interface Rig {
  readonly uploader: Uploader
  readonly clock: FakeClock
  readonly sent: Sent[]
  /** Sequence numbers of the records that are left, by tab. */
  stored(tabId?: string): number[]
  readonly warnings: ReplayError[]
  readonly killed: SessionId[]
  heals(): number
  /** Puts a batch with these events into the store and returns it, not yet enqueued. */
  put(events: string[], change?: Partial<BatchHeader>): PackedBatch
  /** The same, enqueued. */
  add(events: string[], change?: Partial<BatchHeader>): PackedBatch
  /** Decides about each request; the default accepts. */
  react: (sent: Sent, index: number) => Reaction
  setOnline(online: boolean): void
  /** The code that halves bodies cannot be had. */
  setUnsplittable(next: boolean): void
  /** The page's policy blocks the destination. */
  forbid(): void
  /** Requests without an answer at this moment, most ever. */
  mostOpen(): number
  events(): string[]
}

export function createRig(change: Partial<UploaderDeps> = {}): Rig {
  const clock = createFakeClock()
  const records = new Map<string, PackedBatch>()
  const sent: Sent[] = []
  const warnings: ReplayError[] = []
  const killed: SessionId[] = []
  const listeners = new Set<() => void>()
  let online = true
  let forbidden = false
  let unsplittable = false
  let heals = 0
  let open = 0
  let mostOpen = 0
  let nextSequence = 1
  const keyOf = ({ tabId, sequence }: BatchKey): string => `${tabId}:${sequence}`

  async function transport(request: TransportRequest): Promise<TransportResponse> {
    const url = new URL(request.url)
    const raw = request.body as Uint8Array
    const text = request.headers['Content-Encoding']
      ? gunzipSync(raw).toString()
      : Buffer.from(raw).toString()
    const record: Sent = {
      at: clock.now(),
      url,
      headers: request.headers,
      keepalive: request.keepalive === true,
      raw,
      events: (JSON.parse(text) as { events: string[] }).events,
      sessionId: url.searchParams.get('session_id') ?? '',
    }
    sent.push(record)
    open += 1
    mostOpen = Math.max(mostOpen, open)
    const reaction = rig.react(record, sent.length - 1)
    if (reaction === 'silent') return new Promise(() => {})
    await Promise.resolve()
    open -= 1
    if (reaction === 'lost') throw new TypeError('Failed to fetch')
    const headers: Record<string, string | undefined> = {
      'X-Session-Replay-Event-Skipped': reaction.skip,
      'Retry-After': reaction.retryAfter,
    }
    return {
      status: reaction.status,
      headers: { get: (name) => headers[name] ?? null },
      text: async () => '',
    }
  }

  const uploader = createUploader({
    tabId: 'tab',
    destination: {
      apiKey: 'KEY',
      serverZone: 'US',
      version: '0.1.0',
      library: { type: 'standalone', version: '0.1.0' },
    },
    store: {
      read: async (key) => records.get(keyOf(key)) ?? null,
      remove: async (key) => {
        records.delete(keyOf(key))
      },
    },
    split: async (body) => (unsplittable ? null : halves(body)),
    gunzip: (body) => gunzipSync(body),
    compress: true,
    sendTimeoutMs: 10_000,
    quickRetries: 2,
    transport,
    mayUpload: () => 'yes',
    onSessionKilled: (sessionId) => killed.push(sessionId),
    onHeal: () => {
      heals += 1
    },
    connection: {
      isOnline: () => online,
      onOnline(run) {
        listeners.add(run)
        return () => listeners.delete(run)
      },
    },
    isForbidden: () => forbidden,
    clock,
    report: (error) => warnings.push(error),
    ...change,
  })

  const rig: Rig = {
    uploader,
    clock,
    sent,
    warnings,
    killed,
    heals: () => heals,
    stored: (tabId = 'tab') =>
      [...records.values()]
        .filter(({ header }) => header.tabId === tabId)
        .map(({ header }) => header.sequence)
        .sort((one, other) => one - other),
    put(events, headerChange = {}) {
      const batch = packed(events, { sequence: nextSequence, ...headerChange })
      nextSequence += 1
      records.set(keyOf(batch.header), batch)
      return batch
    },
    add(events, headerChange) {
      const batch = rig.put(events, headerChange)
      uploader.enqueue(batch.header)
      return batch
    },
    react: () => ok,
    setOnline(next) {
      online = next
      if (next) for (const run of [...listeners]) run()
    },
    setUnsplittable(next) {
      unsplittable = next
    },
    forbid() {
      forbidden = true
    },
    mostOpen: () => mostOpen,
    events: () => sent.flatMap((request) => request.events),
  }
  return rig
}

/** A closed batch that holds these events. */
export function packed(events: string[], change: Partial<BatchHeader> = {}): PackedBatch {
  const body = encode(events)
  return {
    header: {
      tabId: 'tab',
      sequence: 1,
      deviceId: 'device',
      sessionId: 1,
      channel: 'replay',
      openedAt: 1,
      startsSegment: false,
      pageUrl: 'http://page.test/',
      sampleRate: 1,
      ...change,
    },
    body,
    rawBytes: 0,
    events: events.length,
    lastEventAt: 1,
  }
}

function encode(events: string[]): Uint8Array {
  return new Uint8Array(gzipSync(JSON.stringify({ version: 1, events })))
}

function halves(body: Uint8Array): Uint8Array[] {
  const { events } = JSON.parse(gunzipSync(body).toString()) as { events: string[] }
  if (events.length < 2) return []
  const middle = Math.floor(events.length / 2)
  return [encode(events.slice(0, middle)), encode(events.slice(middle))]
}
