import { defineConfig } from 'vitest/config'

// Every order of what app, user and Browser SDK can do: minutes of one processor, and nothing else.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'core-orders',
    root: import.meta.dirname,
    include: ['src/controller/interleavings.test.ts', 'src/testing/fakes.test.ts'],
    environment: 'node',
    testTimeout: 600_000,
  },
})
