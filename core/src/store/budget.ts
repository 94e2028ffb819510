import type { BatchHeader } from '../types.ts'

/** How much unsent data may be kept. */
export interface Budgets {
  /** @default 10 MB, half of what an outage may add to the page's heap. */
  memoryBytes: number
  /** @default 50 MB, or a tenth of the origin's quota where that is less. */
  diskBytes: number
  /** @default 3 days, as the official SDK's unused constant says. */
  ageMs: number
}

export const DEFAULT_BUDGETS: Budgets = {
  memoryBytes: 10_000_000,
  diskBytes: 50_000_000,
  ageMs: 3 * 24 * 60 * 60 * 1000,
}

/** What must be known of a batch to weigh it. */
export interface WeighedBatch {
  readonly header: BatchHeader
  readonly bytes: number
  readonly events: number
}

/**
 * Batches that are worth something only together: from one full snapshot up to the next, in one tab and
 * session. What precedes the first snapshot in the store belongs to a segment that is partly sent already.
 * An interaction batch stands for itself.
 */
export interface Segment {
  readonly batches: WeighedBatch[]
  readonly tabId: string
  readonly openedAt: number
  /** More of it is still to come. */
  readonly growing: boolean
  bytes: number
}

/** Cuts batches into segments, oldest first. `growingTabId` is the tab that is still recording, if any. */
export function cutSegments(batches: readonly WeighedBatch[], growingTabId?: string): Segment[] {
  const current = new Map<string, WeighedBatch[]>()
  const groups: WeighedBatch[][] = []
  let newest = 0
  for (const batch of [...batches].sort((a, b) => a.header.sequence - b.header.sequence)) {
    const { tabId, sessionId, deviceId, channel, startsSegment, sequence } = batch.header
    const line = JSON.stringify([tabId, sessionId, deviceId])
    const group = channel === 'interaction' || startsSegment ? undefined : current.get(line)
    if (group) group.push(batch)
    else groups.push([batch])
    if (channel === 'interaction') continue
    if (!group) current.set(line, groups.at(-1) as WeighedBatch[])
    if (tabId === growingTabId) newest = Math.max(newest, sequence)
  }
  return groups
    .map((group) => {
      const { tabId, openedAt } = (group[0] as WeighedBatch).header
      const last = (group.at(-1) as WeighedBatch).header
      const growing = tabId === growingTabId && last.channel === 'replay' && last.sequence === newest
      return {
        batches: group,
        tabId,
        openedAt,
        growing,
        bytes: group.reduce((sum, { bytes }) => sum + bytes, 0),
      }
    })
    .sort((a, b) => a.openedAt - b.openedAt)
}

export interface TrimFacts {
  segments: readonly Segment[]
  /** Bytes in the store, those of segments that are not listed included. */
  totalBytes: number
  goalBytes: number
  /** Whether the growing segment may go too, when nothing else is left. */
  growingToo: boolean
}

/** Which whole segments go so that the rest fits: the oldest first, the growing one last. */
export function decideTrim({ segments, totalBytes, goalBytes, growingToo }: TrimFacts): Segment[] {
  const finished = segments.filter(({ growing }) => !growing)
  const candidates = growingToo ? [...finished, ...segments.filter(({ growing }) => growing)] : finished
  const going: Segment[] = []
  let left = totalBytes
  for (const segment of candidates) {
    if (left <= goalBytes) break
    going.push(segment)
    left -= segment.bytes
  }
  return going
}
