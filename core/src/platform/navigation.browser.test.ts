import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReplayError } from '../errors.ts'
import type { Stop } from '../types.ts'
import { type UrlWatch, watchUrl } from './navigation.ts'

let frame: HTMLIFrameElement
let view: Window & { navigation?: unknown }
let stop: Stop = () => {}
let told: string[]
let errors: ReplayError[]

const path = (href: string): string => new URL(href).pathname + new URL(href).hash

/** `silent`: as in a sandboxed page without an origin, where the API has no entry and tells nothing. */
async function openPage(navigation: 'there' | 'silent' | 'missing'): Promise<void> {
  frame = document.createElement('iframe')
  frame.src = '/favicon.ico?page'
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  document.body.append(frame)
  await loaded
  view = frame.contentWindow as Window
  if (navigation !== 'there') {
    const silent = Object.assign(new EventTarget(), { currentEntry: null })
    Object.defineProperty(view, 'navigation', { value: navigation === 'silent' ? silent : undefined })
  }
  // An entry of its own: what an earlier frame left in the history is none that `back()` can go to, in WebKit.
  view.history.pushState(null, '', '/home')
}

function watch(more: Partial<UrlWatch> = {}): void {
  stop = watchUrl(
    { onChange: (href, source) => told.push(`${source} ${path(href)}`), ...more },
    (error) => errors.push(error),
    view,
  )
}

const event = (name: string): Promise<Event> =>
  new Promise((resolve) => view.addEventListener(name, resolve, { once: true }))

beforeEach(() => {
  told = []
  errors = []
})

afterEach(() => {
  stop()
  frame.remove()
})

describe.each([
  ['the Navigation API', 'there'],
  ['the history hook', 'missing'],
  ['the history hook beside a silent Navigation API', 'silent'],
] as const)('with %s', (_name, navigation) => {
  beforeEach(async () => {
    await openPage(navigation)
    watch()
  })

  it('tells inside the call that writes the address', () => {
    view.history.pushState(null, '', '/cart')
    expect(told).toEqual(['url /cart'])
    view.history.replaceState(null, '', '/cart#pay')
    expect(told).toEqual(['url /cart', 'url /cart#pay'])
  })

  it('does not tell of writes that leave the address as it was', () => {
    view.history.replaceState({ scroll: 7 }, '', '/home')
    view.history.pushState({}, '')
    expect(told).toEqual([])
  })

  it('tells of back and forward before the listeners of the page', async () => {
    view.history.pushState(null, '', '/cart')
    let atPop: string[] = []
    view.addEventListener('popstate', () => {
      atPop = [...told]
    })
    const popped = event('popstate')
    view.history.back()
    await popped
    expect(atPop).toHaveLength(2)
    expect(atPop[1]).toMatch(/^(url|pop) \/home$/)
    expect(told).toHaveLength(2)
  })

  it('tells nothing of what a frame of the page writes, and all of where a frame takes the page', async () => {
    view.history.pushState(null, '', '/cart')
    const inner = view.document.createElement('iframe')
    inner.src = '/favicon.ico?inner'
    const loaded = new Promise((resolve) => inner.addEventListener('load', resolve, { once: true }))
    view.document.documentElement.append(inner)
    await loaded
    const { history: innerHistory } = inner.contentWindow as Window
    innerHistory.replaceState(null, '', '/inner')
    innerHistory.pushState(null, '', '/inner/cart')
    const innerPopped = new Promise((resolve) =>
      inner.contentWindow?.addEventListener('popstate', resolve, { once: true }),
    )
    innerHistory.back()
    await innerPopped
    expect(told).toEqual(['url /cart'])
    // The history is one for page and frames.
    const popped = event('popstate')
    innerHistory.back()
    await popped
    expect(told).toHaveLength(2)
    expect(told[1]).toMatch(/^(url|pop) \/home$/)
    // A frame may also call the page's own history.
    const innerView = inner.contentWindow as Window
    innerView.parent.history.pushState(null, '', '/pay')
    expect(told.slice(2)).toEqual(['url /pay'])
  })

  it('tells once of a fragment that is followed', async () => {
    const changed = event('hashchange')
    view.location.hash = '#/pay'
    await changed
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(/ \/home#\/pay$/)
  })

  it('tells of a page that comes back from the cache, though the address is the same', () => {
    view.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))
    expect(told).toEqual([])
    view.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    expect(told).toEqual(['restore /home'])
  })

  it('is silent and leaves no trace after stop', async () => {
    stop()
    stop()
    view.history.pushState(null, '', '/cart')
    const popped = event('popstate')
    view.history.back()
    await popped
    expect(told).toEqual([])
    expect(Object.hasOwn(view.history, 'pushState')).toBe(false)
    expect(Object.hasOwn(view.history, 'replaceState')).toBe(false)
  })

  it('never throws into the page', () => {
    stop()
    watch({
      onBefore: () => {
        throw new Error('before')
      },
      onChange: () => {
        throw new Error('change')
      },
    })
    view.history.pushState(null, '', '/cart')
    expect(view.location.pathname).toBe('/cart')
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['INTERNAL']))
  })
})

describe('the history hook', () => {
  beforeEach(() => openPage('missing'))

  it('announces an address before it is written', () => {
    let seenAt = ''
    watch({
      onBefore: (href) => {
        seenAt = view.location.pathname
        told.push(`before ${path(href)}`)
      },
    })
    view.history.pushState(null, '', '/cart')
    expect(seenAt).toBe('/home')
    expect(told).toEqual(['before /cart', 'url /cart'])
  })

  it('takes an announcement back when the browser refuses the address', () => {
    watch({ onBefore: (href) => told.push(`before ${href}`) })
    expect(() => view.history.pushState(null, '', 'https://elsewhere.example/')).toThrow()
    expect(told).toEqual(['before https://elsewhere.example/', 'url /home'])
    expect(() => view.history.pushState(null, '', 'http://[')).toThrow()
  })

  it('chains to a hook that was there and gives it back', () => {
    const calls: unknown[] = []
    const inner = view.history.pushState
    const theirs: History['pushState'] = function (this: History, ...args) {
      calls.push(this)
      return inner.apply(this, args)
    }
    view.history.pushState = theirs
    watch()
    view.history.pushState(null, '', '/cart')
    expect(calls).toEqual([view.history])
    stop()
    expect(view.history.pushState).toBe(theirs)
  })

  it('leaves a hook in place that came later, and does nothing in it any more', () => {
    watch()
    const ours = view.history.pushState
    const theirs: History['pushState'] = function (this: History, ...args) {
      return ours.apply(this, args)
    }
    view.history.pushState = theirs
    stop()
    expect(view.history.pushState).toBe(theirs)
    view.history.pushState(null, '', '/cart')
    expect(view.location.pathname).toBe('/cart')
    expect(told).toEqual([])
  })
})

describe('polling', () => {
  it('finds a change that no event told of', async () => {
    await openPage('missing')
    // Written around the hook, as a script does that kept the native function.
    const native = History.prototype.pushState
    const heard = new Promise<string>((resolve) => watch({ onChange: resolve, pollMs: 10 }))
    native.call(view.history, null, '', '/quiet')
    expect(path(await heard)).toBe('/quiet')
  })
})
