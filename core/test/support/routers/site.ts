import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { createTestCollector, type TestCollector } from '../../../src/testing/index.ts'

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** A built single-page app and the collector behind one address. */
export interface Site {
  readonly origin: string
  readonly collector: TestCollector
  close(): Promise<void>
}

/** Serves files of `folder`, `index.html` for every other path, and takes in what the recorder sends. */
export async function openSite(folder: string): Promise<Site> {
  const collector = createTestCollector()
  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`)
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const answer = await collector.handle(
      new Request(url, {
        method: incoming.method ?? 'GET',
        headers: incoming.headers as Record<string, string>,
        body: chunks.length > 0 ? Buffer.concat(chunks) : null,
      }),
    )
    if (answer.status !== 404) {
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
      return
    }
    const type = TYPES[extname(url.pathname)]
    const path = type === undefined || type === 'text/html' ? '/index.html' : url.pathname
    const file = await readFile(join(folder, path)).catch(() => null)
    if (file === null) outgoing.writeHead(404).end()
    else outgoing.writeHead(200, { 'content-type': `${type ?? 'text/html'}; charset=utf-8` }).end(file)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    collector,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
