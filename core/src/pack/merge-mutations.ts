import { EventType, IncrementalSource, type ReplayEvent } from '../types.ts'

// Joins mutation events that follow each other closely, which saves bytes and nothing else: the replay must be
// the same. A player applies one event in four steps: removes, adds, texts, attributes. Joined, the second
// event's removes run before the first one's adds, and so on; where that could matter the events stay apart.

/** Events that are joined lie at most this far apart, ms: the later ones are replayed that much too early. */
export const MERGE_WINDOW_MS = 50

/** More gains nothing, and would make one slice of work long. */
const MOST_ENTRIES = 500

interface Removal {
  readonly parentId: number
  readonly id: number
}
interface Addition {
  readonly parentId: number
  readonly nextId: number | null
  readonly previousId?: number | null
  readonly node: { readonly id: number; readonly type: number; readonly tagName?: string }
}
interface TextChange {
  readonly id: number
  readonly value: string | null
}
interface AttributeChange {
  readonly id: number
  readonly attributes: Readonly<Record<string, unknown>>
}
interface MutationData {
  readonly source: typeof IncrementalSource.Mutation
  readonly removes: readonly Removal[]
  readonly adds: readonly Addition[]
  readonly texts: readonly TextChange[]
  readonly attributes: readonly AttributeChange[]
}
interface MutationEvent extends ReplayEvent {
  readonly data: MutationData
}

/** One event to send and the captured events that it stands for. */
export interface MergedEvent {
  readonly event: ReplayEvent
  readonly from: readonly ReplayEvent[]
}

/** rrweb's node types whose insertion has effects of its own in a player: documents and their doctype. */
const NODE = { document: 0, doctype: 1, text: 3 }

/** Attributes that a player does not simply set: it rebuilds the element, or its children. */
const ACTING_ATTRIBUTES = ['_cssText', 'value', 'open', 'rr_open_mode']

export function isMutation(event: { readonly type: unknown }): event is MutationEvent {
  if (event.type !== EventType.Incremental) return false
  const data = (event as ReplayEvent).data as Partial<MutationData> & { isAttachIframe?: boolean }
  return (
    data?.source === IncrementalSource.Mutation &&
    data.isAttachIframe !== true &&
    [data.removes, data.adds, data.texts, data.attributes].every(Array.isArray)
  )
}

/** Joins neighbours in `events`, which are in capture order. Events themselves are never changed. */
export function mergeMutations(events: readonly ReplayEvent[]): MergedEvent[] {
  const merged: MergedEvent[] = []
  let group: Group | null = null
  for (const event of events) {
    if (isMutation(event) && isPlain(event)) {
      if (group && joins(group, event)) {
        extend(group, event)
        continue
      }
      if (group) merged.push(finish(group))
      group = beginGroup(event)
      continue
    }
    if (group) merged.push(finish(group))
    group = null
    merged.push({ event, from: [event] })
  }
  if (group) merged.push(finish(group))
  return merged
}

interface Group {
  readonly from: MutationEvent[]
  entries: number
  /** Nodes that were added, and all nodes that say where. A later removal of one of these must stay later. */
  readonly added: Set<number>
  readonly anchors: Set<number>
  /** Parents that got text: a player looks at all children of `style` and `textarea` then. */
  readonly textParents: Set<number>
}

function beginGroup(event: MutationEvent): Group {
  const group: Group = { from: [], entries: 0, added: new Set(), anchors: new Set(), textParents: new Set() }
  extend(group, event)
  return group
}

function extend(group: Group, event: MutationEvent): void {
  group.from.push(event)
  group.entries += entriesOf(event)
  for (const { node, parentId, nextId } of event.data.adds) {
    group.added.add(node.id)
    group.anchors.add(parentId)
    if (nextId !== null) group.anchors.add(nextId)
    if (node.type === NODE.text) group.textParents.add(parentId)
  }
}

function joins(group: Group, { timestamp, delay, data }: MutationEvent): boolean {
  const first = group.from[0] as MutationEvent
  const gapMs = timestamp - first.timestamp
  return (
    gapMs >= 0 &&
    gapMs <= MERGE_WINDOW_MS &&
    delay === first.delay &&
    group.entries + entriesOf({ data }) <= MOST_ENTRIES &&
    data.removes.every(
      ({ id, parentId }) =>
        !group.added.has(id) && !group.anchors.has(id) && !group.textParents.has(parentId),
    ) &&
    data.adds.every(({ node }) => !group.added.has(node.id) && !group.anchors.has(node.id))
  )
}

/** Nothing in this event acts beyond its own node, and its adds work in the order in which they stand. */
function isPlain({ data }: MutationEvent): boolean {
  if (entriesOf({ data }) > MOST_ENTRIES) return false
  const acting = data.attributes.some(({ attributes }) =>
    ACTING_ATTRIBUTES.some((name) => name in attributes),
  )
  if (acting) return false
  const later = new Set(data.adds.map(({ node }) => node.id))
  return data.adds.every(({ node, parentId, nextId, previousId }) => {
    // A player puts an addition aside until what it refers to exists; then order would come to matter.
    if (previousId != null || nextId === -1 || later.has(parentId)) return false
    if (nextId !== null && later.has(nextId)) return false
    later.delete(node.id)
    return node.type !== NODE.document && node.type !== NODE.doctype && node.tagName !== 'html'
  })
}

function finish(group: Group): MergedEvent {
  const [first] = group.from
  if (group.from.length === 1) return { event: first as ReplayEvent, from: group.from }
  const data = group.from.map((event) => event.data).reduce(joinData)
  return { event: { ...(first as ReplayEvent), data }, from: group.from }
}

function joinData(before: MutationData, after: MutationData): MutationData {
  // A node that is added again carries its newest state; one that is gone needs none.
  const outdated = new Set([...after.adds.map(({ node }) => node.id), ...after.removes.map(({ id }) => id)])
  const stillTrue = ({ id }: { id: number }): boolean => !outdated.has(id)
  const texts = new Map<number, TextChange>()
  for (const text of [...before.texts.filter(stillTrue), ...after.texts]) texts.set(text.id, text)
  return {
    ...before,
    removes: [...before.removes, ...after.removes],
    adds: [...before.adds, ...after.adds],
    texts: [...texts.values()],
    attributes: joinAttributes([...before.attributes.filter(stillTrue), ...after.attributes]),
  }
}

/** Per node one entry, unless a style changes in parts: parts build on what was set before, so they keep their place. */
function joinAttributes(changes: readonly AttributeChange[]): AttributeChange[] {
  const joined: { id: number; attributes: Record<string, unknown> }[] = []
  const newest = new Map<number, { attributes: Record<string, unknown> }>()
  for (const { id, attributes } of changes) {
    const before = newest.get(id)
    if (before && !hasParts(before.attributes) && !hasParts(attributes)) {
      Object.assign(before.attributes, attributes)
      continue
    }
    const entry = { id, attributes: { ...attributes } }
    joined.push(entry)
    newest.set(id, entry)
  }
  return joined
}

const hasParts = (attributes: Readonly<Record<string, unknown>>): boolean =>
  Object.values(attributes).some((value) => typeof value === 'object' && value !== null)

const entriesOf = ({ data }: { data: MutationData }): number =>
  data.removes.length + data.adds.length + data.texts.length + data.attributes.length
