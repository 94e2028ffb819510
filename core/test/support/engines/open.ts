import { findDownloaded, findFirefox, findWebKit } from '../../../../examples/setup/find-browser.mjs'
import type { Driver } from './driver.ts'
import { openFirefox } from './firefox.ts'
import { openPlaywright } from './playwright.ts'
import { openWebKit } from './webkit.ts'

const INSTALLED = {
  firefox: { find: findFirefox, open: openFirefox },
  webkit: { find: findWebKit, open: openWebKit },
}

export type Engine = keyof typeof INSTALLED

/** Opens the engine of the system, else the one that Playwright downloaded, and says which; else throws. */
export async function openEngine(engine: Engine): Promise<Driver> {
  const { find, open } = INSTALLED[engine]
  const installed = find()
  const downloaded = installed ? undefined : findDownloaded(engine)
  if (!installed && !downloaded)
    throw new Error(`No ${engine} is installed, nor did Playwright download one: see core/docs/browsers.md.`)
  const driver = installed ? await open(installed) : await openPlaywright(engine, downloaded as string)
  console.info(`${installed ? '' : `No ${engine} is installed. `}Tests run in ${driver.browser}.`)
  return driver
}
