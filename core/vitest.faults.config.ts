import { defineConfig } from 'vitest/config'

// What needs real exits, crashes and several tabs: Node drives a whole browser against the scripted collector.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'core-faults',
    root: import.meta.dirname,
    include: [process.env.COMPARE_FAULTS ? 'test/browser/compare.faults.ts' : 'test/browser/**/*.test.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    maxConcurrency: 8,
  },
})
