import { join } from 'node:path'
import { build } from 'vite'

type Output = { fileName: string } & (
  | { type: 'chunk'; code: string }
  | { type: 'asset'; source: string | Uint8Array }
)

let files: Promise<Record<string, string>> | undefined

/** The library as it is published, with its lazy chunks and the worker's file: text by path, below `/kit/`. */
export function builtCore(): Promise<Record<string, string>> {
  files ??= bundle()
  return files
}

async function bundle(): Promise<Record<string, string>> {
  const root = join(import.meta.dirname, '../..')
  const result = await build({
    configFile: join(root, 'vite.config.ts'),
    root,
    logLevel: 'error',
    build: { write: false, sourcemap: false },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) =>
    'output' in one ? (one.output as Output[]) : [],
  )
  return Object.fromEntries(
    outputs.map((part) => [`/kit/${part.fileName}`, part.type === 'chunk' ? part.code : String(part.source)]),
  )
}
