import { defineConfig } from 'vitest/config'

// Built apps in a real browser, driven from Node: direct loads, history and exits are the browser's own.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'react-browser',
    root: import.meta.dirname,
    include: ['test/routers/*.test.ts', 'test/leaks/*.test.ts'],
    environment: 'node',
    // Visits wait for timers and requests for most of their time.
    maxConcurrency: 2,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
})
