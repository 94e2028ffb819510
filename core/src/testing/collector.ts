import { EventType, type ReplayEvent, type SessionId } from '../types.ts'
import type { InteractionEvent } from './decode.ts'
import {
  type AnalyticsEvent,
  type Answer,
  createIntake,
  type ReceivedUpload,
  type RequestKind,
} from './intake.ts'
import { openSentRequest, readContent, type SentRequest } from './sent-request.ts'

export interface TestCollectorOptions {
  /**
   * The `configs` object that remote configuration answers with.
   * @default capture on, no sample rate: the local options decide
   */
  remoteConfigs?: Record<string, unknown>
}

/** The request of a custom transport (`handleSendEvents`, `handleFetchConfig`). */
export interface TransportRequest {
  url: string
  method: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  keepalive?: boolean
  signal?: AbortSignal
}

/** As much of Playwright's `Route` as is needed. */
export interface InterceptedRoute {
  request(): {
    url(): string
    method(): string
    allHeaders(): Promise<Record<string, string>>
    postDataBuffer(): Uint8Array | null
  }
  fulfill(answer: { status: number; headers: Record<string, string>; body: string }): Promise<void>
}

/** Amplitude's servers inside the test: nothing leaves the process. */
export interface TestCollector {
  /** Answers one request as Amplitude would; 404 for what is not part of the protocol. */
  handle(request: Request): Promise<Response>
  /**
   * Options for the plugin or `init` that keep all traffic of the recorder in the process.
   * @example sessionReplayPlugin({ sampleRate: 1, ...collector.transport })
   */
  readonly transport: {
    handleSendEvents(request: TransportRequest): Promise<Response>
    handleFetchConfig(request: TransportRequest): Promise<Response>
  }
  /** For Playwright: `await page.route(/amplitude\.com/, collector.route)`. */
  route(route: InterceptedRoute): Promise<void>
  /** Accepted uploads in order of arrival. */
  readonly uploads: readonly ReceivedUpload[]
  readonly analyticsEvents: readonly AnalyticsEvent[]
  /** Every request that the protocol knows, answered well or not. */
  readonly requests: readonly { kind: RequestKind; outcome: string; url: string }[]
  /** Replay events of all sessions or of one, in order of their timestamps. */
  events(sessionId?: SessionId): ReplayEvent[]
  interactions(sessionId?: SessionId): InteractionEvent[]
  /**
   * Everything that was sent, for `findLeaks`: method, address, headers and unpacked body of every request, also of those
   * that were refused, skipped or left without an answer, and what they recorded.
   */
  evidence(): object
  /** Replaces the remote configuration from the next request on. */
  setRemoteConfigs(configs: Record<string, unknown>): void
  /** Answers requests of this kind so, until told otherwise. */
  answerWith(kind: RequestKind, answer: Answer): void
  /**
   * The first upload, past or future, that `isWanted`. Left out: the first that has a full snapshot, or comes after one,
   * because an earlier test may have left something that only now is sent. Rejects after `timeoutMs` (default 10000).
   */
  waitForUpload(isWanted?: (upload: ReceivedUpload) => boolean, timeoutMs?: number): Promise<ReceivedUpload>
  /** Forgets what was received. */
  clear(): void
}

const CAPTURE_ON = { sessionReplay: { sr_sampling_config: {} } }

/**
 * An intake for tests that decodes what the recorder sends and serves remote configuration.
 *
 * @example
 * const collector = createTestCollector()
 * amplitude.add(sessionReplayPlugin({ sampleRate: 1, ...collector.transport }))
 * await collector.waitForUpload()
 * expect(recordedText(collector.events())).toContain('Welcome')
 */
