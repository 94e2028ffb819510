import { svelte } from '@sveltejs/vite-plugin-svelte'
import { createServer } from 'vite'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** What a server renders for the fixtures that are hydrated. */
    serverHtml: { status: string; marks: string }
  }
}

/** Renders fixtures as a server does; tests in the browser get the result with `inject('serverHtml')`. */
export default async function renderOnServer({ provide }: TestProject): Promise<void> {
  const server = await createServer({
    configFile: false,
    root: new URL('../..', import.meta.url).pathname,
    logLevel: 'error',
    plugins: [svelte()],
    resolve: { conditions: ['source'] },
    ssr: { resolve: { conditions: ['source'] } },
    server: { middlewareMode: true, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true },
  })
  try {
    const load = (path: string) => server.ssrLoadModule(path)
    const { render } = await load('svelte/server')
    const [App, Status, Marks] = await Promise.all(
      ['App', 'Status', 'Marks'].map(async (name) => (await load(`/test/fixtures/${name}.svelte`)).default),
    )
    provide('serverHtml', {
      status: render(App, { props: { provider: {}, page: Status } }).body,
      marks: render(App, { props: { provider: {}, page: Marks } }).body,
    })
  } finally {
    await server.close()
  }
}
