/** What one request came to. */
export type Outcome =
  /** The server has the batch. */
  | { kind: 'accepted' }
  /** The server answered, and chose not to keep the batch for a reason we do not know. */
  | { kind: 'skipped'; code: string }
  /** The server drops uploads of this session for a while; this batch is gone. */
  | { kind: 'throttled'; pauseMs: number }
  /** The server wants no more of this session. */
  | { kind: 'killed'; code: string }
  /** A failure that passes. `afterMs`: nothing may be sent to the destination before. */
  | { kind: 'retry'; status: number; afterMs?: number }
  | { kind: 'too-large' }
  /** The server cannot read this batch. */
  | { kind: 'poison'; status: number }
  /** The server wants nothing from us: key, zone or address are wrong, or the quota is used up. */
  | { kind: 'refused'; status: number; afterMs?: number }
  /** The request left and no answer came back. A beacon never gets one. */
  | { kind: 'unknown'; reason: 'network' | 'timeout' | 'beacon' }

/** What is read of an answer. Its body says nothing that counts. */
export interface Answer {
  readonly status: number
  readonly skipCode: string | null
  readonly retryAfter: string | null
}

/** Pause after a throttled upload, unless the server says otherwise. Source: the vendor's SDK. */
export const THROTTLE_PAUSE_MS = 60_000

/** Session id outside of the valid range, and capture disabled for the project. */
const KILL_CODES = ['4004', '4005']

/** 499 is a proxy's word for "the client went away". */
const PASSING_STATUSES = [408, 425, 429, 499]

/** The meaning of an answer. `epochMs` is the wall clock, for a `Retry-After` that is a date. */
export function readOutcome({ status, skipCode, retryAfter }: Answer, epochMs: number): Outcome {
  const afterMs = parseRetryAfter(retryAfter, epochMs)
  if (status >= 200 && status < 300) {
    const code = skipCode?.trim()
    if (!code) return { kind: 'accepted' }
    if (code === '429') return { kind: 'throttled', pauseMs: afterMs ?? THROTTLE_PAUSE_MS }
    if (KILL_CODES.includes(code)) return { kind: 'killed', code }
    return { kind: 'skipped', code }
  }
  // Status 0: an opaque answer, or a transport that reports a lost connection as an answer.
  if (!(status >= 100)) return { kind: 'unknown', reason: 'network' }
  if (status === 413) return { kind: 'too-large' }
  if (status === 400 || status === 422) return { kind: 'poison', status }
  if (PASSING_STATUSES.includes(status)) return { kind: 'retry', status, afterMs }
  // Other 4xx, and redirects that lead nowhere, are about the destination, not about one batch: nothing is dropped.
  if (status >= 300 && status < 500) return { kind: 'refused', status, afterMs }
  return { kind: 'retry', status, afterMs }
}

/** Milliseconds to wait; `undefined` if the header is missing or says nothing usable. */
export function parseRetryAfter(value: string | null, epochMs: number): number | undefined {
  const text = value?.trim()
  if (!text) return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  // An HTTP date begins with the day's name; `Date.parse` alone would find a date in "-5".
  const at = /^[a-z]{3,9},? /i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - epochMs)
}
