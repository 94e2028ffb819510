// Builds each contestant as an app would: Vite, minified, lazy chunks apart.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'vite'

const HERE = import.meta.dirname

/** The files of one contestant, by name, with what a page loads at once (`entry`) and the rest. */
export async function buildContestant(name, { readable = false } = {}) {
  const files = await bundle(join(HERE, 'contestants', `${name}.mjs`), readable)
  return new Map(files.map((file) => [file.fileName, text(file)]))
}

/** Bytes of what `import { … } from '…'` costs a page before anything is recorded. */
export async function entrySizes(source) {
  return sizesOf(await reached(source, [ENTRY]))
}

/** Bytes of all that a page loads which is recorded with a worker, and has no settings that need more. */
export async function recordedSizes(source) {
  return sizesOf(await reached(source, [ENTRY, /^chunk-pipeline-/, /(^|\/)worker-/]))
}

const ENTRY = /^entry\.js$/

/** The texts of one file for each name, and of all that they import at once. */
async function reached(source, names) {
  const files = await bundle('\0entry', false, source)
  const needed = new Set()
  const need = (file) => {
    if (!file || needed.has(file)) return
    needed.add(file)
    for (const name of file.imports ?? []) need(files.find(({ fileName }) => fileName === name))
  }
  for (const name of names) {
    const [file, ...others] = files.filter(({ fileName }) => name.test(fileName))
    if (!file || others.length > 0) throw new Error(`not one file is named like ${name}`)
    need(file)
  }
  return [...needed].map(text)
}

/** Each file is compressed by itself, as servers do. */
export function sizesOf(texts) {
  const sizes = { min: 0, gzip: 0, brotli: 0 }
  for (const one of texts) {
    sizes.min += Buffer.byteLength(one)
    sizes.gzip += gzipSync(one, { level: 9 }).length
    sizes.brotli += brotliCompressSync(one).length
  }
  return sizes
}

/** PostHog's recorder comes from its server, which hands out the files of its package. */
export function readPosthogFile(name) {
  return readFileSync(join(HERE, 'node_modules/posthog-js/dist', name.replaceAll('/', '')), 'utf8')
}

const text = (file) => (file.type === 'chunk' ? file.code : String(file.source))

async function bundle(input, readable, source) {
  const result = await build({
    root: HERE,
    configFile: false,
    logLevel: 'error',
    base: './',
    plugins: [
      source !== undefined && {
        name: 'bench:entry',
        resolveId: (id) => (id === input ? id : null),
        load: (id) => (id === input ? source : null),
      },
    ],
    worker: { format: 'es' },
    build: {
      write: false,
      target: 'es2022',
      minify: !readable,
      modulePreload: false,
      // A worker's file stays a file, whatever its size.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: { entry: input },
        preserveEntrySignatures: 'strict',
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          assetFileNames: '[name]-[hash][extname]',
        },
      },
    },
  })
  const outputs = Array.isArray(result) ? result : [result]
  return outputs.flatMap(({ output }) => output)
}
