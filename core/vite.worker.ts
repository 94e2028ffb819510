import { build, type Plugin } from 'vite'

/** Stands for the expression that bundlers of apps look for; a bundler of our own must not see it. */
const PLACEHOLDER = '__START_FILE_WORKER__()'
const START_FILE_WORKER = "new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })"

/**
 * Bundles `src/pack/worker.ts` by itself: one script without imports, so that the same text works as a module
 * worker, a classic worker and a blob. It is put into `blob-worker-source.ts`, and with `file` also written as
 * `worker.js` beside the chunks; without, there is no file to start from.
 */
export function packWorker({ file }: { file: boolean }): Plugin {
  let source = ''
  let isBuild = true
  return {
    name: 'session-replay-kit:worker',
    enforce: 'pre',
    configResolved({ command }) {
      isBuild = command === 'build'
    },
    async buildStart() {
      source ||= await bundleWorker()
    },
    load(id) {
      if (/[\\/]pack[\\/]blob-worker-source\.ts$/.test(id)) {
        return `export const blobWorkerSource = ${JSON.stringify(source)}`
      }
      // A development server finds the worker's source by itself.
      if (isBuild && /[\\/]pack[\\/]file-worker\.ts$/.test(id)) {
        return `export const startFileWorker = ${file ? `() => ${PLACEHOLDER}` : 'null'}`
      }
      return null
    },
    renderChunk(code) {
      if (!code.includes(PLACEHOLDER)) return null
      // One line of a generated module changes: the map stays right.
      return { code: code.replaceAll(PLACEHOLDER, START_FILE_WORKER), map: null }
    },
    generateBundle() {
      if (file) this.emitFile({ type: 'asset', fileName: 'worker.js', source })
    },
  }
}

async function bundleWorker(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      minify: true,
      target: 'es2020',
      rolldownOptions: {
        input: `${import.meta.dirname}/src/pack/worker.ts`,
        output: { format: 'iife' },
      },
    },
  })
  const outputs = Array.isArray(result) ? result : [result]
  const chunks = outputs.flatMap((one) => ('output' in one ? one.output : []))
  const [worker, ...others] = chunks.filter((one) => one.type === 'chunk')
  if (!worker || others.length > 0) throw new Error('the worker must be one chunk')
  return worker.code
}
