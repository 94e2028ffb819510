import { playwright } from '@vitest/browser-playwright'
import { findBrowser } from '../examples/setup/find-browser.mjs'
import { engineProject } from './vitest.engine.ts'

export default engineProject({
  name: 'core-browser',
  browser: 'chromium',
  // What only the DevTools of Chromium can do to a page or measure in it.
  include: ['src/**/*.chromium.test.ts'],
  provider: playwright({
    launchOptions: {
      executablePath: findBrowser(),
      args: ['--no-sandbox', '--disable-background-networking'],
    },
  }),
})
