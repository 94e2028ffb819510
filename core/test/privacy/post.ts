import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { constants, gunzipSync } from 'node:zlib'
import { type Answer, createIntake, type RequestKind } from '../../src/testing/intake.ts'

/** One request as it came, with its body as bytes and as text. */
export interface Letter {
  method: string
  url: string
  headers: Record<string, string>
  raw: Buffer
  /** Unpacked. */
  text: string
  /** Answered with 200. */
  accepted: boolean
}

/** Amplitude's side of the wire on an origin of its own; keeps everything that arrives, to be searched. */
export interface Post {
  readonly origin: string
  readonly letters: readonly Letter[]
  /** The `configs` object of the remote configuration from now on. */
  configs: Record<string, unknown>
  /** Answers requests of a kind so from now on. */
  answers: Partial<Record<RequestKind, Answer>>
  /** Remote configuration waits for this before it answers. */
  configGate: Promise<void>
  close(): Promise<void>
}

export async function openPost(configs: Record<string, unknown>): Promise<Post> {
  const letters: Letter[] = []
  const intake = createIntake({
    decideAnswer: (kind) => post.answers[kind] ?? { kind: 'accept' },
    remoteConfigs: () => post.configs,
    onUpload() {},
    onAnalytics() {},
  })
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const raw = Buffer.concat(parts)
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    )
    const { method = 'GET', url = '/' } = request
    const letter = { method, url, headers, raw, text: unpack(raw).toString('utf8'), accepted: false }
    letters.push(letter)
    if (url.startsWith('/config/') && method === 'GET') await post.configGate
    const answer = await intake(
      new Request(new URL(url, post.origin), {
        method,
        headers,
        body: method === 'GET' || method === 'OPTIONS' ? null : raw,
      }),
    )
    letter.accepted = answer?.status === 200
    response.writeHead(answer?.status ?? 404, Object.fromEntries(answer?.headers ?? []))
    response.end(await answer?.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const post: Post = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    letters,
    configs,
    answers: {},
    configGate: Promise.resolve(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return post
}

/** The bytes without their gzip coat, also those of a stream that is not at its end; others as they are. */
export function unpack(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    return bytes
  }
}
