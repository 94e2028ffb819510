// The demo without a person: visits the shop in a real browser, waits for the uploads, replays them with rrweb and
// compares the replay with what the live page showed at three moments of the visit.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { chromium } from 'playwright'
import { findLeaks, outlineOf, rebuildOutlines } from '../../core/dist/testing.js'
import { findBrowser, NO_BROWSER } from './find-browser.mjs'
import { SERVER_APPS } from './server-apps.mjs'

const STYLES = ['color', 'background-color', 'display', 'font-weight']
const UPLOAD_TIMEOUT_MS = 30_000
const QUIET_MS = 500
/** What the visitor types, or is shown on a masked or restricted page. */
const SECRETS = [
  'Robin Fernandez',
  'robin@example.com',
  'correct horse',
  'Leave it at the door.',
  'NL00 FERN 0123 4567 89',
]
// The browser build lies beside the package's main file, but is not among its exports.
const rrwebMain = createRequire(new URL('../collector/package.json', import.meta.url)).resolve('rrweb')
const rrwebPath = join(dirname(rrwebMain), 'rrweb.umd.min.cjs')

/** Resolves with true if everything arrived and every replayed moment equals the live page. */
export async function checkVisit({ shop, shopUrl, collectorUrl }) {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error(NO_BROWSER)
  const startedAt = performance.now()
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const errors = []
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('console', (message) => {
      // What React, Vue and Svelte say of HTML that is not what they would render.
      if (/hydrat/i.test(message.text())) errors.push(message.text())
    })
    const moments = await visit(page, shopUrl, SERVER_APPS.includes(shop) ? lookAround : shopAround)
    const visitedAt = performance.now()
    // Leaving by a navigation runs the page's exit handlers in every browser; closing does not in some headless ones.
    await page.goto('about:blank')
    const replay = await uploaded(collectorUrl, Math.max(...moments.map(({ changedAt }) => changedAt)))
    const uploadedAt = performance.now()

    const player = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const rebuilt = await rebuildOutlines(player, replay.events, {
      rrwebPath,
      at: moments.map(({ at }) => at),
      styles: STYLES,
    })
    const leaks = findLeaks(replay, SECRETS)
    const differences = moments.flatMap(({ name, outline }, index) => compare(name, outline, rebuilt[index]))

    console.log(`
  shop            ${shop}
  events          ${replay.events.length}
  bytes           ${replay.summary.bodyBytes} sent, ${replay.summary.rawBytes} before gzip
  requests        ${replay.summary.uploads}
  tagged events   ${replay.summary.taggedEvents} of ${replay.summary.analyticsEvents} analytics events
  visit           ${seconds(visitedAt - startedAt)}, then ${seconds(uploadedAt - visitedAt)} until all was uploaded
  moments         ${moments.map(({ name, outline }) => `${name} (${outline.length} lines)`).join(', ')}
  differences     ${differences.length}
  secrets         ${leaks.length}
  page errors     ${errors.length}`)
    for (const line of [...differences, ...leaks.map(({ path }) => path), ...errors].slice(0, 40))
      console.log(`    ${line}`)
    const ok =
      [differences, leaks, errors].every(({ length }) => length === 0) && replay.summary.taggedEvents > 0
    console.log(ok ? '\n  The replay equals the page.\n' : '\n  The replay differs from the page.\n')
    return ok
  } finally {
    await browser.close()
  }
}

async function visit(page, url, walk) {
  const moments = []
  const remember = async (name) => {
    const changedAt = await settled(page)
    moments.push({
      name,
      changedAt,
      ...(await page.evaluate(`(() => {
      const outline = (${outlineOf})(document, ${JSON.stringify({ maskAs: 'medium', styles: STYLES })})
      return { at: Date.now(), outline }
    })()`)),
    })
  }
  const configured = page.waitForResponse((response) => response.url().includes('/config/'))
  const firstUpload = page.waitForRequest((request) => request.url().includes('type=replay'))
  await page.goto(url)
  await configured
  await firstUpload
  await walk(page, remember)
  return moments
}

async function shopAround(page, remember) {
  await page.fill('input[name=q]', 'sun')
  await page.press('input[name=q]', 'Enter')
  await page.click('[data-add=cactus]')
  await page.click('[data-add=lemon]')
  await remember('search')

  await page.click('a[href="/product/lemon"]')
  await page.frameLocator('iframe').getByText('Turn it once a week').waitFor()
  await page.locator('star-rating button').nth(4).click()
  await remember('product')

  await page.click('a[href="/stock"]')
  await page.locator('td.rising').first().waitFor()
  await page.click('a[href="/account"]')
  await page.fill('input[name=name]', 'Robin Fernandez')
  await page.fill('input[name=email]', 'robin@example.com')
  await page.fill('input[name=password]', 'correct horse')
  await page.selectOption('select[name=light]', 'sun')
  await page.fill('textarea[name=notes]', 'Leave it at the door.')
  await page.check('input[name=news]')
  await page.click('main form button')
  await page.mouse.move(5, 5)
  await remember('account')
}

/** The apps on server frameworks: an account that the server has filled in, a checkout that is never recorded. */
async function lookAround(page, remember) {
  const open = async (path, heading) => {
    await page.click(`nav a[href="${path}"]`)
    await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
  }
  await open('/account', 'Your account')
  await page.fill('input[name=name]', 'Robin Fernandez')
  await remember('account')
  await open('/checkout', 'Checkout')
  await page.fill('input[name=iban]', 'NL00 FERN 0123 4567 89')
  // Deeper than the first page: SvelteKit's style sheet has a relative address.
  await open('/plants/fern', 'Plant fern')
  await page.locator('output', { hasText: 'recording' }).waitFor()
  await remember('plant, after the checkout')
  await open('/stock', 'Stock')
  await remember('stock')
}

/** Resolves with the time of the last change when nothing changes any more; rrweb tells mouse positions, and so what is hovered, twice a second. */
const settled = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        let quiet = setTimeout(done, 600)
        let changedAt = 0
        const observer = new MutationObserver(() => {
          changedAt = Date.now()
          clearTimeout(quiet)
          quiet = setTimeout(done, 600)
        })
        observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
        function done() {
          observer.disconnect()
          resolve(changedAt)
        }
      }),
  )

/**
 * The replay, once the collector has everything up to `until` and nothing more arrives: what a page hands over when it is
 * left comes in several requests at a time.
 */
async function uploaded(collectorUrl, until) {
  const deadline = performance.now() + UPLOAD_TIMEOUT_MS
  let seen = 0
  for (;;) {
    const [summary] = await (await fetch(`${collectorUrl}/api/replays`)).json()
    const isQuiet = summary?.uploads === seen
    seen = summary?.uploads ?? 0
    if (summary && isQuiet && (summary.endedAt ?? 0) >= until) {
      const { events } = await (await fetch(`${collectorUrl}/api/replays/${summary.key}/events`)).json()
      return { summary, events }
    }
    if (performance.now() > deadline) {
      throw new Error(
        `Not everything was uploaded within ${UPLOAD_TIMEOUT_MS} ms: ${JSON.stringify(summary ?? 'no replay')}`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
  }
}

function compare(moment, live, replayed = []) {
  const length = Math.max(live.length, replayed.length)
  for (let line = 0; line < length; line++) {
    if (live[line] !== replayed[line]) {
      return [
        `${moment}, line ${line + 1}: page   ${live[line] ?? '(nothing)'}`,
        `${moment}, line ${line + 1}: replay ${replayed[line] ?? '(nothing)'}`,
      ]
    }
  }
  return []
}

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`
