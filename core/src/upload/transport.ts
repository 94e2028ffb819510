import type { TransportRequest, TransportResponse } from '../types.ts'

/**
 * Sends with the page's `fetch`, or with XMLHttpRequest where there is none. Both are looked up at each call:
 * host pages wrap them, and their wrappers are to keep working. May throw at once, as a broken wrapper does.
 */
export function pageTransport(request: TransportRequest): Promise<TransportResponse> {
  if (typeof globalThis.fetch !== 'function') return sendByXhr(request)
  return globalThis.fetch(request.url, {
    method: request.method,
    headers: request.headers,
    // Our bodies never share memory with a worker, which is all that BodyInit excludes.
    body: request.body as BodyInit,
    signal: request.signal,
    // The page's own policy could add its address, whose query may be private.
    referrerPolicy: 'strict-origin',
    ...(request.keepalive ? { keepalive: true } : {}),
  })
}

/** A request with `keepalive` outlives the page here. Firefox has it from 133 on, Safari from 13. */
export function canKeepAlive(): boolean {
  return (
    typeof globalThis.fetch === 'function' &&
    typeof Request === 'function' &&
    'keepalive' in Request.prototype
  )
}

function sendByXhr(request: TransportRequest): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open(request.method, request.url)
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value)
    xhr.onload = () =>
      resolve({
        status: xhr.status,
        headers: { get: (name) => xhr.getResponseHeader(name) },
        text: async () => xhr.responseText,
      })
    xhr.onerror = () => reject(new TypeError('request failed'))
    xhr.onabort = () => reject(new TypeError('request aborted'))
    request.signal?.addEventListener('abort', () => xhr.abort(), { once: true })
    xhr.send(request.body as XMLHttpRequestBodyInit)
  })
}
