import { gzipSync } from 'node:zlib'
import { build, type Plugin, type Rolldown } from 'vite'

/** What an app ships for `code`, in bytes, minified and gzipped. `external` is what it has anyway. */
export async function shippedSize(
  code: string,
  { external, plugins = [] }: { external: RegExp[]; plugins?: Plugin[][] },
): Promise<number> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'silent',
    oxc: { jsx: { runtime: 'automatic', development: false } },
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions: ['source', 'module', 'browser', 'production'] },
    plugins: [
      {
        name: 'entry',
        enforce: 'pre',
        resolveId: (id) => (id.endsWith('virtual-entry') ? '\0entry' : null),
        load: (id) => (id === '\0entry' ? code : null),
      },
      ...plugins,
    ],
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      // An app's build: that of a library would keep white space.
      rolldownOptions: {
        input: 'virtual-entry',
        preserveEntrySignatures: 'strict',
        external,
        onwarn: () => {},
      },
    },
  })) as Rolldown.RolldownOutput
  // With what a component's styles add.
  const texts = output.map((part) => (part.type === 'chunk' ? part.code : String(part.source)))
  return gzipSync(texts.join('')).length
}
