import { build, type Plugin } from 'vite'
import { rrwebPatches } from '../../../core/src/capture/rrweb-patches.ts'
import { packWorker } from '../../../core/vite.worker.ts'

/** Builds the app in `root` into `folder`. */
export async function buildApp(root: string, folder: string): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [rrwebPatches(), packWorker({ file: false }), routerSeven()],
    define: { 'process.env.NODE_ENV': '"production"' },
    oxc: { jsx: { runtime: 'automatic', development: false } },
    resolve: { conditions: ['source', 'module', 'browser', 'production'], dedupe: ['react', 'react-dom'] },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022' },
  })
}

/** `../src/react-router.ts?router=7` is our module on top of React Router 7. */
function routerSeven(): Plugin {
  return {
    name: 'react-router-7',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source !== 'react-router' || !importer?.includes('?router=7')) return null
      return this.resolve('react-router-7', importer, { skipSelf: true })
    },
  }
}
