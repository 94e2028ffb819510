import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  makeProfile,
  openBrowser,
  type PageServer,
  servePages,
  type TestBrowser,
} from '../support/browser.ts'

// The faults that other tests rely on are real ones.

let browser: TestBrowser
let profile: Awaited<ReturnType<typeof makeProfile>>
let pages: PageServer

const PAGE = `<!doctype html><script>
  const seen = JSON.parse(localStorage.seen ?? '[]')
  const note = (event) => { seen.push(event.type); localStorage.seen = JSON.stringify(seen) }
  for (const type of ['visibilitychange', 'freeze', 'resume']) document.addEventListener(type, note)
  for (const type of ['pagehide', 'beforeunload']) addEventListener(type, note)
</script>`

beforeEach(async () => {
  profile = await makeProfile()
  browser = await openBrowser(profile.path)
  pages = await servePages({ '/': PAGE, '/other': '<!doctype html>' })
})
afterEach(async () => {
  await browser.close()
  await pages.close()
  await profile.remove()
})

const seen = async (): Promise<string[]> => {
  const page = await browser.newPage()
  await page.goto(`${pages.origin}/other`)
  return page.evaluate(() => JSON.parse(localStorage.seen ?? '[]'))
}
const open = async () => {
  const page = await browser.newPage()
  await page.goto(pages.origin)
  return page
}

it('a crashed renderer sees no parting event', async () => {
  await browser.crash(await open())
  expect(await seen()).toEqual([])
})

it('a killed browser sees no parting event, and its profile opens again', async () => {
  const page = await open()
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('probe')
        opening.onupgradeneeded = () => opening.result.createObjectStore('rows')
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('rows', 'readwrite')
          transaction.objectStore('rows').put('kept', 'key')
          transaction.oncomplete = () => resolve()
          transaction.onerror = () => reject(transaction.error)
        }
      }),
  )
  await browser.kill()
  browser = await openBrowser(profile.path)
  const next = await open()
  const kept = await next.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open('probe')
        opening.onsuccess = () => {
          const reading = opening.result.transaction('rows').objectStore('rows').get('key')
          reading.onsuccess = () => resolve(reading.result)
        }
      }),
  )
  expect(kept).toBe('kept')
  expect(await next.evaluate(() => localStorage.seen)).toBeUndefined()
})

it('a frozen tab is hidden first, and wakes', async () => {
  const page = await open()
  await browser.freeze(page)
  await browser.thaw(page)
  await page.waitForFunction(() => JSON.parse(localStorage.seen ?? '[]').length === 3)
  expect(await page.evaluate(() => JSON.parse(localStorage.seen))).toEqual([
    'visibilitychange',
    'freeze',
    'resume',
  ])
})

it('a tab behind another one is hidden', async () => {
  const page = await open()
  await browser.hide(page)
  expect(await page.evaluate(() => document.visibilityState)).toBe('hidden')
  await browser.show(page)
  const shown = browser.whole ? 'visible' : 'hidden'
  await page.waitForFunction((state) => document.visibilityState === state, shown, { polling: 50 })
})
