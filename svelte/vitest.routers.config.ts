import { defineConfig } from 'vitest/config'

// Built apps with real routers in a real browser, driven from Node. The packages must have been built.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'svelte-routers',
    root: import.meta.dirname,
    include: ['test/routers/*.test.ts', 'test/leaks/*.test.ts'],
    environment: 'node',
    // Visits wait for timers and requests for most of their time.
    maxConcurrency: 2,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
})
