import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { findBrowser } from '../setup/find-browser.mjs'

// The examples of the documentation that need a real browser. As a reader runs them: with the built packages.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue(), svelte()],
  oxc: { jsx: { runtime: 'automatic' } },
  // Found late, one of these would reload the page in the middle of a test.
  optimizeDeps: {
    include: [
      'react',
      'react/jsx-dev-runtime',
      'react-dom/client',
      '@testing-library/react',
      'vue',
      '@testing-library/vue',
    ],
  },
  test: {
    name: 'docs-browser',
    root: import.meta.dirname,
    include: ['testing/**/*.browser.test.{ts,tsx}'],
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: findBrowser(),
          args: ['--no-sandbox', '--disable-background-networking'],
        },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
})