export function createTestCollector(options: TestCollectorOptions = {}): TestCollector {
  let configs = options.remoteConfigs ?? CAPTURE_ON
  const answers = new Map<RequestKind, Answer>()
  const uploads: ReceivedUpload[] = []
  const analyticsEvents: AnalyticsEvent[] = []
  const requests: { kind: RequestKind; outcome: string; url: string }[] = []
  const sent: SentRequest[] = []
  const waiting = new Set<(upload: ReceivedUpload) => void>()
  let hasBegun = false

  const intake = createIntake({
    decideAnswer: (kind) => answers.get(kind) ?? { kind: 'accept' },
    remoteConfigs: () => configs,
    onUpload(upload) {
      uploads.push(upload)
      hasBegun ||= holdsSnapshot(upload)
      for (const tell of [...waiting]) tell(upload)
    },
    onAnalytics(events) {
      analyticsEvents.push(...events)
    },
    onAnswered(kind, outcome, url) {
      requests.push({ kind, outcome, url: url.href })
    },
  })

  const handle = async (request: Request): Promise<Response> => {
    const kept = openSentRequest(request)
    sent.push(kept)
    Object.assign(kept, await readContent(request.clone()))
    return (await intake(request)) ?? new Response('Not part of the protocol', { status: 404 })
  }

  const send = ({ url, method, headers, body, signal }: TransportRequest): Promise<Response> =>
    handle(
      new Request(url, {
        method,
        headers: headers ?? {},
        body: body === undefined || typeof body === 'string' ? body : body.slice(),
        signal: signal ?? null,
      }),
    )

  const uploadsOf = (sessionId: SessionId | undefined): ReceivedUpload[] =>
    uploads.filter((upload) => sessionId === undefined || upload.sessionId === String(sessionId))

  return {
    handle,
    transport: { handleSendEvents: send, handleFetchConfig: send },
    async route(route) {
      const request = route.request()
      const response = await send({
        url: request.url(),
        method: request.method(),
        headers: headersOnly(await request.allHeaders()),
        body: request.postDataBuffer() ?? undefined,
      })
      await route.fulfill({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      })
    },
    uploads,
    analyticsEvents,
    requests,
    events: (sessionId) =>
      uploadsOf(sessionId)
        .flatMap(({ decoded }) => (decoded.channel === 'replay' ? decoded.events : []))
        .sort((a, b) => a.timestamp - b.timestamp),
    interactions: (sessionId) =>
      uploadsOf(sessionId).flatMap(({ decoded }) =>
        decoded.channel === 'interaction' ? decoded.events : [],
      ),
    evidence: () => ({ requests: [...sent], analyticsEvents: [...analyticsEvents] }),
    setRemoteConfigs(next) {
      configs = next
    },
    answerWith(kind, answer) {
      answers.set(kind, answer)
    },
    waitForUpload(isWanted = () => hasBegun, timeoutMs = 10_000) {
      const past = uploads.find(isWanted)
      if (past) return Promise.resolve(past)
      return new Promise((resolve, reject) => {
        const tell = (upload: ReceivedUpload): void => {
          try {
            if (!isWanted(upload)) return
            resolve(upload)
          } catch (cause) {
            // The test's own mistake: the recorder is not to hear of it.
            reject(cause)
          }
          done()
        }
        const timer = setTimeout(() => {
          done()
          const seen =
            requests.map(({ kind, outcome }) => `${kind} ${outcome}`).join(', ') || 'no request at all'
          reject(new Error(`No such upload within ${timeoutMs} ms. Seen: ${seen}.`))
        }, timeoutMs)
        const done = (): void => {
          clearTimeout(timer)
          waiting.delete(tell)
        }
        waiting.add(tell)
      })
    },
    clear() {
      uploads.length = 0
      analyticsEvents.length = 0
      requests.length = 0
      sent.length = 0
    },
  }
}

/** HTTP/2 pseudo-headers and lengths are not for `Request`. */
function headersOnly(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(':') && name !== 'content-length'),
  )
}

const holdsSnapshot = ({ decoded }: ReceivedUpload): boolean =>
  decoded.channel === 'replay' && decoded.events.some(({ type }) => type === EventType.FullSnapshot)
