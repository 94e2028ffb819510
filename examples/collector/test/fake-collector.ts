import type { EventsPage, ReplayDetail, ReplayEvent, ReplaySummary, StreamMessage } from '../api.ts'
import { readContent } from '../server/replay-facts.ts'
import { DEFAULT_SETTINGS } from '../server/settings.ts'

/** The collector's API without a server, for tests of the viewer: replays live in memory. */
export function createFakeCollector() {
  const replays = new Map<string, ReplayEvent[][]>()

  const eventsOf = (key: string, after = 0): ReplayEvent[] =>
    (replays.get(key) ?? [])
      .slice(after)
      .flat()
      .sort((a, b) => a.timestamp - b.timestamp)

  const summaryOf = (key: string): ReplaySummary => {
    const events = eventsOf(key)
    return {
      key,
      deviceId: key,
      sessionId: '1',
      userId: null,
      startedAt: events[0]?.timestamp ?? null,
      endedAt: events.at(-1)?.timestamp ?? null,
      receivedAt: Date.now(),
      events: events.length,
      interactions: 0,
      uploads: replays.get(key)?.length ?? 0,
      duplicates: 0,
      rawBytes: 0,
      bodyBytes: 0,
      diskBytes: 0,
      pageUrl: '',
      library: '',
      sampleRate: '',
      analyticsEvents: 0,
      taggedEvents: 0,
      refusals: 0,
    }
  }

  const answer = (path: string): unknown => {
    const { pathname, searchParams } = new URL(path, 'http://collector')
    const [, , resource, key, part] = pathname.split('/')
    if (resource === 'settings') return DEFAULT_SETTINGS
    if (!key) return [...replays.keys()].map(summaryOf)
    if (part === 'events') {
      const page: EventsPage = {
        events: eventsOf(key, Number(searchParams.get('after'))),
        cursor: replays.get(key)?.length ?? 0,
      }
      return page
    }
    const detail: ReplayDetail = {
      ...summaryOf(key),
      requests: [],
      analytics: [],
      refused: [],
      content: readContent(eventsOf(key)),
    }
    return detail
  }

  return {
    /** One more upload of a replay; gives the message that viewers get. */
    add(key: string, events: ReplayEvent[]): StreamMessage & { type: 'replay' } {
      replays.set(key, [...(replays.get(key) ?? []), events])
      return { type: 'replay', replay: summaryOf(key) }
    },
    remove(key: string): void {
      replays.delete(key)
    },
    /** Stands for the global `fetch`. */
    fetch: async (path: string): Promise<Response> => Response.json(answer(path)),
  }
}
