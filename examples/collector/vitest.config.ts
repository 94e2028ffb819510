import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'collector',
    root: import.meta.dirname,
    include: ['server/**/*.test.ts', 'viewer/**/*.test.ts', 'test/**/*.test.ts'],
    environment: 'node',
    // Each file cleans up after itself, so that starting anew for each is time lost.
    pool: 'threads',
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
