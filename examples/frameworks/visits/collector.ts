import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTestCollector, type TestCollector } from '@session-replay-kit/core/testing'

export interface ServedCollector extends TestCollector {
  readonly url: string
  close(): Promise<void>
}

/** The collector on an address of its own: what a page sends while it goes away arrives as well. */
export async function serveCollector(): Promise<ServedCollector> {
  const collector = createTestCollector()
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const answer = await collector.handle(
      new Request(new URL(incoming.url ?? '/', `http://${incoming.headers.host}`), {
        method: incoming.method ?? 'GET',
        headers: incoming.headers as Record<string, string>,
        body: chunks.length > 0 ? Buffer.concat(chunks) : null,
      }),
    )
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  return {
    ...collector,
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
