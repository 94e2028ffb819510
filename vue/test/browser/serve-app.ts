import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'vite'
import { rrwebPatches } from '../../../core/src/capture/rrweb-patches.ts'
import { packWorker } from '../../../core/vite.worker.ts'

export interface ServedApp {
  readonly origin: string
  close(): Promise<void>
}

/** Builds the app with this version of vue-router and serves it; every page is the same `index.html`. */
export async function serveApp(routerPackage: string): Promise<ServedApp> {
  const files = await bundle(routerPackage)
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://app').pathname
    const file = files[path]
    const type = path.endsWith('.js') ? 'text/javascript' : path.endsWith('.css') ? 'text/css' : 'text/html'
    response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` })
    response.end(file ?? files['/index.html'])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function bundle(routerPackage: string): Promise<Record<string, string>> {
  const result = await build({
    configFile: false,
    root: join(import.meta.dirname, 'app'),
    logLevel: 'error',
    plugins: [rrwebPatches(), packWorker({ file: false })],
    resolve: {
      conditions: ['source', 'module', 'browser', 'production'],
      alias: [
        { find: /^vue-router$/, replacement: routerPackage },
        { find: /^@session-replay-kit\/vue$/, replacement: join(import.meta.dirname, '../../src/index.ts') },
      ],
    },
    build: { write: false, target: 'es2022', minify: false },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) =>
    'output' in one ? one.output : [],
  )
  return Object.fromEntries(
    outputs.map((part) => [`/${part.fileName}`, part.type === 'chunk' ? part.code : String(part.source)]),
  )
}
