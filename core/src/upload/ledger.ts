/** Why batches did not reach the server's store. */
export type UploadDropReason =
  | 'event-too-large'
  | 'poison'
  | 'throttled'
  | 'skipped'
  | 'session-killed'
  | 'not-wanted'

/** What the uploader has done so far. */
export interface UploadLedger {
  requests: number
  /** Bytes of bodies handed to the network, all tries. */
  bytesSent: number
  /** Answers that refused us (401, 403, 404, …). */
  refused: number
  /** Epoch ms of the last acknowledgement. */
  lastUploadAt: number | null
  /** Why nothing gets through at the moment, for people; `null` when uploads are answered or nothing is known. */
  trouble: string | null
  /** Batches by reason; single events for `event-too-large`. */
  drops: Partial<Record<UploadDropReason, number>>
}

export function emptyLedger(): UploadLedger {
  return { requests: 0, bytesSent: 0, refused: 0, lastUploadAt: null, trouble: null, drops: {} }
}

export function countDrop({ drops }: UploadLedger, reason: UploadDropReason): void {
  drops[reason] = (drops[reason] ?? 0) + 1
}
