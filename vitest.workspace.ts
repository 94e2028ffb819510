import { defineConfig } from 'vitest/config'

// Run with `vitest run --config vitest.workspace.ts`: Vitest 4 does not look for this name by itself.
export default defineConfig({
  test: {
    projects: [
      'core/vitest.config.ts',
      'core/vitest.browser.config.ts',
      'core/vitest.faults.config.ts',
      'react',
      'vue',
      'svelte',
      'examples/collector',
    ],
  },
})
