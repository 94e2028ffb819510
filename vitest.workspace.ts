import { defineConfig } from 'vitest/config'

// Run with `vitest run --config vitest.workspace.ts`: Vitest 4 does not look for this name by itself.
export default defineConfig({
  test: {
    projects: [
      'core/vitest.config.ts',
      'core/vitest.browser.config.ts',
      'core/vitest.firefox.config.ts',
      'core/vitest.webkit.config.ts',
      'core/vitest.orders.config.ts',
      'core/vitest.faults.config.ts',
      'core/vitest.soak.config.ts',
      'core/vitest.privacy.config.ts',
      'core/vitest.whole.config.ts',
      'react',
      'react/vitest.react-18.config.ts',
      'react/vitest.browser.config.ts',
      'vue',
      'vue/vitest.browser.config.ts',
      'vue/vitest.readme.config.ts',
      'svelte',
      'svelte/vitest.ssr.config.ts',
      'svelte/vitest.browser.config.ts',
      'svelte/vitest.routers.config.ts',
      'examples/collector',
      'examples/docs',
      'examples/docs/vitest.browser.config.ts',
      'examples/frameworks',
      'examples/frameworks/vitest.visits.config.ts',
      'examples/e2e',
    ],
  },
})
