import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { findBrowser } from '../examples/setup/find-browser.mjs'
import { rrwebPatches } from './src/capture/rrweb-patches.ts'
import { packWorker } from './vite.worker.ts'

// Tests that need a real DOM run inside Chromium. What needs several pages, exits or crashes lives in test/browser.
export default defineConfig({
  plugins: [rrwebPatches(), packWorker({ file: true })],
  // Found late, it would reload the page in the middle of a test.
  optimizeDeps: { include: ['rrweb'] },
  resolve: { conditions: ['source'] },
  test: {
    name: 'core-browser',
    root: import.meta.dirname,
    include: ['src/**/*.browser.test.ts'],
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
