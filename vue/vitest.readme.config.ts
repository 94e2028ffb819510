import vue from '@vitejs/plugin-vue'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { rrwebPatches } from '../core/src/capture/rrweb-patches.ts'
import { packWorker } from '../core/vite.worker.ts'
import { findBrowser } from '../examples/setup/find-browser.mjs'

// The test that the README shows, as a reader would run it: in Chromium, with the real recorder.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue(), rrwebPatches(), packWorker({ file: true })],
  // Found late, one of these would reload the page in the middle of a test.
  optimizeDeps: { include: ['vue', '@testing-library/vue'] },
  resolve: { conditions: ['source', 'browser', 'development', 'module'] },
  test: {
    name: 'vue-readme-browser',
    root: import.meta.dirname,
    include: ['test/readme/*.browser.test.ts'],
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
