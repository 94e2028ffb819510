import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import type { TestProject } from 'vitest/node'
import { builtCore } from '../support/built-core.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Every script that a page may load: text by path. */
    product: Record<string, string>
  }
}

/** Builds, once for all files: our library, our script tag, and the Browser SDK as a module and as its own script. */
export default async function buildProduct(project: TestProject): Promise<void> {
  const [library, script, analytics, analyticsScript] = await Promise.all([
    builtCore(),
    buildScript(),
    bundleAnalytics(),
    readFile(join(analyticsFolder(), 'lib/scripts/amplitude-min.js'), 'utf8'),
  ])
  project.provide('product', {
    ...library,
    '/kit.min.js': script,
    '/analytics.js': analytics,
    '/amplitude.min.js': analyticsScript,
  })
}

const root = join(import.meta.dirname, '../..')

function analyticsFolder(): string {
  const require = createRequire(import.meta.url)
  return dirname(require.resolve('@amplitude/analytics-browser/package.json'))
}

const buildScript = (): Promise<string> =>
  codeOf({ configFile: join(root, 'vite.script.config.ts'), root, build: { write: false, sourcemap: false } })

const bundleAnalytics = (): Promise<string> =>
  codeOf({
    configFile: false,
    root,
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: join(analyticsFolder(), 'lib/esm/index.js'), formats: ['es'] },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })

async function codeOf(config: Parameters<typeof build>[0]): Promise<string> {
  const result = await build({ ...config, logLevel: 'error' })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) =>
    'output' in one ? one.output : [],
  )
  const chunk = outputs.find((part) => part.type === 'chunk')
  if (chunk?.type !== 'chunk') throw new Error('nothing was built')
  return chunk.code
}
