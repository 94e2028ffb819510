import { EventType, IncrementalSource, type ReplayEvent } from '../types.ts'

/** An rrweb serialized node, as far as it is read here. */
export interface RecordedNode {
  type: number
  id: number
  tagName?: string
  textContent?: string
  attributes?: Record<string, unknown>
  childNodes?: RecordedNode[]
}

interface Mutation {
  source: number
  adds?: { parentId: number; node: RecordedNode }[]
  texts?: { id: number; value: string | null }[]
  attributes?: { id: number; attributes: Record<string, unknown> }[]
  text?: string
}

const TEXT_NODES = new Set([3, 4])
/** Their text is code, not something a viewer reads. */
const CODE_ELEMENTS = new Set(['style', 'script', 'noscript', 'template'])
/** Attributes that a page, a tooltip or a screen reader turns into words. */
const WORDY_ATTRIBUTES = [
  'value',
  'placeholder',
  'title',
  'alt',
  'label',
  'aria-label',
  'aria-description',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
]

/**
 * All text that somebody who watches the replay could read, one piece a line, in the order of recording:
 * text nodes, field values, labels and tooltips, words that CSS adds, titles of visited pages.
 * Use it to show that something *is* recorded; to prove that something is not, use `findLeaks`.
 */
export function recordedText(events: readonly ReplayEvent[]): string {
  const pieces: string[] = []
  const codeIds = new Set<number>()

  const say = (text: unknown): void => {
    if (typeof text === 'string' && text.trim()) pieces.push(text)
  }
  const sayAttributes = (attributes: Record<string, unknown> = {}): void => {
    for (const name of WORDY_ATTRIBUTES) say(attributes[name])
    if (typeof attributes._cssText === 'string')
      for (const text of contentStrings(attributes._cssText)) say(text)
  }
  const walk = (node: RecordedNode, outerIsCode: boolean): void => {
    const isCode = outerIsCode || CODE_ELEMENTS.has(node.tagName ?? '')
    if (isCode) codeIds.add(node.id)
    if (!TEXT_NODES.has(node.type)) sayAttributes(node.attributes)
    else if (isCode) contentStrings(node.textContent ?? '').forEach(say)
    else say(node.textContent)
    for (const child of node.childNodes ?? []) walk(child, isCode)
  }

  for (const event of events) {
    if (event.type === EventType.FullSnapshot) walk((event.data as { node: RecordedNode }).node, false)
    else if (event.type === EventType.Plugin) {
      say((event.data as { payload?: { title?: unknown } }).payload?.title)
    } else if (event.type === EventType.Incremental) {
      const data = event.data as Mutation
      if (data.source === IncrementalSource.Input) say(data.text)
      for (const { parentId, node } of data.adds ?? []) walk(node, codeIds.has(parentId))
      for (const { id, value } of data.texts ?? []) if (!codeIds.has(id)) say(value)
      for (const change of data.attributes ?? []) sayAttributes(change.attributes)
    }
  }
  return pieces.join('\n')
}

function contentStrings(css: string): string[] {
  return [...css.matchAll(/content\s*:\s*(?:"([^"]*)"|'([^']*)')/g)].map(
    (found) => found[1] ?? found[2] ?? '',
  )
}
