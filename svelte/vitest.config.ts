import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'

const KIT = `${import.meta.dirname}/test/fixtures/kit-app.svelte.ts`

// Components in jsdom. What needs a real page or a server has a configuration of its own beside this one.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte(), svelteTesting()],
  resolve: {
    conditions: ['source', 'browser', 'development', 'module'],
    alias: { '$app/state': KIT, '$app/navigation': KIT },
  },
  test: {
    name: 'svelte',
    root: import.meta.dirname,
    include: ['test/*.test.ts'],
    exclude: ['test/*.{browser,ssr}.test.ts'],
    environment: 'jsdom',
    // Each file cleans up after itself, so that starting anew for each is time lost.
    pool: 'threads',
    isolate: false,
  },
})
