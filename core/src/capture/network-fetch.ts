import type { Stop } from '../types.ts'
import { MAX_READ_LENGTH } from './network-body.ts'
import type { Begin } from './network-request.ts'
import { wrapMethod } from './wrap-method.ts'

/** An answer whose body takes longer than this is recorded without the rest, in ms. */
const MAX_READ_MS = 10_000

/** Tells each `fetch` of the page to `begin`. */
export function wrapFetch(begin: Begin): Stop {
  return wrapMethod(
    globalThis,
    'fetch',
    (original) =>
      function (this: unknown, ...args: never[]) {
        const [input, init] = args as unknown as Parameters<typeof fetch>
        const running = begin(factsOf(input, init))
        const result = original.apply(this, args) as Promise<Response>
        if (!running || typeof result?.then !== 'function') return result
        // Handed on instead of watched from aside: the browser still sees a failure that nobody handles.
        return result.then(
          (response) => {
            running.answered({
              status: response.status,
              headers: response.headers,
              contentType: response.headers.get('content-type'),
              text: () => readStart(response.clone()),
            })
            return response
          },
          (cause) => {
            running.failed(cause)
            throw cause
          },
        )
      },
  )
}

/** Lazy, so that whatever odd arguments do, they do inside the guard of `begin` first or in `fetch` itself. */
function factsOf(input: RequestInfo | URL, init: RequestInit | undefined) {
  const request = input instanceof Request ? input : undefined
  return {
    type: 'fetch' as const,
    get method() {
      return init?.method ?? request?.method ?? 'GET'
    },
    get url() {
      return request?.url ?? String(input)
    },
    get headers() {
      const given = init?.headers ?? request?.headers
      // A generator can be read only once, and that is for `fetch` to do.
      const isOneWay =
        given && !(given instanceof Headers) && !Array.isArray(given) && Symbol.iterator in given
      return isOneWay ? [] : new Headers(given)
    },
    // The body of a Request is a stream: reading it would need a copy of every upload.
    body: init?.body,
  }
}

async function readStart(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder()
  let text = ''
  const timer = setTimeout(() => reader.cancel().catch(() => {}), MAX_READ_MS)
  try {
    while (text.length <= MAX_READ_LENGTH) {
      const { done, value } = await reader.read()
      if (done) return text + decoder.decode()
      text += decoder.decode(value, { stream: true })
    }
    reader.cancel().catch(() => {})
    return text
  } finally {
    clearTimeout(timer)
  }
}
