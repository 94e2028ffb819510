import { defineConfig } from 'vitest/config'

// Random faults for half a minute, or as long as `SOAK_MINUTES` says. Mostly waits, so it may run beside other suites.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'core-soak',
    root: import.meta.dirname,
    include: ['test/soak/**/*.test.ts'],
    environment: 'node',
    hookTimeout: 60_000,
  },
})
