import { EventType, IncrementalSource, type ReplayEvent } from '@session-replay-kit/core/testing'
import type { ContentFacts } from '../api.ts'
import { nameOf } from '../event-names.ts'

/** rrweb's number for a click among mouse interactions. */
const CLICK = 2
/** A new snapshot this long after the event before it means: in between nothing was recorded. */
const SHORTEST_PAUSE_MS = 1000

interface SerializedNode {
  type: number
  tagName?: string
  textContent?: string
  attributes?: Record<string, unknown>
  childNodes?: SerializedNode[]
}

interface IncrementalData {
  source: number
  type?: number
  text?: string
  adds?: { node: SerializedNode }[]
  texts?: { value: string | null }[]
}

/** Reads from events (in order of time) what a person wants to know of a replay. */
export function readContent(events: readonly ReplayEvent[]): ContentFacts {
  const facts: ContentFacts = {
    kinds: {},
    snapshots: 0,
    pauses: [],
    pages: [],
    clicks: 0,
    consoleMessages: 0,
    networkRequests: 0,
    masked: 0,
    blocked: 0,
    readable: 0,
  }
  let previousAt: number | null = null
  for (const event of events) {
    const name = nameOf(event)
    facts.kinds[name] = (facts.kinds[name] ?? 0) + 1
    try {
      readEvent(event, previousAt, facts)
    } catch {
      // Its data is not what rrweb writes: such an event is counted, and tells nothing more.
    }
    previousAt = event.timestamp
  }
  return facts
}

function readEvent(event: ReplayEvent, previousAt: number | null, facts: ContentFacts): void {
  if (event.type === EventType.Meta) readPage(event, previousAt, facts)
  else if (event.type === EventType.FullSnapshot) {
    facts.snapshots++
    countNode((event.data as { node: SerializedNode }).node, false, facts)
  } else if (event.type === EventType.Incremental) readIncrement(event.data as IncrementalData, facts)
  else if (event.type === EventType.Plugin) readPlugin(event, facts)
  else if (event.type === EventType.Custom) {
    if ((event.data as { tag?: string }).tag === 'fetch-request') facts.networkRequests++
  }
}

function readPage(event: ReplayEvent, previousAt: number | null, facts: ContentFacts): void {
  const { href } = event.data as { href?: string }
  if (previousAt !== null && event.timestamp - previousAt >= SHORTEST_PAUSE_MS) {
    facts.pauses.push({ from: previousAt, to: event.timestamp })
  }
  addPage(event.timestamp, href, facts)
}

function readPlugin(event: ReplayEvent, facts: ContentFacts): void {
  const { plugin = '', payload } = event.data as { plugin?: string; payload?: { href?: string } }
  if (plugin.startsWith('rrweb/console')) facts.consoleMessages++
  else if (plugin.includes('network')) facts.networkRequests++
  else if (plugin.includes('url-tracking')) addPage(event.timestamp, payload?.href, facts)
}

function addPage(at: number, url: unknown, facts: ContentFacts): void {
  if (typeof url === 'string' && url && facts.pages.at(-1)?.url !== url) facts.pages.push({ at, url })
}

function readIncrement(data: IncrementalData, facts: ContentFacts): void {
  if (data.source === IncrementalSource.MouseInteraction && data.type === CLICK) facts.clicks++
  if (data.source === IncrementalSource.Input) countText(data.text, facts)
  for (const { node } of data.adds ?? []) countNode(node, false, facts)
  for (const { value } of data.texts ?? []) countText(value, facts)
}

function countNode(node: SerializedNode, inCode: boolean, facts: ContentFacts): void {
  const isCode = inCode || /^(style|script|noscript)$/.test(node.tagName ?? '')
  if (node.type === 3 && !isCode) countText(node.textContent, facts)
  const { rr_width: width, value } = node.attributes ?? {}
  if (width !== undefined && /^\s*$/.test(textOf(node))) facts.blocked++
  if (typeof value === 'string') countText(value, facts)
  for (const child of node.childNodes ?? []) countNode(child, isCode, facts)
}

function countText(text: string | null | undefined, facts: ContentFacts): void {
  if (!text?.trim()) return
  if (isMasked(text)) facts.masked++
  else facts.readable++
}

/** Masking replaces each character but white space by `*`. */
export function isMasked(text: string): boolean {
  return /^[*\s]*\*[*\s]*$/.test(text)
}

function textOf(node: SerializedNode): string {
  return (node.textContent ?? '') + (node.childNodes ?? []).map(textOf).join('')
}
