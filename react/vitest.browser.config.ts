import { playwright } from '@vitest/browser-playwright'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { rrwebPatches } from '../core/src/capture/rrweb-patches.ts'
import { packWorker } from '../core/vite.worker.ts'
import { findBrowser } from '../examples/setup/find-browser.mjs'

const core = `${import.meta.dirname}/../core/node_modules`

// The real recorder under real routers, in Chromium.
export default defineConfig({
  plugins: [rrwebPatches(), packWorker({ file: true }), routerSeven()],
  // Found late, one of these would reload the page in the middle of a test.
  optimizeDeps: {
    include: [
      'react',
      'react/jsx-dev-runtime',
      'react/jsx-runtime',
      'react-dom',
      'react-dom/client',
      'react-router',
      'react-router-7',
      '@tanstack/react-router',
      '@amplitude/analytics-browser',
      'rrweb',
    ],
  },
  resolve: {
    conditions: ['source'],
    dedupe: ['react', 'react-dom'],
    alias: {
      rrweb: `${core}/rrweb`,
      '@amplitude/analytics-browser': `${core}/@amplitude/analytics-browser`,
    },
  },
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    name: 'react-browser',
    root: import.meta.dirname,
    include: ['test/browser/*.browser.test.tsx'],
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

/** `../src/react-router.ts?router=7` is our module on top of React Router 7. */
function routerSeven(): Plugin {
  return {
    name: 'react-router-7',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source !== 'react-router' || !importer?.includes('?router=7')) return null
      return this.resolve('react-router-7', importer, { skipSelf: true })
    },
  }
}
