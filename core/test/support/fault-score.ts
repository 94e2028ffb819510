import type { Upload } from './collector.ts'

/** What became of the numbered changes of a page. */
export interface Score {
  /** Items that the page wrote while it was to be recorded. */
  readonly generated: number
  /** Items that arrived in exactly one event, or in a snapshot. */
  readonly once: number
  readonly duplicated: string[]
  readonly lost: string[]
  /** Items that a player would see after a later one of the same visit. */
  readonly outOfOrder: string[]
  /** Of the item that arrived most often. */
  readonly mostCopies: number
  /** Second copies that are not the same text as the first. */
  readonly changedCopies: number
}

type Event = { type: number; timestamp: number; data: Record<string, unknown> }

/** Every replay event that the server kept, without the copies, in the order in which a player shows them. */
export function playable(uploads: readonly Upload[], sessionId?: string): Event[] {
  const seen = new Set<string>()
  const events: Event[] = []
  for (const upload of keptReplays(uploads)) {
    if (sessionId !== undefined && upload.sessionId !== sessionId) continue
    for (const element of upload.elements) {
      const text = String(element)
      if (seen.has(text)) continue
      seen.add(text)
      events.push(JSON.parse(text))
    }
  }
  return events.sort((one, other) => one.timestamp - other.timestamp)
}

/** What came when, one line per upload: for whoever has to find out why a scenario failed. */
export function timelineOf(uploads: readonly Upload[]): string {
  const startedAt = uploads[0]?.receivedAt ?? 0
  return uploads
    .map((upload) => {
      const { receivedAt, sessionId, elements, answer } = upload
      const items = itemsOf(upload)
      const range = items.length > 0 ? `${items[0]}…${items.at(-1)}` : '-'
      return `+${receivedAt - startedAt} ms ${sessionId} ${elements.length} events ${range} → ${answer.mode} ${answer.status}`
    })
    .join('\n')
}

/** Names of all items that the server has, however often. */
export function arrivedItems(uploads: readonly Upload[]): Set<string> {
  return new Set(keptReplays(uploads).flatMap(itemsOf))
}

export function scoreOf(wrote: readonly string[], uploads: readonly Upload[]): Score {
  const copies = new Map<string, string[]>()
  for (const { elements } of keptReplays(uploads)) {
    for (const element of elements) {
      const text = String(element)
      if (!isChange(text)) continue
      for (const name of itemsIn(text)) copies.set(name, [...(copies.get(name) ?? []), text])
    }
  }
  const arrived = arrivedItems(uploads)
  const duplicated = wrote.filter((name) => (copies.get(name)?.length ?? 0) > 1)
  const lost = wrote.filter((name) => !arrived.has(name))
  return {
    generated: wrote.length,
    once: wrote.length - duplicated.length - lost.length,
    duplicated,
    lost,
    outOfOrder: findInversions(playable(uploads)),
    mostCopies: Math.max(0, ...wrote.map((name) => copies.get(name)?.length ?? 0)),
    changedCopies: duplicated.filter((name) => new Set(copies.get(name)).size > 1).length,
  }
}

/** Sessions of other uploads in which an item of `names` turns up. */
export function sessionsOf(name: string, uploads: readonly Upload[]): string[] {
  const ids = keptReplays(uploads)
    .filter((upload) => itemsOf(upload).includes(name))
    .map(({ sessionId }) => sessionId)
  return [...new Set(ids)]
}

function findInversions(events: readonly Event[]): string[] {
  const newest = new Map<string, number>()
  const inverted: string[] = []
  for (const event of events) {
    const text = JSON.stringify(event)
    if (!isChange(text)) continue
    for (const name of itemsIn(text)) {
      const [, tab = '', digits = ''] = /^([a-z]+)(\d+)$/.exec(name) ?? []
      if (Number(digits) < (newest.get(tab) ?? 0)) inverted.push(name)
      else newest.set(tab, Number(digits))
    }
  }
  return inverted
}

const keptReplays = (uploads: readonly Upload[]): Upload[] =>
  uploads.filter(({ kept, type }) => kept && type === 'replay')

const isChange = (text: string): boolean => text.startsWith('{"type":3,')

const known = new WeakMap<Upload, string[]>()

/** Asked for again with every upload that comes: a body of many megabytes is read once. */
function itemsOf(upload: Upload): string[] {
  const items = known.get(upload) ?? itemsIn(upload.text)
  known.set(upload, items)
  return items
}

const itemsIn = (text: string): string[] =>
  [...text.matchAll(/\bitem ([a-z]+\d+)\b/g)].map(([, name]) => name ?? '')
