import { defineConfig } from 'vitest/config'

// What users install: the packages as tarballs, in fresh apps. Needs the packages built.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'e2e-packages',
    root: import.meta.dirname,
    include: ['test/**/*.test.ts'],
    environment: 'node',
    globalSetup: 'set-up.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxConcurrency: 2,
  },
})
