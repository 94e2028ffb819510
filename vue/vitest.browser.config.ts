import { defineConfig } from 'vitest/config'

// Node drives Chromium: direct loads, history and IndexedDB are the browser's own, and uploads end in the test.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'vue-browser',
    root: import.meta.dirname,
    include: ['test/browser/**/*.test.ts', 'test/leaks/*.test.ts'],
    environment: 'node',
    // Visits wait for timers and requests for most of their time.
    maxConcurrency: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
