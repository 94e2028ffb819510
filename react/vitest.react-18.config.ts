import { defineConfig } from 'vitest/config'

// The same suite on the oldest React that is supported, from the same sources.
export default defineConfig({
  resolve: {
    conditions: ['source'],
    alias: [{ find: /^react(-dom)?(?=$|\/)/, replacement: 'react$1-18' }],
  },
  ssr: { resolve: { conditions: ['source'] } },
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    name: 'react-18',
    root: import.meta.dirname,
    include: ['src/*.test.{ts,tsx}', 'test/ssr.test.tsx'],
    // These routers need a newer React than 18.2, or are tested with their own.
    exclude: ['src/react-router.test.tsx', 'src/tanstack-router.test.tsx'],
    environment: 'jsdom',
    setupFiles: ['test/support/cleanup.ts'],
    pool: 'forks',
    isolate: false,
    // What is not transformed (react-dom, Testing Library) asks Node for React.
    execArgv: ['--require', `${import.meta.dirname}/test/support/use-react-18.cjs`],
    testTimeout: 20_000,
  },
})
