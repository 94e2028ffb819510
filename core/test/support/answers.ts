/** What the scripted collector does with one upload. Built with the functions below. */
export interface Answer {
  /** How the connection behaves; see the functions below. */
  readonly mode: 'answer' | 'hang' | 'reset' | 'reset-after' | 'truncate' | 'stall-body' | 'drip' | 'unshared'
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
  /** Time between the request's last byte and the first byte of the answer. */
  readonly delayMs: number
}

const BASE: Answer = { mode: 'answer', status: 200, headers: {}, body: '{"code":200}', delayMs: 0 }

/** Accepts and keeps the batch. */
export const accept = (): Answer => BASE

/** Any status. Not 2xx: the batch is not kept. */
export const status = (code: number, headers: Record<string, string> = {}, body = ''): Answer => ({
  ...BASE,
  status: code,
  headers,
  body,
})

/** 200 with a skip code: the server has decided not to keep the batch. */
export const skip = (code: number | string, headers: Record<string, string> = {}): Answer => ({
  ...BASE,
  headers: { ...headers, 'X-Session-Replay-Event-Skipped': String(code) },
})

/** Takes the request and never answers. */
export const hang = (): Answer => ({ ...BASE, mode: 'hang' })

/** Cuts the connection when the request arrives; the batch is not kept. */
export const reset = (): Answer => ({ ...BASE, mode: 'reset' })

/** Keeps the batch, then cuts the connection without an answer. */
export const resetAfter = (): Answer => ({ ...BASE, mode: 'reset-after' })

/** Keeps the batch, sends 200 and half of the promised body, then cuts the connection. */
export const truncate = (): Answer => ({ ...BASE, mode: 'truncate' })

/** Keeps the batch, sends 200 and half of the body, and leaves the connection open. */
export const stallBody = (): Answer => ({ ...BASE, mode: 'stall-body' })

/** Keeps the batch, sends 200, and then the body byte by byte. */
export const drip = (): Answer => ({ ...BASE, mode: 'drip' })

/** Keeps the batch and answers without CORS headers: the page learns nothing. */
export const unshared = (): Answer => ({ ...BASE, mode: 'unshared' })

/** The same answer, later. */
export const after = (delayMs: number, answer: Answer = BASE): Answer => ({ ...answer, delayMs })
