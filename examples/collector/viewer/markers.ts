import type { ReplayEvent } from '../api.ts'

export type MarkerKind = 'page' | 'click' | 'input' | 'error'

/** A point on the timeline worth jumping to. */
export interface Marker {
  kind: MarkerKind
  at: number
  label: string
}

/** rrweb's number for a click among mouse interactions. */
const CLICK = 2
/** Inputs closer together than this are one act of typing. */
const TYPING_GAP_MS = 1500

/** What a person looks for in a replay: pages, clicks, typing, errors. Events in order of time. */
export function readMarkers(events: readonly ReplayEvent[]): Marker[] {
  const markers: Marker[] = []
  let typedAt = Number.NEGATIVE_INFINITY
  let page = ''
  const visit = (at: number, url: unknown): void => {
    if (typeof url !== 'string' || !url || url === page) return
    page = url
    markers.push({ kind: 'page', at, label: url })
  }
  const readEvent = ({ type, timestamp: at, data }: ReplayEvent): void => {
    if (type === 4) visit(at, (data as { href?: unknown }).href)
    else if (type === 3) {
      const { source, type: kind } = data as { source: number; type?: number }
      if (source === 2 && kind === CLICK) markers.push({ kind: 'click', at, label: 'Click' })
      if (source === 5) {
        if (at - typedAt > TYPING_GAP_MS) markers.push({ kind: 'input', at, label: 'Input' })
        typedAt = at
      }
    } else if (type === 6) {
      const { plugin = '', payload } = data as { plugin?: string; payload?: PluginPayload }
      if (plugin.includes('url-tracking')) visit(at, payload?.href)
      else if (plugin.includes('console') && payload?.level === 'error') {
        markers.push({ kind: 'error', at, label: payload.payload?.join(' ') ?? 'Error' })
      }
    }
  }
  for (const event of events) {
    try {
      readEvent(event)
    } catch {
      // Its data is not what rrweb writes: nothing to jump to.
    }
  }
  return markers
}

interface PluginPayload {
  href?: unknown
  level?: string
  payload?: string[]
}

/** The address that was shown at a moment. */
export function pageAt(markers: readonly Marker[], at: number): string {
  return markers.findLast((marker) => marker.kind === 'page' && marker.at <= at)?.label ?? ''
}

/** How much happened in each of `bins` equal parts, from 0 to 1. */
export function readActivity(
  events: readonly ReplayEvent[],
  from: number,
  to: number,
  bins: number,
): number[] {
  const counts = new Array<number>(bins).fill(0)
  const width = Math.max(1, to - from) / bins
  for (const { timestamp } of events) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((timestamp - from) / width)))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  const most = Math.max(1, ...counts)
  // The square root keeps quiet moments visible beside busy ones.
  return counts.map((count) => Math.sqrt(count / most))
}
