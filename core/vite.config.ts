import { existsSync } from 'node:fs'
import { defineConfig } from 'vite'
import { rrwebPatches } from './src/capture/rrweb-patches.ts'
import { ownNamespaces } from './vite.namespaces.ts'
import { ownReader } from './vite.reader.ts'
import { packWorker } from './vite.worker.ts'

const ENTRIES = {
  index: 'src/index.ts',
  unified: 'src/entry/unified.ts',
  devtools: 'src/entry/devtools.ts',
  testing: 'src/testing/index.ts',
  routes: 'src/navigation/routes.ts',
  props: 'src/props.ts',
  proxy: 'src/proxy.ts',
}

// The library: ES modules, one entry per door. What is imported lazily in the source stays a chunk of its own.
//
// rrweb, fflate and idb are bundled. The recorder is changed at build time, and gzip relies on the inside of one
// version of fflate: neither may be exchanged by an app's own copy. Sharing would save an app that has them
// already 1.5 kB (idb) and 3.6 kB (fflate) gzipped at most, and only with the very same version.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [rrwebPatches(), packWorker({ file: true }), ownReader(), ownNamespaces()],
  build: {
    target: 'es2022',
    sourcemap: true,
    lib: {
      entry: Object.fromEntries(
        Object.entries(ENTRIES).filter(([, path]) => existsSync(`${import.meta.dirname}/${path}`)),
      ),
      formats: ['es'],
    },
    rolldownOptions: {
      external: [/^node:/, '@amplitude/analytics-browser', 'rrweb', /^vitest/, /^@playwright/],
      // Flat, so that `./worker.js` is right from every chunk.
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
    },
  },
})
