import { defineConfig } from 'vitest/config'

// Logic on jsdom with React 19; what asks for a server says so in its first line.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    name: 'react',
    root: import.meta.dirname,
    include: ['src/**/*.test.{ts,tsx}', 'test/*.test.{ts,tsx}'],
    environment: 'jsdom',
    // Each file cleans up after itself, so that starting anew for each is time lost.
    pool: 'threads',
    isolate: false,
    setupFiles: ['test/support/cleanup.ts'],
    testTimeout: 20_000,
  },
})
