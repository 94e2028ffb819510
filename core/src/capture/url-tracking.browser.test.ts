import { afterEach, expect, it } from 'vitest'
import type { Stop } from '../types.ts'
import { startUrlTracking, type UrlTrackingDeps } from './url-tracking.ts'

let told: { plugin: string; payload: unknown }[] = []
let stop: Stop = () => {}

/** An address that tests can change. Tells subscribers at once, as the page's own does. */
function fakeLocation(href: string) {
  const runs = new Set<(href: string) => void>()
  return {
    get: () => href,
    subscribe(run: (href: string) => void): Stop {
      runs.add(run)
      run(href)
      return () => runs.delete(run)
    },
    go(next: string) {
      href = next
      for (const run of runs) run(href)
    },
    followers: () => runs.size,
  }
}

function start(location: UrlTrackingDeps['location'], overrides: Partial<UrlTrackingDeps> = {}): void {
  told = []
  stop = startUrlTracking({
    location,
    addPluginEvent: (plugin, payload) => told.push({ plugin, payload }),
    sanitizeUrl: (url) => url,
    captureTitle: false,
    maskTitle: (title) => title,
    report: (error) => {
      throw error
    },
    ...overrides,
  })
}

const hrefs = () => told.map(({ payload }) => (payload as { href: string }).href)

afterEach(() => stop())

it('tells the address at the start, in the form the player knows', () => {
  start(fakeLocation('https://shop.test/'))
  expect(told).toEqual([
    {
      plugin: 'amplitude/url-tracking@1',
      payload: {
        href: 'https://shop.test/',
        title: '',
        viewportHeight: window.innerHeight,
        viewportWidth: window.innerWidth,
        type: 'url-change-event',
      },
    },
  ])
})

it('tells each other address once, and nothing after stop', () => {
  const location = fakeLocation('https://shop.test/')
  start(location)
  location.go('https://shop.test/cart')
  location.go('https://shop.test/cart')
  location.go('https://shop.test/')
  stop()
  location.go('https://shop.test/late')
  expect(hrefs()).toEqual(['https://shop.test/', 'https://shop.test/cart', 'https://shop.test/'])
  expect(location.followers()).toBe(0)
})

it('passes addresses and the title through the privacy rules', () => {
  document.title = 'Orders of Jane'
  start(fakeLocation('https://shop.test/?token=1'), {
    captureTitle: true,
    sanitizeUrl: (url) => url.replace(/\?.*/, ''),
    maskTitle: (title) => title.replaceAll(/\S/g, '*'),
  })
  expect(told[0]?.payload).toMatchObject({ href: 'https://shop.test/', title: '****** ** ****' })
})
