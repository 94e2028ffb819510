import { createReport } from '../../../src/errors.ts'
import { splitBody, unpackBody } from '../../../src/pack/packed-body.ts'
import { isOnline, watchOnline } from '../../../src/platform/page.ts'
import { watchPolicy } from '../../../src/platform/policy.ts'
import type { PackedBatch } from '../../../src/types.ts'
import { pageClock } from '../../../src/upload/clock.ts'
import { createUploader } from '../../../src/upload/uploader.ts'
import { forbiddenWarning } from '../../../src/upload/warnings.ts'

// The upload stage alone in a page: batches in a Map, handed over when the page goes away.

const records = new Map<number, PackedBatch>()
const messages: string[] = []
const note = (...parts: unknown[]): void => void messages.push(parts.join(' '))
const report = createReport({ error: note, warn: note, log: note, debug: note })
const waiting = new Set<number>()
let isLeft = false

const trackServerUrl = new URLSearchParams(location.search).get('track') ?? ''
const policy = watchPolicy(trackServerUrl, document, report, () => report(forbiddenWarning(trackServerUrl)))

const uploader = createUploader({
  tabId: 'tab',
  destination: {
    apiKey: 'KEY',
    serverZone: 'US',
    trackServerUrl,
    version: '0.1.0',
    library: { type: 'standalone', version: '0.1.0' },
  },
  store: {
    read: async ({ sequence }) => records.get(sequence) ?? null,
    remove: async ({ sequence }) => {
      records.delete(sequence)
    },
  },
  split: async (body) => splitBody(body),
  gunzip: unpackBody,
  compress: true,
  sendTimeoutMs: 10_000,
  quickRetries: 2,
  mayUpload: ({ sequence }) => (waiting.has(sequence) ? 'wait' : 'yes'),
  onSessionKilled: () => {},
  onHeal: () => {},
  connection: { isOnline, onOnline: (run) => watchOnline(run, report) },
  isForbidden: policy.isForbidden,
  clock: pageClock(),
  report,
})

/** Makes a batch with one event that gzip cannot shrink, `bytes` long on the wire at least. */
async function makeBatch(sequence: number, bytes: number, sessionId = 1): Promise<PackedBatch> {
  const random = crypto.getRandomValues(new Uint8Array(Math.min(bytes, 60_000)))
  const noise = [...random].map((byte) => String.fromCharCode(32 + (byte % 90))).join('')
  const filler = noise.repeat(Math.ceil(bytes / noise.length)).slice(0, bytes)
  const event = JSON.stringify({ type: 5, timestamp: sequence, data: { sequence, filler } })
  const json = JSON.stringify({ version: 1, events: [event] })
  const stream = new Blob([json]).stream().pipeThrough(new CompressionStream('gzip'))
  return {
    header: {
      tabId: 'tab',
      sequence,
      deviceId: 'device',
      sessionId,
      channel: 'replay',
      openedAt: sequence,
      startsSegment: false,
      pageUrl: location.href,
      sampleRate: 1,
    },
    body: new Uint8Array(await new Response(stream).arrayBuffer()),
    rawBytes: json.length,
    events: 1,
    lastEventAt: sequence,
  }
}

addEventListener('pagehide', () => {
  waiting.clear()
  isLeft = true
  uploader.sendOnExit([...records.values()])
})

/** A batch that only leaves on exit. */
export async function hold(sequence: number, bytes: number): Promise<void> {
  const batch = await makeBatch(sequence, bytes)
  waiting.add(sequence)
  records.set(sequence, batch)
  uploader.enqueue(batch.header)
}

/** A batch that leaves at once. */
export async function send(sequence: number, bytes: number, sessionId?: number): Promise<void> {
  const batch = await makeBatch(sequence, bytes, sessionId)
  records.set(sequence, batch)
  uploader.enqueue(batch.header)
}

export const left = (): number[] => [...records.keys()]
export const wasLeft = (): boolean => isLeft
export const said = (): string[] => messages
export const status = (): ReturnType<typeof uploader.status> => uploader.status()
