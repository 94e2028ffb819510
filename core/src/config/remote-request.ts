import type { ServerZone, Transport } from '../types.ts'
import { isRecord } from './rules.ts'

/** Remote config's addresses by zone. */
export const CONFIG_URLS: Record<ServerZone, string> = {
  US: 'https://sr-client-cfg.amplitude.com/config',
  EU: 'https://sr-client-cfg.eu.amplitude.com/config',
}

export interface RemoteRequest {
  apiKey: string
  serverZone: ServerZone
  /** Takes the place of the zone's address. */
  configServerUrl: string | undefined
  /** Takes the place of `fetch`. */
  handleFetchConfig: Transport | undefined
}

/** `refused` is a clear no that asking again will not change; `forGood` means that the key itself is unwelcome. */
export type Answer =
  | { heard: true; body: Record<string, unknown> }
  | { heard: false; reason: 'failed' | 'refused'; forGood: boolean; detail: string }

const failed = (detail: string): Answer => ({ heard: false, reason: 'failed', forGood: false, detail })

/** Asks the server once. Never rejects; ends after `timeoutMs` or when `run` aborts, whatever the transport does. */
export async function askOnce(request: RemoteRequest, timeoutMs: number, run: AbortSignal): Promise<Answer> {
  const attempt = new AbortController()
  const cancel = () => attempt.abort()
  const timer = setTimeout(cancel, timeoutMs)
  run.addEventListener('abort', cancel)
  try {
    return await Promise.race([
      // The body is read inside the race: a server can hang there too.
      exchange(request, attempt.signal),
      new Promise<Answer>((resolve) => {
        attempt.signal.addEventListener('abort', () => resolve(failed(`no answer within ${timeoutMs} ms`)))
      }),
    ])
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'network error'
    return failed(cause instanceof SyntaxError ? why : `${baseOf(request)} cannot be reached (${why})`)
  } finally {
    clearTimeout(timer)
    run.removeEventListener('abort', cancel)
  }
}

/** The address below which settings are asked for. */
export const baseOf = ({ configServerUrl, serverZone }: RemoteRequest): string =>
  configServerUrl?.replace(/\/+$/, '') ?? CONFIG_URLS[serverZone]

async function exchange(request: RemoteRequest, signal: AbortSignal): Promise<Answer> {
  const { apiKey, handleFetchConfig } = request
  const url = `${baseOf(request)}/${encodeURIComponent(apiKey)}?config_group=browser`
  const headers = { Accept: '*/*' }
  const response = await (handleFetchConfig
    ? handleFetchConfig({ url, method: 'GET', headers, signal })
    : fetch(url, { headers, signal, referrerPolicy: 'strict-origin' }))

  const { status, ok } = response
  if (ok || (status >= 200 && status < 300)) {
    const body = response.json ? await response.json() : JSON.parse(await response.text())
    return isRecord(body) ? { heard: true, body } : failed('the answer is not a JSON object')
  }
  const detail = `the server answered ${status}`
  return status >= 400 && status < 500 && status !== 429
    ? { heard: false, reason: 'refused', forGood: status === 401 || status === 403, detail }
    : failed(detail)
}
