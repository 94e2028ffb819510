import { EventType, IncrementalSource, type ReplayEvent } from '../types.ts'
import { isRecord } from './frame-messages.ts'

/** Gives an id of a frame its place among ours. */
export type TranslateId = (id: number) => number

export interface FrameTranslation {
  /** Our id of the frame element. */
  frameId: number
  node: TranslateId
  style: TranslateId
  /** Our id of the frame's document, once its snapshot has come. */
  rootId: number | undefined
}

type Data = Record<string, unknown>

const { Mutation, MouseMove, TouchMove, Drag, ViewportResize, Selection, AdoptedStyleSheet } =
  IncrementalSource

/**
 * Turns a frame's event into one of ours: ids translated, the full snapshot as content of the frame element.
 * Changes `event` (messages are copies). Null for what has no place in the page's replay: Meta, custom and
 * plugin events, the frame's viewport, and anything before the frame's snapshot.
 */
export function translateFrameEvent(event: ReplayEvent, frame: FrameTranslation): ReplayEvent | null {
  const data = event.data as Data
  if (event.type === EventType.FullSnapshot) {
    if (!isRecord(data.node) || typeof data.node.id !== 'number') return null
    translateNode(data.node, frame, undefined)
    frame.rootId = data.node.id as number
    setRoot(data.node, frame.rootId)
    return incremental({
      source: Mutation,
      adds: [{ parentId: frame.frameId, nextId: null, node: data.node }],
      removes: [],
      texts: [],
      attributes: [],
      isAttachIframe: true,
    })
  }
  if (event.type !== EventType.Incremental || frame.rootId === undefined) return null
  switch (data.source) {
    case Mutation:
      for (const add of records(data.adds)) {
        translate(add, ['parentId', 'nextId', 'previousId'], frame.node)
        if (isRecord(add.node)) translateNode(add.node, frame, frame.rootId)
      }
      for (const remove of records(data.removes)) translate(remove, ['parentId', 'id'], frame.node)
      for (const change of [...records(data.attributes), ...records(data.texts)])
        translate(change, ['id'], frame.node)
      break
    case MouseMove:
    case TouchMove:
    case Drag:
      for (const position of records(data.positions)) translate(position, ['id'], frame.node)
      break
    case ViewportResize:
      return null
    case Selection:
      for (const range of records(data.ranges)) translate(range, ['start', 'end'], frame.node)
      break
    case AdoptedStyleSheet:
      translate(data, ['id'], frame.node)
      if (Array.isArray(data.styleIds)) data.styleIds = data.styleIds.map((id) => translated(id, frame.style))
      for (const style of records(data.styles)) translate(style, ['styleId'], frame.style)
      break
    default:
      translate(data, ['id'], frame.node)
      translate(data, ['styleId'], frame.style)
  }
  return incremental(data)
}

const incremental = (data: unknown): ReplayEvent => ({ type: EventType.Incremental, timestamp: 0, data })

const records = (value: unknown): Data[] => (Array.isArray(value) ? value.filter(isRecord) : [])

const translated = (id: unknown, to: TranslateId): unknown => (typeof id === 'number' ? to(id) : id)

function translate(data: Data, keys: readonly string[], to: TranslateId): void {
  for (const key of keys) if (key in data) data[key] = translated(data[key], to)
}

/** Without recursion: a forged snapshot may be as deep as its sender likes. */
function translateNode(top: Data, frame: FrameTranslation, rootId: number | undefined): void {
  for (const node of walk(top)) {
    translate(node, ['id', 'rootId'], frame.node)
    if (rootId !== undefined) belong(node, rootId)
  }
}

function setRoot(top: Data, rootId: number): void {
  for (const node of walk(top)) belong(node, rootId)
}

/** Type 0 is a document: the only nodes that belong to no root. Nested documents keep their own. */
function belong(node: Data, rootId: number): void {
  if (node.type !== 0 && !node.rootId) node.rootId = rootId
}

function* walk(top: Data): Generator<Data> {
  const open = [top]
  for (let node = open.pop(); node; node = open.pop()) {
    yield node
    for (const child of records(node.childNodes)) open.push(child)
  }
}
