import type { BatchHeader, Transport, TransportRequest, TransportResponse } from '../types.ts'
import type { Clock } from './clock.ts'
import { type Destination, uploadHeaders, uploadUrl } from './endpoint.ts'
import { type Outcome, readOutcome } from './outcome.ts'
import { pageTransport } from './transport.ts'

export interface Encoding {
  /** False: bodies leave without gzip (`enableTransportCompression`). */
  readonly compress: boolean
  /** Throws where the body cannot be read. */
  gunzip(body: Uint8Array): Uint8Array
}

/** The request for a gzipped body of a batch. The same body always makes the same request. */
export function describeRequest(
  destination: Destination,
  header: BatchHeader,
  gzipped: Uint8Array,
  { compress, gunzip }: Encoding,
): TransportRequest & { body: Uint8Array } {
  let body = gzipped
  if (!compress) {
    try {
      body = gunzip(gzipped)
    } catch {
      // Damaged on disk: let the server judge it, so that it does not hold up what follows.
    }
  }
  return {
    url: uploadUrl(destination, header),
    method: 'POST',
    headers: uploadHeaders(destination, header, body === gzipped),
    body,
  }
}

export interface AttemptSettings {
  /** Used instead of the page's own means. */
  readonly transport?: Transport
  /** For the whole request, the answer's body included. 0 or less: no limit. */
  readonly timeoutMs: number
  readonly clock: Clock
}

/**
 * Makes one request and says what it came to. Never rejects, whatever the transport does. The request is with
 * the browser when this function returns its promise, so it can be used while the page goes away.
 */
export async function attempt(
  request: TransportRequest,
  { transport, timeoutMs, clock }: AttemptSettings,
): Promise<Outcome> {
  const abort = typeof AbortController === 'function' ? new AbortController() : undefined
  let stopTimer = (): void => {}
  // Raced as well as aborted: a wrapper of the host or a custom transport may ignore the signal.
  const expired = new Promise<'expired'>((resolve) => {
    if (!(timeoutMs > 0)) return
    stopTimer = clock.after(timeoutMs, () => {
      resolve('expired')
      abort?.abort()
    })
  })
  try {
    const send = transport ?? pageTransport
    const response = await Promise.race([send({ ...request, signal: abort?.signal }), expired])
    if (response === 'expired') return { kind: 'unknown', reason: 'timeout' }
    const outcome = readOutcome(
      {
        status: statusOf(response),
        skipCode: header(response, 'X-Session-Replay-Event-Skipped'),
        retryAfter: header(response, 'Retry-After'),
      },
      clock.epoch(),
    )
    // The status is the answer. Its body is only waited for, so that requests do not overlap on the connection.
    await Promise.race([readToEnd(response), expired])
    return outcome
  } catch {
    return { kind: 'unknown', reason: 'network' }
  } finally {
    stopTimer()
  }
}

/** A redirect that ends in an HTML page, a login say, has lost the body: the intake has not answered. */
function statusOf(response: TransportResponse): number {
  const isPage = response.redirected === true && /html/i.test(header(response, 'Content-Type') ?? '')
  return isPage ? 302 : response.status
}

function header(response: TransportResponse, name: string): string | null {
  try {
    return response.headers?.get(name) ?? null
  } catch {
    return null
  }
}

async function readToEnd(response: TransportResponse): Promise<void> {
  try {
    await response.text?.()
  } catch {
    // Cut off, or read by somebody else: it does not matter.
  }
}
