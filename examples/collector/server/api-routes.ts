import type { ReplayEvent } from '@session-replay-kit/core/testing'
import type { EventsPage, ReplayDetail, StreamMessage } from '../api.ts'
import type { Handler } from './http.ts'
import { readContent } from './replay-facts.ts'
import type { ReplayFile } from './replay-file.ts'
import type { ReplayStore } from './replay-store.ts'
import type { SettingsFile } from './settings.ts'

/** Proxies and browsers close streams that stay silent. */
const HEARTBEAT_MS = 15_000

export interface ApiDeps {
  store: ReplayStore
  settings: SettingsFile
  /** Names under which the API may be asked: a foreign page must not read replays by DNS tricks. */
  hosts: string[]
}

/** The JSON API of the viewer, below `/api/`. It sends no CORS headers: only the viewer's own page may read it. */
export function createApi({ store, settings, hosts }: ApiDeps): Handler {
  return async (request) => {
    const url = new URL(request.url)
    if (!url.pathname.startsWith('/api/')) return null
    if (!hosts.includes(url.hostname)) {
      return json(
        { error: `Not served under the name ${url.hostname}: start with --host ${url.hostname}` },
        403,
      )
    }
    const [resource, key = '', part] = url.pathname.slice('/api/'.length).split('/')
    switch (`${request.method} ${resource}`) {
      case 'GET replays':
        return key ? replay(key, part, url) : json(store.list())
      case 'DELETE replays':
        await (key ? store.remove(key) : store.removeAll())
        return json({ ok: true })
      case 'GET stream':
        return stream(request)
      case 'GET settings':
        return json(settings.get())
      case 'PUT settings':
        try {
          return json(await settings.change(await request.json()))
        } catch (error) {
          return json({ error: error instanceof Error ? error.message : String(error) }, 400)
        }
      default:
        return json({ error: 'Not found' }, 404)
    }
  }

  async function replay(key: string, part: string | undefined, url: URL): Promise<Response> {
    const file = store.find(key)
    if (!file) return json({ error: 'No such replay' }, 404)
    if (part === 'events')
      return json(await eventsFrom(file, Number(url.searchParams.get('after') ?? 0) || 0))
    const { events } = await eventsFrom(file, 0)
    const detail: ReplayDetail = {
      ...file.summary(),
      requests: file.requests(),
      analytics: file.analytics(),
      refused: file.refused(),
      content: readContent(events),
    }
    return json(detail)
  }

  function stream(request: Request): Response {
    const encoder = new TextEncoder()
    let stop = (): void => undefined
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const write = (text: string): void => controller.enqueue(encoder.encode(text))
        const unwatch = store.watch((message: StreamMessage) => write(`data: ${JSON.stringify(message)}\n\n`))
        const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS)
        stop = () => {
          unwatch()
          clearInterval(heartbeat)
        }
        request.signal.addEventListener('abort', stop, { once: true })
        write('retry: 1000\n\n')
      },
      cancel: () => stop(),
    })
    return new Response(body, {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    })
  }
}

async function eventsFrom(file: ReplayFile, from: number): Promise<EventsPage> {
  const uploads = await file.uploadsFrom(from)
  const events = uploads.flatMap((upload): ReplayEvent[] =>
    upload.channel === 'replay' ? upload.events : [],
  )
  // Sorting is stable: events of the same millisecond stay in the order in which they came.
  return { events: events.sort((a, b) => a.timestamp - b.timestamp), cursor: from + uploads.length }
}

function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
