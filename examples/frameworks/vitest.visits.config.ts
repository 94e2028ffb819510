import { defineConfig } from 'vitest/config'

// Apps on server frameworks, built for production, served by their own servers and visited in Chromium. The packages
// must have been built: the apps install copies of them, and download their frameworks the first time.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'examples-visits',
    root: import.meta.dirname,
    include: ['visits/*.test.ts'],
    environment: 'node',
    // Two builds at a time only make each other slow.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 600_000,
  },
})
