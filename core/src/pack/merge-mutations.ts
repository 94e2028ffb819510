import { EventType, IncrementalSource, type ReplayEvent } from '../types.ts'

// Joins changes of texts and attributes that follow each other closely: an animation sets the same style again and
// again. Events that add or remove nodes are left alone. A player applies removes, adds, texts, attributes in this
// order, so joining them would reorder work on nodes that depend on each other, save little, and where a recording
// has a flaw (rrweb's has, for nodes that move between shadow trees) let one failing step take others with it.

/** Events that are joined lie at most this far apart, ms: the later ones are replayed that much too early. */
export const MERGE_WINDOW_MS = 50

interface TextChange {
  readonly id: number
  readonly value: string | null
}
interface AttributeChange {
  readonly id: number
  readonly attributes: Readonly<Record<string, unknown>>
}
interface ContentChange extends ReplayEvent {
  readonly data: {
    readonly source: typeof IncrementalSource.Mutation
    readonly adds: readonly []
    readonly removes: readonly []
    readonly texts: readonly TextChange[]
    readonly attributes: readonly AttributeChange[]
  }
}

/** One event to send and the captured events that it stands for. */
export interface MergedEvent {
  readonly event: ReplayEvent
  readonly from: readonly ReplayEvent[]
}

/** Attributes that a player does not simply set: it rebuilds the element or its children, or opens a dialog. */
const ACTING_ATTRIBUTES = ['_cssText', 'value', 'open', 'rr_open_mode']

/** A mutation that changes texts and plain attributes only. */
export function isContentChange(event: { readonly type: unknown }): event is ContentChange {
  if (event.type !== EventType.Incremental) return false
  const data = (event as ReplayEvent).data as Partial<ContentChange['data']> & { isAttachIframe?: boolean }
  return (
    data?.source === IncrementalSource.Mutation &&
    data.isAttachIframe !== true &&
    data.adds?.length === 0 &&
    data.removes?.length === 0 &&
    Array.isArray(data.texts) &&
    Array.isArray(data.attributes) &&
    !data.attributes.some(({ attributes }) => ACTING_ATTRIBUTES.some((name) => name in attributes))
  )
}

/** Joins neighbours in `events`, which are in capture order. The events themselves are never changed. */
export function mergeMutations(events: readonly ReplayEvent[]): MergedEvent[] {
  const groups: ReplayEvent[][] = []
  for (const event of events) {
    const group = groups.at(-1)
    if (group && joins(group[0] as ReplayEvent, event)) group.push(event)
    else groups.push([event])
  }
  return groups.map((from) => ({ event: joinAll(from), from }))
}

function joins(first: ReplayEvent, event: ReplayEvent): boolean {
  const gapMs = event.timestamp - first.timestamp
  return (
    isContentChange(first) &&
    isContentChange(event) &&
    gapMs >= 0 &&
    gapMs <= MERGE_WINDOW_MS &&
    event.delay === first.delay
  )
}

function joinAll(from: readonly ReplayEvent[]): ReplayEvent {
  const [first] = from as readonly [ReplayEvent]
  if (from.length === 1) return first
  const all = (from as readonly ContentChange[]).map(({ data }) => data)
  const texts = new Map(all.flatMap((data) => data.texts).map((text) => [text.id, text]))
  const attributes = joinAttributes(all.flatMap((data) => data.attributes))
  return { ...first, data: { ...(first as ContentChange).data, texts: [...texts.values()], attributes } }
}

/** One entry per node, except where parts of a style follow a whole one: they build on it. */
function joinAttributes(changes: readonly AttributeChange[]): AttributeChange[] {
  const joined: AttributeChange[] = []
  const newest = new Map<number, Record<string, unknown>>()
  for (const { id, attributes } of changes) {
    const before = newest.get(id)
    if (before && !(isParts(attributes.style) && 'style' in before && !isParts(before.style))) {
      const style = isParts(attributes.style) ? { style: joinParts(before.style, attributes.style) } : {}
      Object.assign(before, attributes, style)
      continue
    }
    const copy = { ...attributes }
    joined.push({ id, attributes: copy })
    newest.set(id, copy)
  }
  return joined
}

const isParts = (style: unknown): style is Readonly<Record<string, unknown>> =>
  typeof style === 'object' && style !== null

/** Later properties last, also those that were there before: a shorthand must not undo what came after it. */
function joinParts(before: unknown, after: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const joined = isParts(before) ? { ...before } : {}
  for (const property of Object.keys(after)) delete joined[property]
  return Object.assign(joined, after)
}
