import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

// What runs in Node: rendering on a server, the built package, its size and its documentation.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte()],
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'svelte-ssr',
    root: import.meta.dirname,
    include: ['test/*.ssr.test.ts'],
    environment: 'node',
    // Each file cleans up after itself, so that starting anew for each is time lost.
    pool: 'threads',
    isolate: false,
  },
})
