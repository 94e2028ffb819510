import { defineConfig } from '@playwright/test'
import { findBrowser } from '../../../setup/find-browser.mjs'

const port = Number(process.env.PORT ?? 4470)

export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: '../../.playwright',
  reporter: 'line',
  timeout: 60_000,
  use: {
    baseURL: `http://localhost:${port}`,
    launchOptions: { executablePath: findBrowser(), args: ['--no-sandbox'] },
  },
  webServer: {
    command: 'node serve.mjs',
    cwd: import.meta.dirname,
    env: { PORT: String(port) },
    url: `http://localhost:${port}/account`,
  },
})
