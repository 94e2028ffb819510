import { expect, it, onTestFinished, vi } from 'vitest'
import { browser } from './browser.ts'

type PageWindow = Window & typeof globalThis

it('reads a form that hides its own methods', () => {
  const form = document.createElement('form')
  form.innerHTML = '<input name="matches">'
  form.setAttribute('data-amp-mask', '')
  expect(browser.matches(form, '[data-amp-mask]')).toBe(true)
})

/** A page of its own: `document.open()` would take the test runner along. */
async function openPage(): Promise<PageWindow> {
  const frame = document.createElement('iframe')
  frame.src = '/test/support/frames/page.html'
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  document.body.append(frame)
  await loaded
  onTestFinished(() => frame.remove())
  return frame.contentWindow as PageWindow
}

const loadInto = (page: PageWindow): Promise<typeof import('./browser.ts')> =>
  page.eval(`import('/src/controller/browser.ts')`)

const report = (error: Error) => {
  throw error
}

it('hears of a page that wrote itself anew', async () => {
  const page = await openPage()
  const own = await loadInto(page)
  const heard: string[] = []
  const stops = [
    own.browser.watchUrl({ onChange: (_, source) => heard.push(source) }, report),
    own.browser.watchPage(
      {
        onVisibility: () => heard.push('visibility'),
        onHide: () => heard.push('hide'),
        onActivate: () => heard.push('activate'),
      },
      report,
    ),
  ]
  const live = (): string[] => {
    heard.length = 0
    page.document.dispatchEvent(new page.Event('visibilitychange'))
    page.document.dispatchEvent(new page.Event('prerenderingchange'))
    page.dispatchEvent(new page.PageTransitionEvent('pagehide'))
    page.dispatchEvent(new page.PageTransitionEvent('pageshow', { persisted: true }))
    return heard
  }
  const all = ['visibility', 'activate', 'hide', 'restore']
  expect(live()).toEqual(all)

  page.document.open()
  page.document.write('<!doctype html><html><body>written page</body></html>')
  heard.length = 0
  page.document.close()
  // The tab may have been hidden while nobody listened.
  await vi.waitFor(() => expect(heard).toContain('visibility'))
  expect(live()).toEqual(all)

  for (const stop of stops) stop()
  expect(live()).toEqual([])
})

it('looks at the address of a page that wrote itself anew, as nobody listened meanwhile', async () => {
  const page = await openPage()
  Object.defineProperty(page, 'navigation', { value: undefined })
  const own = await loadInto(page)
  const heard: string[] = []
  const stop = own.browser.watchUrl({ onChange: (href) => heard.push(href) }, report)
  onTestFinished(stop)
  expect(heard).toEqual([])
  page.document.open()
  page.document.write('<!doctype html><html><body>written page</body></html>')
  // Like a step back, it passes by what the page's own `pushState` is wrapped in.
  page.History.prototype.replaceState.call(page.history, null, '', '/secret')
  page.document.close()
  await vi.waitFor(() => expect(heard).toEqual([page.location.href]))
  expect(page.location.pathname).toBe('/secret')
})
