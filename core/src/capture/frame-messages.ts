import { EventType, type ReplayEvent } from '../types.ts'

/**
 * What windows say to each other. `start` and `stop` are the vendor's words; `ready` (a frame can record now)
 * closes the race with frames that load late, `snapshot` asks for a fresh baseline after the parent took one.
 */
export type FrameAction = 'start' | 'stop' | 'snapshot' | 'ready'

const TYPE = 'amplitude-sr-iframe'

export const actionMessage = (action: FrameAction) => ({ type: TYPE, action })

/** The form in which rrweb's own frames send an event to their parent. */
export const eventMessage = (event: ReplayEvent) => ({
  type: 'rrweb',
  event,
  origin: location.origin,
  isCheckout: event.type === EventType.FullSnapshot || event.type === EventType.Meta,
})

/** Anybody can post anything: undefined unless it is one of our messages, well formed. */
export function readAction(data: unknown): FrameAction | undefined {
  if (!isRecord(data) || data.type !== TYPE) return undefined
  const { action } = data
  return action === 'start' || action === 'stop' || action === 'snapshot' || action === 'ready'
    ? action
    : undefined
}

export function readEvent(data: unknown): ReplayEvent | undefined {
  if (!isRecord(data) || data.type !== 'rrweb' || !isRecord(data.event)) return undefined
  const { event } = data
  const { type } = event
  if (typeof type !== 'number' || !isRecord(event.data)) return undefined
  return { type, timestamp: 0, data: event.data }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
