import { defineConfig, type ViteUserConfig } from 'vitest/config'
import type { BrowserProviderOption } from 'vitest/node'
import { rrwebPatches } from './src/capture/rrweb-patches.ts'
import { packWorker } from './vite.worker.ts'

export interface EngineProject {
  name: string
  browser: 'chromium' | 'firefox' | 'webkit'
  provider: BrowserProviderOption
  /** Globs of test files beside those that run in every browser. */
  include?: string[]
}

/** A project of the tests that need a real DOM. What needs several pages, exits or crashes lives in test/browser. */
export function engineProject({ name, browser, provider, include = [] }: EngineProject): ViteUserConfig {
  return defineConfig({
    plugins: [rrwebPatches(), packWorker({ file: true })],
    // Found late, it would reload the page in the middle of a test.
    optimizeDeps: { include: ['rrweb'] },
    resolve: { conditions: ['source'] },
    // Projects run side by side, and each optimizes its own dependencies.
    cacheDir: `node_modules/.vite/${name}`,
    test: {
      name,
      root: import.meta.dirname,
      include: ['src/**/*.browser.test.ts', ...include],
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        // A browser may need long to start where several suites share the machine.
        connectTimeout: 180_000,
        provider,
        instances: [{ browser }],
      },
    },
  })
}
