import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const CANDIDATES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/**
 * The path of a Chromium that tests and the demo can drive: `CHROME_PATH` or `PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH`,
 * else an installed Chromium or Chrome, else the one that Playwright downloaded, else `undefined`.
 */
export function findBrowser() {
  const named = process.env.CHROME_PATH ?? process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH
  if (named) return named
  const installed = CANDIDATES.find((path) => existsSync(path))
  if (installed) return installed
  return findDownloaded('chromium')
}

/** The path of a browser that Playwright downloaded (`chromium`, `firefox` or `webkit`). */
export function findDownloaded(name) {
  try {
    const downloaded = createRequire(import.meta.url)('playwright')[name].executablePath()
    return existsSync(downloaded) ? downloaded : undefined
  } catch {
    return undefined
  }
}

const FIREFOX_CANDIDATES = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
]

/** The path of an installed Firefox, which tests drive by WebDriver BiDi: `FIREFOX_PATH`, else where systems put it. */
export function findFirefox() {
  return process.env.FIREFOX_PATH ?? FIREFOX_CANDIDATES.find((path) => existsSync(path))
}

/** The path of WebKitGTK's WebDriver, which starts the browser that it came with: `WEBKIT_DRIVER_PATH`, else Debian's. */
export function findWebKit() {
  return process.env.WEBKIT_DRIVER_PATH ?? ['/usr/bin/WebKitWebDriver'].find((path) => existsSync(path))
}

/** Says how to get a browser, for people. */
export const NO_BROWSER = `No Chromium found. Install one of these, then try again:
  Debian/Ubuntu  sudo apt-get install -y chromium
  macOS          brew install --cask google-chrome
  anywhere       npx playwright install chromium
or set CHROME_PATH to the executable of a Chromium or Chrome.`

// As a command: exits with 1 when there is no browser.
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = findBrowser()
  if (!process.argv.includes('--quiet')) console.log(path ?? NO_BROWSER)
  process.exit(path ? 0 : 1)
}
