import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createApp, toWebHandler } from 'h3'
import ts from 'typescript'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { namedBlocks } from './support/doc-blocks.ts'

// Every example of docs/proxy.md compiles as it stands, and forwards. The one for Node is driven by a browser in
// test/whole/proxy.test.ts.

const CORE = join(import.meta.dirname, '..')
const PAGE = join(CORE, 'docs/proxy.md')
const FOLDER = join(CORE, 'test/.proxy-docs')
const BLOCKS = namedBlocks(PAGE)
/** A file of the reader's app that an example imports. */
const APP = {
  'serve-app.ts':
    "export const serveApp = (_: import('node:http').IncomingMessage, to: import('node:http').ServerResponse) => to.end()\n",
}

const pathOf = (name: string): string => join(FOLDER, name)

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true })
  for (const [name, code] of Object.entries({ ...APP, ...BLOCKS })) {
    mkdirSync(dirname(pathOf(name)), { recursive: true })
    writeFileSync(pathOf(name), code)
  }
})
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))
afterEach(() => vi.unstubAllGlobals())

it('names the file of every example', () => {
  expect(readFileSync(PAGE, 'utf8').match(/```ts/g)).toHaveLength(Object.keys(BLOCKS).length)
})

it('has no example that does not compile', { timeout: 120_000 }, () => {
  const config = ts.readConfigFile(join(CORE, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, CORE)
  const program = ts.createProgram(Object.keys({ ...APP, ...BLOCKS }).map(pathOf), options)
  const problems = ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file?.fileName.startsWith(FOLDER))
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    )
  expect(problems).toEqual([])
})

type Handle = (request: Request) => Promise<Response> | Response

/** What the framework does with a file: from its module to a function from request to response. */
const FRAMEWORKS: Record<string, (module: Record<string, unknown>, method: string) => Handle> = {
  'app/replay/[...path]/route.ts': (module, method) => module[method] as Handle,
  'src/routes/replay/[...path]/+server.ts': (module, method) => (request) =>
    (module[method] as (event: { request: Request }) => Promise<Response>)({ request }),
  'server/routes/replay/[...path].ts': (module) =>
    toWebHandler(createApp().use(module.default as Parameters<ReturnType<typeof createApp>['use']>[0])),
  'worker.ts': (module) => (module.default as { fetch: Handle }).fetch,
}

describe.each(Object.entries(FRAMEWORKS))('%s', (file, open) => {
  it('forwards uploads byte for byte, and questions for settings', async () => {
    const asked: { url: string; init: RequestInit }[] = []
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      asked.push({ url, init })
      return new Response('{"code":200}')
    })
    const module = await import(/* @vite-ignore */ `${pathOf(file)}?forward`)
    const upload = new Request('https://shop.test/replay/track?device_id=d&session_id=7&type=replay', {
      method: 'POST',
      headers: { authorization: 'Bearer YOUR_API_KEY', 'content-encoding': 'gzip', cookie: 'visitor=secret' },
      body: new Uint8Array([31, 139, 8]),
    })
    const answer = await open(module, 'POST')(upload)
    expect([answer.status, await answer.text()]).toEqual([200, '{"code":200}'])
    const config = new Request('https://shop.test/replay/config/YOUR_API_KEY?config_group=browser')
    expect((await open(module, 'GET')(config)).status).toBe(200)

    expect(asked.map(({ url }) => url)).toEqual([
      'https://api-sr.amplitude.com/sessions/v2/track?device_id=d&session_id=7&type=replay',
      'https://sr-client-cfg.amplitude.com/config/YOUR_API_KEY?config_group=browser',
    ])
    expect(new Uint8Array(asked[0]?.init.body as ArrayBuffer)).toEqual(new Uint8Array([31, 139, 8]))
    expect(JSON.stringify(asked)).not.toContain('secret')
  })

  it('forwards for no other key', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new Error('asked')))
    const module = await import(/* @vite-ignore */ `${pathOf(file)}?refuse`)
    const request = new Request('https://shop.test/replay/config/ANOTHER_KEY')
    expect((await open(module, 'GET')(request)).status).toBe(403)
  })
})
