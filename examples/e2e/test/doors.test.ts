import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createContext, Script } from 'node:vm'
import { build } from 'esbuild'
import { describe, expect, inject, it } from 'vitest'
import { PACKAGES, type PackageName } from '../pack.ts'
import { openTarball } from '../tarball.ts'

// Every door of the packed packages where there is no page: in Node, and in a runtime that has web standards only.

const folder = join(inject('apps'), 'node')

/** Doors into Svelte components, and into `$app` of SvelteKit: only a bundler with Svelte's plugin can open them. */
const NEEDS_SVELTE = ['@session-replay-kit/svelte', '@session-replay-kit/svelte/kit']

async function doorsOf(name: PackageName): Promise<string[]> {
  const { manifest } = await openTarball(inject('tarballs')[name])
  return Object.keys(manifest.exports)
    .filter((door) => door !== './package.json')
    .map((door) => door.replace('.', manifest.name))
    .filter((door) => !NEEDS_SVELTE.includes(door))
}

describe.each(PACKAGES)('the doors of %s', (name) => {
  it('can be imported in Node', async () => {
    const doors = await doorsOf(name)
    const { stdout } = await promisify(execFile)(process.execPath, ['import.mjs', ...doors], { cwd: folder })
    const names: Record<string, string[]> = JSON.parse(stdout)
    expect(Object.keys(names)).toEqual(doors)
    const empty = doors.filter((door) => names[door]?.length === 0)
    expect(empty).toEqual(
      name === 'core' ? ['@session-replay-kit/core/script', '@session-replay-kit/core/worker'] : [],
    )
  })

  it('can be imported in a runtime without page and without Node', async () => {
    for (const door of await doorsOf(name)) {
      const context = createContext(webStandards())
      new Script(await bundle(door)).runInContext(context, { timeout: 10_000 })
      expect(Object.keys((context as { door?: object }).door ?? {}), door).toEqual(expect.any(Array))
    }
  })
})

/** What the Minimum Common Web API asks of every runtime, as far as imports could look for it. */
function webStandards(): Record<string, unknown> {
  const names = [
    ...[
      'AbortController',
      'AbortSignal',
      'Blob',
      'CompressionStream',
      'DOMException',
      'Event',
      'EventTarget',
    ],
    ...[
      'Headers',
      'Request',
      'Response',
      'TextDecoder',
      'TextEncoder',
      'URL',
      'URLSearchParams',
      'atob',
      'btoa',
    ],
    ...['clearTimeout', 'console', 'crypto', 'fetch', 'performance', 'queueMicrotask', 'setTimeout'],
  ]
  return Object.fromEntries(names.map((each) => [each, globalThis[each as keyof typeof globalThis]]))
}

/** One script for a door, by esbuild; what is imported lazily is inside. */
async function bundle(door: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from ${JSON.stringify(door)}`, resolveDir: folder },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'door',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}
