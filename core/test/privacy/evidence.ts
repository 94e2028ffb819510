import type { StorageDump } from './pages/private-page.ts'
import { type Letter, unpack } from './post.ts'
import { CORE, SECRET } from './regions.ts'

/** What was found of the planted words. */
export interface Evidence {
  /** Words that can be read in accepted replays. */
  readonly recorded: ReadonlySet<string>
  /** Words found anywhere: sent or stored, in whatever form. */
  readonly anywhere: ReadonlyMap<string, string>
  /** Words in clicks and scrolls. */
  readonly clicked: ReadonlySet<string>
  /** Uploads of replays, databases and web storage really held something to be searched. */
  readonly amounts: { replays: number; clicks: number; storedBytes: number; headers: number }
}

export function searchEvidence(letters: readonly Letter[], dumps: readonly StorageDump[]): Evidence {
  const recorded = new Set<string>()
  const clicked = new Set<string>()
  const anywhere = new Map<string, string>()
  const amounts = { replays: 0, clicks: 0, storedBytes: 0, headers: 0 }

  const look = (text: string, place: string, ...into: Set<string>[]): void => {
    for (const word of wordsIn(text)) {
      if (!anywhere.has(word)) anywhere.set(word, place)
      for (const set of into) set.add(word)
    }
    if (isEncodedIn(text)) anywhere.set(`encoded in ${place}`, place)
  }

  for (const { url, headers, raw, text, method, accepted } of letters) {
    if (method === 'OPTIONS') continue
    look(decodeURIComponent(url), `address ${url.slice(0, 40)}`)
    look(JSON.stringify(headers), 'headers')
    amounts.headers += Object.keys(headers).length
    if (/\/track/.test(url)) {
      const clicks = url.includes('type=interaction')
      look(raw.toString('latin1'), 'raw bytes')
      const read = accepted || clicks ? [clicks ? clicked : recorded] : []
      look(text, clicks ? 'interactions' : 'replay', ...read)
      if (clicks) amounts.clicks += text.split('"type":"click"').length - 1
      else amounts.replays++
    } else if (/httpapi|batch/.test(url)) {
      // Events are the app's own; what the recorder adds to them is not.
      for (const [name, value] of replayProperties(text)) look(`${name}=${value}`, 'analytics properties')
    }
  }
  for (const { databases, web, cookies } of dumps) {
    look(JSON.stringify([web, cookies]), 'web storage')
    for (const { name, store, rows } of databases) {
      for (const { json } of rows) look(json, `${name}/${store}`)
      for (const bytes of streamsOf(rows)) {
        amounts.storedBytes += bytes.length
        look(unpack(bytes).toString('utf8'), `${name}/${store}`)
        look(bytes.toString('latin1'), `${name}/${store}`)
        look(bytes.toString('utf16le'), `${name}/${store}`)
      }
    }
  }
  return { recorded, anywhere, clicked, amounts }
}

function wordsIn(text: string): string[] {
  return [...new Set([...text.matchAll(SECRET)].map(([word]) => word.toLowerCase()))]
}

const ENCODED = [
  ...[0, 1, 2].map((shift) => {
    const whole = Buffer.from('x'.repeat(shift) + CORE).toString('base64')
    return whole.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + CORE.length) * 8) / 6))
  }),
  Buffer.from(CORE).toString('hex'),
  [...CORE].reverse().join(''),
]

/** Any secret as base64, hex or backwards. */
const isEncodedIn = (text: string): boolean => ENCODED.some((form) => text.includes(form))

function replayProperties(text: string): [string, unknown][] {
  try {
    const { events } = JSON.parse(text) as { events: { event_properties?: Record<string, unknown> }[] }
    return events.flatMap(({ event_properties = {} }) =>
      Object.entries(event_properties).filter(([name]) => name.includes('Session Replay')),
    )
  } catch {
    return []
  }
}

/** Byte fields of rows, each alone and, where keys are numbered, all pieces of one stream in a row. */
function streamsOf(rows: StorageDump['databases'][number]['rows']): Buffer[] {
  const streams = new Map<string, Buffer[]>()
  for (const { key, bytes } of rows) {
    const parts = bytes.map((base64) => Buffer.from(base64, 'base64'))
    const owner = key.replace(/,\d+\]$/, '')
    streams.set(owner, [...(streams.get(owner) ?? []), ...parts])
  }
  return [...streams.values()].map((parts) => Buffer.concat(parts))
}
