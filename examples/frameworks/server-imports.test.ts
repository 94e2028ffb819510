import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EdgeVM } from '@edge-runtime/vm'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build, type Plugin } from 'vite'
import { describe, expect, it } from 'vitest'

// Server rendering imports every door on machines without a DOM: in Node, and in runtimes that have neither a DOM nor
// Node's own modules. Importing leaves nothing behind, and a controller does nothing there.

const PACKAGES = ['core', 'react', 'vue', 'svelte']
/** Files for browsers, not modules. */
const FILES = ['./script', './worker', './package.json']
/** Made of what only a framework's own build understands: `.svelte`, `$app/…`, and Next's modules without extension. */
const NEEDS_A_BUILD = ['react/next', 'svelte', 'svelte/kit', 'svelte/devtools']

interface Door {
  name: string
  folder: string
  specifier: string
}

const DOORS: Door[] = PACKAGES.flatMap((name) => {
  const folder = join(import.meta.dirname, '../..', name)
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { exports: object }
  return Object.keys(exports)
    .filter((door) => !FILES.includes(door))
    .map((door) => ({
      name: join(name, door),
      folder,
      specifier: join('@session-replay-kit', name, door),
    }))
})

describe('in Node', () => {
  it.each(DOORS.filter(({ name }) => !NEEDS_A_BUILD.includes(name)))(
    '$specifier is imported without effect',
    async ({ folder, specifier }) => {
      const script = `
        const before = Object.getOwnPropertyNames(globalThis)
        const door = await import('${specifier}')
        ${FIND_ADDED}
        ${USE_DOOR}
        console.log(JSON.stringify({ added, status, names: Object.keys(door).length }))`
      // The package refers to itself by name; a timer or a listener left behind would keep the process alive.
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        cwd: folder,
        timeout: 30_000,
      })
      let output = ''
      child.stdout.on('data', (chunk) => {
        output += chunk
      })
      child.stderr.on('data', (chunk) => {
        output += chunk
      })
      expect({ output, code: (await once(child, 'close'))[0] }).toMatchObject({ code: 0 })
      expect(JSON.parse(output)).toEqual({ added: [], status: 'idle', names: expect.any(Number) })
    },
  )
})

describe('at the edge', () => {
  it.each(DOORS)('$specifier is imported without effect', async ({ specifier }) => {
    const code = await bundle(specifier)
    const vm = new EdgeVM()
    vm.evaluate('globalThis.before = Object.getOwnPropertyNames(globalThis)')
    vm.evaluate(code)
    const result = vm.evaluate(`(() => {
      ${FIND_ADDED}
      ${USE_DOOR}
      return JSON.stringify({ added, status, names: Object.keys(door).length, dom: typeof document })
    })()`)
    expect(JSON.parse(result)).toEqual({
      added: ['door'],
      status: 'idle',
      names: expect.any(Number),
      dom: 'undefined',
    })
  })
})

/** Vue leaves a few names of its own. */
const FIND_ADDED = `
  const added = Object.getOwnPropertyNames(globalThis)
    .filter((name) => !before.includes(name) && name !== 'before' && !name.startsWith('__VUE_'))`

/** What the server does with a controller: it is made and started, told of addresses, and stays what it was. */
const USE_DOOR = `
  let status = 'idle'
  if (door.createSessionReplay) {
    const replay = door.createSessionReplay({ apiKey: 'key', sampleRate: 1, routes: { deny: '/checkout/**' } })
    const stop = replay.start()
    replay.pause()
    replay.resume()
    replay.navigation.evaluate('/checkout')
    stop()
    status = replay.getSnapshot().status
  }`

/** One script with everything that the door needs, built as for a worker at the edge. */
async function bundle(specifier: string): Promise<string> {
  const result = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    plugins: [entry(specifier), frameworkModules(), svelte({ configFile: false })],
    ssr: {
      target: 'webworker',
      noExternal: true,
      resolve: { conditions: ['edge-light', 'worker', 'svelte'] },
    },
    build: {
      ssr: 'door',
      write: false,
      minify: false,
      rolldownOptions: { output: { format: 'iife', name: 'door' } },
    },
  })
  const [output] = Array.isArray(result) ? result : [result]
  if (!output || !('output' in output)) throw new Error('Nothing was built')
  return output.output[0].code
}

const entry = (specifier: string): Plugin => ({
  name: 'door',
  enforce: 'pre',
  resolveId: (id) => (id.endsWith('/door') ? `${import.meta.dirname}/door.js` : null),
  load: (id) => (id.endsWith('/door.js') ? `export * from '${specifier}'` : null),
  // What is loaded later is loaded by browsers only: the recorder, and the Browser SDK.
  resolveDynamicImport: (id) => ({ id: String(id), external: true }),
})

/** What the frameworks themselves provide while they build an app. */
function frameworkModules(): Plugin {
  const MODULES: Record<string, string> = {
    'next/navigation': 'export const usePathname = () => null',
    '$app/navigation': 'export const afterNavigate = () => {}',
    '$app/state': 'export const page = { data: {} }',
  }
  return {
    name: 'framework-modules',
    enforce: 'pre',
    resolveId: (id) => (id in MODULES ? `\0${id}` : null),
    load: (id) => MODULES[id.slice(1)] ?? null,
  }
}
