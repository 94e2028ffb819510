import { firefox, webkit } from 'playwright'
import type { Driver } from './driver.ts'

const TYPES = { firefox, webkit }

/** Drives a browser that Playwright downloaded. */
export async function openPlaywright(name: keyof typeof TYPES, executablePath: string): Promise<Driver> {
  const browser = await TYPES[name].launch({ executablePath })
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  return {
    browser: `${name} ${browser.version()} of Playwright`,
    async open(url) {
      await page.goto(url)
    },
    close: () => browser.close(),
  }
}
