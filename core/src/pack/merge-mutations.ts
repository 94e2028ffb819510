import { EventType, IncrementalSource, type ReplayEvent } from '../types.ts'

// Joins changes of texts and attributes that follow each other closely: an animation sets the same style again and
// again. Events that add or remove nodes are left alone. A player applies removes, adds, texts, attributes in this
// order, so joining them would reorder work on nodes that depend on each other, save little, and where a recording
// has a flaw (rrweb's has, for nodes that move between shadow trees) let one failing step take others with it.

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

/** One event with the content changes of all. The events themselves are never changed. */
export function joinContentChanges(events: readonly [ReplayEvent, ...ReplayEvent[]]): ReplayEvent {
  const [first] = events as readonly [ContentChange, ...ContentChange[]]
  const all = (events as readonly ContentChange[]).map(({ data }) => data)
  const texts = new Map(all.flatMap((data) => data.texts).map((text) => [text.id, text]))
  const attributes = joinAttributes(all.flatMap((data) => data.attributes))
  return { ...first, data: { ...first.data, texts: [...texts.values()], attributes } }
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
