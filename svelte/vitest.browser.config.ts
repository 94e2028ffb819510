import { svelte } from '@sveltejs/vite-plugin-svelte'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { rrwebPatches } from '../core/src/capture/rrweb-patches.ts'
import { packWorker } from '../core/vite.worker.ts'
import { findBrowser } from '../examples/setup/find-browser.mjs'

// Tests that need a real DOM run inside Chromium, with the real recorder.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte(), rrwebPatches(), packWorker({ file: true })],
  resolve: { conditions: ['source', 'browser', 'development', 'module'] },
  test: {
    name: 'svelte-browser',
    root: import.meta.dirname,
    include: ['test/*.browser.test.ts', 'test/readme/*.browser.test.ts'],
    // A thousand mounts take their time beside other suites.
    testTimeout: 60_000,
    globalSetup: ['test/support/render-on-server.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: findBrowser(),
          args: ['--no-sandbox', '--disable-background-networking', '--js-flags=--expose-gc'],
        },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
})
