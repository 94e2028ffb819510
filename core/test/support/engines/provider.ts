import { createBrowserServer } from '@vitest/browser'
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node'
import type { Driver } from './driver.ts'
import { type Engine, openEngine } from './open.ts'

/** Lets Vitest run browser tests in a browser that its own providers cannot drive. */
export function driverProvider(engine: Engine): BrowserProviderOption {
  return {
    name: 'driver',
    supportedBrowser: [engine],
    options: {},
    serverFactory: createBrowserServer,
    providerFactory: () => createProvider(engine),
  }
}

function createProvider(engine: Engine): BrowserProvider {
  let opened: Promise<Driver> | undefined
  return {
    name: 'driver',
    supportsParallelism: false,
    getCommandsContext: () => ({}),
    async openPage(_session, url) {
      opened ??= openEngine(engine)
      const driver = await opened
      await driver.open(url)
    },
    async close() {
      const driver = await opened?.catch(() => undefined)
      await driver?.close()
    },
  }
}
