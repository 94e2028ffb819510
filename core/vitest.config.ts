import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'core',
    root: import.meta.dirname,
    include: ['src/**/*.test.ts', 'test/*.test.ts'],
    // Those have a project of their own.
    exclude: [
      '**/*.browser.test.ts',
      '**/*.chromium.test.ts',
      '**/node_modules/**',
      'src/controller/interleavings.test.ts',
      'src/testing/fakes.test.ts',
    ],
    testTimeout: 30_000,
    environment: 'node',
    // Cheaper to start than processes. Isolated all the same: some tests count the timers of their realm.
    pool: 'threads',
  },
})
