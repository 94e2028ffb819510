import { decodeUpload, unpackBody } from './decode.ts'

/** One request as it left the page, whatever it was answered. */
export interface SentRequest {
  method: string
  url: string
  headers: Record<string, string>
  /** Unpacked. Bytes when it is no text. */
  body: string | Uint8Array
  /** What it recorded, for text that is spread over nodes; nothing where it is no upload. */
  events: readonly object[]
}

/** Before its body is read: method, address and headers have left the page even if the body never comes. */
export function openSentRequest({ method, url, headers }: Request): SentRequest {
  return { method, url, headers: Object.fromEntries(headers), body: '', events: [] }
}

/** Reads the body of `request`, which nobody else can read then: give a clone. */
export async function readContent(request: Request): Promise<Pick<SentRequest, 'body' | 'events'>> {
  const bytes = new Uint8Array(await request.arrayBuffer())
  const encoding = request.headers.get('content-encoding')
  try {
    const { text, events } = await decodeUpload(bytes, encoding)
    return { body: text, events }
  } catch {
    // No upload, or a malformed one: it was sent all the same.
    return { body: await readBody(bytes, encoding), events: [] }
  }
}

/** What cannot be unpacked stays packed: a search in it throws. */
async function readBody(bytes: Uint8Array, encoding: string | null): Promise<string | Uint8Array> {
  const unpacked = await unpackBody(bytes, encoding).catch(() => bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(unpacked)
  } catch {
    return unpacked
  }
}
