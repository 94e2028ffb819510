import type { BatchChunk, BatchHeader, BatchKey } from '../types.ts'

// Batches for tests: small, with readable bytes.

const OPENED_AT = Date.now()

export function header(sequence: number, changes: Partial<BatchHeader> = {}): BatchHeader {
  return {
    tabId: 'tab-a',
    sequence,
    deviceId: 'device',
    sessionId: 1,
    channel: 'replay',
    openedAt: OPENED_AT,
    startsSegment: sequence === 1,
    pageUrl: 'https://shop.example/',
    sampleRate: 1,
    ...changes,
  }
}

/** One event per piece. */
export function chunk(index: number, text: string, state: 'open' | 'closed' = 'open'): BatchChunk {
  return {
    index,
    bytes: new TextEncoder().encode(text),
    crc: index,
    rawBytes: text.length,
    events: index + 1,
    lastEventAt: Date.now(),
    closed: state === 'closed',
  }
}

export function keyOf(sequence: number, tabId = 'tab-a'): BatchKey {
  return { tabId, sequence }
}
