import { defineConfig } from 'vitest/config'

// The whole product in a real browser: everything that it sends and stores is searched for planted secrets.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'core-privacy',
    root: import.meta.dirname,
    include: ['test/privacy/**/*.test.ts'],
    environment: 'node',
    // Hundreds of secrets a page, also on slow machines.
    testTimeout: 300_000,
    // Pages mostly wait for timers of the recorder.
    maxConcurrency: 2,
    maxWorkers: 2,
    hookTimeout: 90_000,
  },
})
