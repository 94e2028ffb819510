import { defineConfig } from 'vite'

// One file per door. Vue, the routers and the core stay imports: an app has one copy of each.
export default defineConfig({
  root: import.meta.dirname,
  build: {
    target: 'es2022',
    sourcemap: true,
    lib: {
      entry: {
        index: 'src/index.ts',
        router: 'src/router.ts',
        nuxt: 'src/nuxt.ts',
        devtools: 'src/devtools.ts',
      },
      formats: ['es'],
    },
    rolldownOptions: {
      external: ['vue', 'vue-router', /^@session-replay-kit\//],
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
    },
  },
})
