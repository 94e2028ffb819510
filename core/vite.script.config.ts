import { defineConfig } from 'vite'
import { rrwebPatches } from './src/capture/rrweb-patches.ts'
import { ownNamespaces } from './vite.namespaces.ts'
import { packWorker } from './vite.worker.ts'

// The script tag: everything in one file, the worker as text. Built after the library, into the same folder.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [rrwebPatches(), packWorker({ file: false }), ownNamespaces()],
  build: {
    target: 'es2020',
    emptyOutDir: false,
    minify: true,
    sourcemap: true,
    lib: {
      entry: 'src/entry/script-tag.ts',
      formats: ['iife'],
      name: 'sessionReplayKit',
      fileName: () => 'session-replay-kit.min.js',
    },
    rolldownOptions: { output: { codeSplitting: false } },
  },
})
