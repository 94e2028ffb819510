import { createBodyStream } from '../pack/body-stream.ts'
import { adoptOfficial, type OfficialEvents } from '../store/adopt-official.ts'
import type { BatchChunk, BatchHeader } from '../types.ts'

export interface OfficialLeftoversDeps {
  readonly apiKey: string
  readonly tabId: string
  /** The database of the official SDK names sessions, not devices. Undefined: nothing is taken yet. */
  deviceId(): string | undefined
  /** Resolves with true once the batch is safe on disk. */
  keep(header: BatchHeader, chunk: BatchChunk): Promise<boolean>
}

/** Older rows stay where they are. Source: the limit that the official SDK names and does not apply. */
const OLDEST_MS = 3 * 24 * 60 * 60 * 1000

/** Below every number that this tab gives: what the official SDK left is older than what we record. */
const FIRST_SEQUENCE = -1_000_000

/** Takes over what the official SDK recorded and could not send, as batches of this tab, unchanged event by event. */
export async function takeOfficialLeftovers(deps: OfficialLeftoversDeps): Promise<void> {
  const deviceId = deps.deviceId()
  if (!deviceId) return
  let sequence = FIRST_SEQUENCE
  await adoptOfficial({
    apiKey: deps.apiKey,
    oldestAt: Date.now() - OLDEST_MS,
    accept(row) {
      sequence += 1
      const { header, chunk } = packRow(row, { tabId: deps.tabId, sequence, deviceId })
      return deps.keep(header, chunk)
    },
  })
}

function packRow(
  { channel, sessionId, events }: OfficialEvents,
  key: Pick<BatchHeader, 'tabId' | 'sequence' | 'deviceId'>,
): { header: BatchHeader; chunk: BatchChunk } {
  const stream = createBodyStream(channel)
  stream.add(events)
  const { bytes, crc, rawBytes } = stream.close()
  const lastEventAt = timestampOf(events.at(-1)) ?? Date.now()
  const header: BatchHeader = {
    ...key,
    sessionId,
    channel,
    openedAt: timestampOf(events[0]) ?? lastEventAt,
    startsSegment: false,
    pageUrl: '',
    sampleRate: 1,
  }
  return {
    header,
    chunk: { index: 0, bytes, crc, rawBytes, events: events.length, lastEventAt, closed: true },
  }
}

/** Undefined for the packed form of older versions, which does not tell. */
function timestampOf(event: string | undefined): number | undefined {
  try {
    const { timestamp } = JSON.parse(event ?? '') as { timestamp?: unknown }
    return typeof timestamp === 'number' ? timestamp : undefined
  } catch {
    return undefined
  }
}
