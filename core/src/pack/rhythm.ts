import type { Channel } from '../types.ts'
import { decideInterval } from './flush-interval.ts'

export interface Intervals {
  readonly minIntervalMs: number
  readonly maxIntervalMs: number
}

/** Remembers per channel how long batches stayed open, and so knows it for the next one. */
export interface Rhythm {
  /** How long a batch that opens now may stay open, ms. */
  nextIntervalMs(channel: Channel): number
  /** `bySchedule`: it was open as long as it might. */
  batchEnded(channel: Channel, intervalMs: number, bySchedule: boolean): void
}

export function createRhythm(intervals: Record<Channel, Intervals>, now: () => number): Rhythm {
  const ended = new Map<Channel, { intervalMs: number; at: number }>()
  return {
    nextIntervalMs(channel) {
      const { minIntervalMs, maxIntervalMs } = intervals[channel]
      const before = ended.get(channel)
      const quietMs = before ? now() - before.at : 0
      return decideInterval({ previousMs: before?.intervalMs ?? 0, quietMs, minIntervalMs, maxIntervalMs })
    },
    batchEnded(channel, intervalMs, bySchedule) {
      // Only time makes the interval grow; a batch that filled up early says nothing about the next pause.
      const before = ended.get(channel)?.intervalMs ?? 0
      ended.set(channel, { intervalMs: bySchedule ? intervalMs : before, at: now() })
    },
  }
}
