import { defineConfig } from 'vitest/config'

// The whole product as an app gets it, built, in a real browser, inside the real Browser SDK: Node drives the pages.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'core-whole',
    root: import.meta.dirname,
    include: ['test/whole/**/*.test.ts'],
    environment: 'node',
    globalSetup: 'test/whole/build-product.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    maxConcurrency: 5,
  },
})
