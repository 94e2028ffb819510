import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'vue',
    root: import.meta.dirname,
    include: ['src/**/*.test.ts', 'test/*.test.ts'],
    exclude: ['test/browser/**', '**/node_modules/**'],
    environment: 'jsdom',
    // Each file cleans up after itself, so that starting anew for each is time lost.
    pool: 'threads',
    isolate: false,
    typecheck: {
      enabled: true,
      include: ['src/**/*.test-d.ts'],
      tsconfig: './tsconfig.json',
      checker: 'vue-tsc',
    },
  },
})
