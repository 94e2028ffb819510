import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'
import {
  type BodyRules,
  type BodyStatus,
  bodyText,
  captureText,
  HIDDEN,
  isSkippedType,
} from './network-body.ts'
import { wrapFetch } from './network-fetch.ts'
import type { Begin } from './network-request.ts'
import { wrapXhr } from './network-xhr.ts'

/** One request of the page. */
export interface NetworkEntry {
  /** Epoch ms of the start. */
  timestamp: number
  type: 'fetch' | 'xhr'
  method: string
  url: string
  requestHeaders: Record<string, string>
  requestBody?: string
  /** Absent if there was no answer. */
  status?: number
  /** From the start to the answer's headers (fetch) or end (xhr), in ms. */
  duration: number
  responseHeaders: Record<string, string>
  responseBody?: string
  responseBodyStatus?: BodyStatus
  error?: { name: string; message: string }
}

export interface NetworkDeps {
  emit(entry: NetworkEntry): void
  sanitizeUrl(url: string): string
  /** The value of a header or property of this name is never recorded. */
  isSecretName(name: string): boolean
  /** Requests to addresses that begin with one of these are the kit's own: not recorded. Read at each request. */
  ownUrls(): readonly string[]
  /** Bodies are not read unless there are rules for them. */
  bodies: { request: BodyRules | null; response: BodyRules | null; maxBodySizeBytes: number }
  report: Report
}

/** Headers that carry credentials under names that are no secret words. */
const SECRET_HEADER = /auth|cookie|token|api-?key|secret|session|signature|credential|csrf|xsrf/i

/** Records `fetch` and `XMLHttpRequest`. Both work as before, errors and answers reach the page unchanged. */
export function startNetworkCapture(deps: NetworkDeps): Stop {
  let live = true

  const headersOf = (headers: Iterable<readonly [string, string]>): Record<string, string> => {
    const safe: Record<string, string> = {}
    for (const [name, value] of headers) {
      if (SECRET_HEADER.test(name) || deps.isSecretName(name)) safe[name] = HIDDEN
      else safe[name] = /^[a-z][\w+.-]*:\/\//i.test(value) ? deps.sanitizeUrl(value) : value
    }
    return safe
  }

  const policyFor = (rules: BodyRules) => ({
    rules,
    maxBodySizeBytes: deps.bodies.maxBodySizeBytes,
    isSecretName: deps.isSecretName,
  })

  const begin: Begin = (facts) => {
    const { href } = new URL(facts.url, document.baseURI)
    if (!live || deps.ownUrls().some((own) => own !== '' && href.startsWith(own))) return undefined
    const startedMs = performance.now()
    const entry: NetworkEntry = {
      timestamp: Date.now(),
      type: facts.type,
      method: facts.method.toUpperCase(),
      url: deps.sanitizeUrl(href),
      requestHeaders: headersOf(facts.headers),
      duration: 0,
      responseHeaders: {},
    }
    const { request, response } = deps.bodies
    const sent = request ? bodyText(facts.body) : undefined
    if (request && sent !== undefined) entry.requestBody = captureText(sent, policyFor(request)).body ?? ''

    const emit = guard('recording a request', deps.report, () => {
      if (live) deps.emit(entry)
    })
    return {
      answered: guard('recording an answer', deps.report, (answer) => {
        entry.duration = Math.round(performance.now() - startedMs)
        entry.status = answer.status
        entry.responseHeaders = headersOf(answer.headers)
        if (!response) return emit()
        if (isSkippedType(answer.contentType)) {
          entry.responseBodyStatus = 'skipped_binary'
          return emit()
        }
        answer
          .text()
          .then((text) => {
            const { body, status } = captureText(text, policyFor(response))
            if (body !== undefined) entry.responseBody = body
            entry.responseBodyStatus = status
          })
          .catch(() => {
            entry.responseBodyStatus = 'error'
          })
          .then(emit)
      }),
      failed: guard('recording a failed request', deps.report, (cause) => {
        entry.duration = Math.round(performance.now() - startedMs)
        const { name, message } = (cause ?? {}) as { name?: unknown; message?: unknown }
        entry.error = { name: String(name ?? 'Error'), message: String(message ?? cause) }
        emit()
      }),
    }
  }

  const guarded = guard('recording a request', deps.report, begin)
  const stops = [wrapFetch(guarded), wrapXhr(guarded)]
  return () => {
    live = false
    for (const stop of stops) stop()
  }
}
