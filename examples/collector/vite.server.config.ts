import { defineConfig } from 'vite'

// The server: one file for plain `node`, with the decoder of core inside.
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  resolve: { conditions: ['source'] },
  ssr: { noExternal: true, resolve: { conditions: ['source'] } },
  build: {
    ssr: 'server/main.ts',
    target: 'node20',
    outDir: 'dist',
    emptyOutDir: false,
    rollupOptions: { output: { entryFileNames: 'server.js' } },
  },
})
