import { defineConfig } from 'vitest/config'

// The documentation: links, examples that compile, and the examples that need no browser. Uses the built packages.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    name: 'docs',
    root: import.meta.dirname,
    include: ['test/*.test.ts', 'testing/**/*.test.{ts,tsx}'],
    exclude: ['**/*.browser.test.*', '**/node_modules/**'],
    environment: 'node',
  },
})
