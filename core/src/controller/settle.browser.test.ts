import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReplayError } from '../errors.ts'
import { createSettler, type Seen, type Settler, type SettleTask, type Settling } from './settle.ts'
import type { SettleOptions } from './types.ts'

type Result = Parameters<SettleTask['onSettled']>[0]

const OPTIONS: SettleOptions = { quietMs: 30, maxWaitMs: 400, leftovers: 'block' }

let root: HTMLElement
let settler: Settler
let settling: Settling | null
let stuck: number
const errors: ReplayError[] = []

beforeEach(() => {
  root = document.createElement('div')
  root.innerHTML = '<header>Shop</header><main><h1>Home</h1></main>'
  document.body.replaceChildren(root)
  settler = createSettler((error) => errors.push(error))
  settling = null
  stuck = 0
})

afterEach(() => {
  settling?.stop()
  settler.clearMarks()
  document.body.replaceChildren()
  expect(errors).toEqual([])
})

/** What is in the document now is harmless. */
const now = (): Seen => settler.remember(() => true)

function leave(seen: Seen | null, more: Partial<SettleTask> = {}): Promise<Result> {
  return new Promise((resolve) => {
    settling = settler.start({
      seen,
      isBlocked: () => false,
      byUrl: true,
      replaced: false,
      options: OPTIONS,
      onSettled: resolve,
      onStuck: () => stuck++,
      ...more,
    })
  })
}

const main = (): HTMLElement => root.querySelector('main') as HTMLElement
const secretPage = (): HTMLElement => {
  const page = document.createElement('section')
  page.innerHTML = '<p>Salary: 5000</p>'
  return page
}
const icon = (): Element => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.append(document.createElementNS(svg.namespaceURI, 'path'))
  return svg
}
const isMarked = (element: Element): boolean => element.hasAttribute('data-amp-quarantine')
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('after a restricted screen', () => {
  it('settles when it has been replaced and nothing moves', async () => {
    const seen = now()
    const page = secretPage()
    main().replaceChildren(page)
    const settled = leave(seen)
    setTimeout(() => main().replaceChildren('Home again'), 60)
    const result = await settled
    expect(result).toMatchObject({ quarantined: 0, timedOut: false })
    expect(result.afterMs).toBeGreaterThanOrEqual(60 + OPTIONS.quietMs - 2)
    expect(page.isConnected).toBe(false)
  })

  it('does not settle while it is there, however still the page is', async () => {
    const seen = now()
    const page = secretPage()
    main().replaceChildren(page)
    const settled = leave(seen)
    main().append(document.createElement('progress'))
    setTimeout(() => page.remove(), 250)
    expect((await settled).afterMs).toBeGreaterThanOrEqual(249)
  })

  it('does not wait for a router that announces each page by the same words, and leaves them out', async () => {
    const style = 'position: absolute; overflow: hidden; width: 1px; height: 1px'
    root.insertAdjacentHTML('beforeend', `<div aria-live="assertive" style="${style}"></div>`)
    const announcer = root.querySelector('[aria-live]') as Element
    const seen = now()
    const page = secretPage()
    main().replaceChildren(page)
    announcer.append('untitled page')
    const settled = leave(seen)
    page.remove()
    const result = await settled
    expect(result).toMatchObject({ quarantined: 1, timedOut: false })
    expect(result.afterMs).toBeLessThan(OPTIONS.maxWaitMs)
    expect(isMarked(announcer)).toBe(true)
  })

  it('waits for a live region that is on show', async () => {
    root.insertAdjacentHTML('beforeend', '<div aria-live="polite"></div>')
    const region = root.querySelector('[aria-live]') as Element
    const seen = now()
    region.append('Salary: 5000')
    const settled = leave(seen)
    main().replaceChildren('Home again')
    setTimeout(() => region.replaceChildren(), 200)
    expect((await settled).afterMs).toBeGreaterThanOrEqual(199)
  })

  it('takes a new text that is written anew for the next page', async () => {
    const live = root.querySelector('header') as HTMLElement
    const seen = now()
    const text = document.createTextNode('Salary: 5000')
    live.append(text)
    const settled = leave(seen)
    setTimeout(() => {
      text.data = 'Home again'
      main().replaceChildren('Home again')
    }, 60)
    expect(await settled).toMatchObject({ quarantined: 0, timedOut: false })
    expect(isMarked(live)).toBe(false)
  })

  it('waits for the new page though the restricted one is gone already', async () => {
    const seen = now()
    const settled = leave(seen)
    setTimeout(() => main().replaceChildren('late'), 150)
    expect((await settled).afterMs).toBeGreaterThanOrEqual(150)
  })

  it('needs no change of the document when no address has changed', async () => {
    expect((await leave(now(), { byUrl: false })).afterMs).toBeLessThan(200)
  })

  it('is quick with the hint of a router', async () => {
    const settled = leave(now(), { options: { ...OPTIONS, quietMs: 300 } })
    settling?.committed()
    expect((await settled).afterMs).toBeLessThan(200)
  })

  it('does not believe the hint while the screen is there', async () => {
    const seen = now()
    const page = secretPage()
    main().replaceChildren(page)
    const settled = leave(seen)
    settling?.committed()
    setTimeout(() => page.remove(), 200)
    expect((await settled).afterMs).toBeGreaterThanOrEqual(199)
  })

  it('marks what is kept hidden, and unmarks it when asked', async () => {
    const seen = now()
    const page = secretPage()
    main().replaceChildren(page)
    const settled = leave(seen)
    page.style.display = 'none'
    main().append('Home again')
    expect(await settled).toMatchObject({ quarantined: 1, timedOut: false })
    expect(isMarked(page)).toBe(true)
    settler.clearMarks()
    expect(isMarked(page)).toBe(false)
  })

  it('suspects again what was marked once', async () => {
    const seen = now()
    const page = secretPage()
    main().replaceChildren(page)
    const first = leave(seen)
    page.hidden = true
    main().append('Home')
    await first
    settler.clearMarks()
    page.hidden = false
    // Recorded as an empty box meanwhile, the element itself counts as known.
    const second = leave(() => true)
    main().append('Home')
    expect(await second).toMatchObject({ quarantined: 1, timedOut: true })
    expect(isMarked(page)).toBe(true)
  })

  it('leaves survivors out after the longest wait', async () => {
    const seen = now()
    const page = secretPage()
    main().append(page)
    const result = await leave(seen)
    expect(result).toMatchObject({ quarantined: 1, timedOut: true })
    expect(isMarked(page)).toBe(true)
    expect(isMarked(main())).toBe(false)
  })

  it('stays paused with survivors when told so, and says it once', async () => {
    const seen = now()
    const page = secretPage()
    main().append(page)
    const settled = leave(seen, { options: { ...OPTIONS, maxWaitMs: 80, leftovers: 'stay-paused' } })
    setTimeout(() => page.remove(), 500)
    expect((await settled).afterMs).toBeGreaterThanOrEqual(499)
    expect(stuck).toBe(1)
  })

  it('does not wait for what is left out of the recording anyway', async () => {
    const seen = now()
    const page = secretPage()
    page.setAttribute('data-amp-block', '')
    main().append(page)
    const settled = leave(seen, { isBlocked: (element) => element.closest('[data-amp-block]') !== null })
    main().append('x')
    expect(await settled).toMatchObject({ quarantined: 0, timedOut: false })
  })

  it('does not look into blocked parts of the shell', async () => {
    const box = document.createElement('aside')
    box.setAttribute('data-amp-block', '')
    box.innerHTML = '<p>hidden from the recorder</p>'
    root.append(box)
    const known = now()
    const seen: Seen = (node) => known(node) && !box.contains(node.parentNode)
    const settled = leave(seen, { isBlocked: (element) => element.closest('[data-amp-block]') !== null })
    main().append('x')
    expect(await settled).toMatchObject({ quarantined: 0, timedOut: false })
  })

  it('finds it inside open shadow roots', async () => {
    const host = document.createElement('div')
    host.attachShadow({ mode: 'open' }).innerHTML = '<span>shell</span>'
    root.append(host)
    const seen = now()
    const page = secretPage()
    host.shadowRoot?.append(page)
    const settled = leave(seen)
    main().append('x')
    setTimeout(() => page.remove(), 200)
    expect((await settled).afterMs).toBeGreaterThanOrEqual(199)
  })

  it('waits for a text that a reused element still shows, but not for ever', async () => {
    const heading = root.querySelector('h1') as HTMLElement
    const seen = now()
    const stopTexts = settler.watchChanges(now())
    ;(heading.firstChild as Text).data = 'Salary of Ada'
    await Promise.resolve()
    stopTexts()
    const settled = leave(seen)
    main().append('spinner')
    setTimeout(() => {
      ;(heading.firstChild as Text).data = 'Home'
    }, 150)
    const result = await settled
    expect(result.afterMs).toBeGreaterThanOrEqual(150)
    expect(result.quarantined).toBe(0)

    const seenNow: Seen = () => true
    const again = settler.watchChanges(now())
    ;(heading.firstChild as Text).data = 'Salary of Bob'
    await Promise.resolve()
    again()
    const second = leave(seenNow, { options: { ...OPTIONS, maxWaitMs: 2000 } })
    main().append(document.createElement('hr'))
    expect(await second).toMatchObject({ quarantined: 1, timedOut: false })
    expect(isMarked(heading)).toBe(true)
  })

  describe('that wrote words into what stays', () => {
    const shadowHost = (): Element => {
      const host = document.createElement('div')
      host.attachShadow({ mode: 'open' }).innerHTML = '<b>Hello</b><img alt="Shop" src="data:,">'
      root.prepend(host)
      return host
    }
    const leaveHome = (seen: Seen): Promise<Result> => {
      const settled = leave(seen, { options: { ...OPTIONS, maxWaitMs: 2000 } })
      main().append(document.createElement('hr'))
      return settled
    }
    const inShadow = (host: Element, selector: string): Element =>
      host.shadowRoot?.querySelector(selector) as Element

    it('leaves them out in shadow roots, too', async () => {
      const host = shadowHost()
      const seen = now()
      const stop = settler.watchChanges(seen)
      ;(inShadow(host, 'b').firstChild as Text).data = 'Jane Doe'
      await wait(0)
      expect(await leaveHome(seen)).toMatchObject({ quarantined: 1, timedOut: false })
      expect(isMarked(inShadow(host, 'b'))).toBe(true)
      stop()
    })

    it('waits until attributes say something else, and leaves out those that do not', async () => {
      const host = shadowHost()
      root.insertAdjacentHTML('beforeend', '<a href="/home" aria-label="Home">x</a><input value="">')
      const [link, field] = [root.querySelector('a'), root.querySelector('input')] as [Element, Element]
      const seen = now()
      const stop = settler.watchChanges(seen)
      link.setAttribute('aria-label', 'Account of Jane Doe')
      field.setAttribute('value', '4111 1111')
      inShadow(host, 'img').setAttribute('src', 'data:,jane')
      await wait(0)
      const settled = leaveHome(seen)
      setTimeout(() => link.setAttribute('aria-label', 'Shop'), 100)
      expect(await settled).toMatchObject({ quarantined: 2, timedOut: false })
      expect([link, field, inShadow(host, 'img')].map(isMarked)).toEqual([false, true, true])
      stop()
    })

    it('does not wait for looks and states, nor for words that are what they were', async () => {
      root.insertAdjacentHTML('beforeend', '<button aria-label="Open menu">Menu</button>')
      const button = root.querySelector('button') as Element
      const theme = document.head.appendChild(document.createElement('link'))
      const style = document.head.appendChild(document.createElement('style'))
      style.textContent = 'p { color: red }'
      const seen = now()
      const stop = settler.watchChanges(seen)
      theme.setAttribute('href', 'data:text/css,')
      ;(style.firstChild as Text).data = 'p { color: blue }'
      for (const [name, value] of [
        ['class', 'open'],
        ['style', 'color: red'],
        ['aria-expanded', 'true'],
        ['aria-label', 'Close menu'],
        ['title', ''],
      ] as const)
        button.setAttribute(name, value)
      const words = button.firstChild as Text
      words.data = 'Close'
      await wait(0)
      words.data = 'Menu'
      button.setAttribute('aria-label', 'Open menu')
      await wait(0)
      const result = await leaveHome(seen)
      expect(result.quarantined).toBe(0)
      expect(result.afterMs).toBeLessThan(400)
      expect([button, theme, style].map(isMarked)).toEqual([false, false, false])
      theme.remove()
      style.remove()
      stop()
    })

    it('finds those that were written while nobody watched', async () => {
      document.title = 'Shop'
      const host = shadowHost()
      root.insertAdjacentHTML('beforeend', '<p title="Home">Home</p><p>Home</p>')
      const [reused, kept] = root.querySelectorAll('p') as unknown as [Element, Element]
      const seen = now()
      const stop = settler.watchChanges(seen)
      ;(main().querySelector('h1')?.firstChild as Text).data = 'Jane Doe'
      // In the same turn: what observers have not been told is not lost.
      const resume = settler.pauseChanges()
      ;(inShadow(host, 'b').firstChild as Text).data = 'Jane Doe'
      reused.setAttribute('title', 'Account of Jane Doe')
      document.title = 'Jane Doe'
      await wait(0)
      resume()
      const settled = leaveHome(seen)
      document.title = 'Home'
      const result = await settled
      const elements = [inShadow(host, 'b'), reused, main().querySelector('h1') as Element, kept]
      expect(result.quarantined).toBe(3)
      expect(elements.map(isMarked)).toEqual([true, true, true, false])
      document.title = 'Jane Doe'
      await wait(0)
      expect(isMarked(document.querySelector('title') as Element)).toBe(true)
      settler.stop()
      document.title = ''
      stop()
    })
  })

  it('leaves out a title that still is the restricted one', async () => {
    document.title = 'Shop'
    const seen = now()
    document.title = 'Salary of Ada'
    const settled = leave(seen)
    main().append('x')
    // Written anew with the same words, as routers do.
    document.title = 'Salary of Ada'
    await settled
    expect(isMarked(document.querySelector('title') as Element)).toBe(true)
    settler.clearMarks()
    document.title = ''
  })

  it('pays no attention to styles and scripts that came with it', async () => {
    const seen = now()
    const style = document.createElement('style')
    style.textContent = '.x{}'
    root.append(style)
    const settled = leave(seen)
    main().append('x')
    expect(await settled).toMatchObject({ quarantined: 0, timedOut: false })
  })

  describe('that was replaced in the turn of its release', () => {
    const REPLACED = { byUrl: false, replaced: true }
    let seen: Seen
    let stopChanges: () => void
    const nextPage = (): HTMLElement => {
      const page = document.createElement('article')
      page.innerHTML = '<p>Done</p>'
      return page
    }
    beforeEach(() => {
      seen = now()
      stopChanges = settler.watchChanges(seen)
    })
    afterEach(() => stopChanges())

    it('takes what came in it, and words that were changed in it, for the next screen', async () => {
      const [words, label] = [root.querySelector('h1'), root.querySelector('header')].map(
        (element) => element?.firstChild as Text,
      ) as [Text, Text]
      const page = secretPage()
      words.data = 'Salary of Ada'
      label.data = 'Shop of Ada'
      main().append(page)
      await wait(0)
      words.data = 'Home'
      const next = nextPage()
      page.replaceWith(next)
      const inShadow = document.createElement('div')
      inShadow.attachShadow({ mode: 'open' }).innerHTML = '<p>Done</p>'
      next.append(inShadow)
      const result = await leave(seen, { ...REPLACED, options: { ...OPTIONS, maxWaitMs: 2000 } })
      expect(result).toMatchObject({ quarantined: 1, timedOut: false })
      expect(
        [next, main().querySelector('h1'), label.parentElement].map((one) => isMarked(one as Element)),
      ).toEqual([false, false, true])
    })

    it('still suspects what came in earlier turns, wherever it has been moved to', async () => {
      const [left, moved, kept] = [secretPage(), secretPage(), secretPage()]
      main().append(left, moved, kept)
      await wait(0)
      kept.remove()
      await wait(0)
      const next = nextPage()
      next.append(moved, kept)
      main().append(next)
      left.append(nextPage())
      const result = await leave(seen, REPLACED)
      expect(result).toMatchObject({ quarantined: 3, timedOut: true })
      expect([left, moved, kept, next].map(isMarked)).toEqual([true, true, true, false])
    })

    it('suspects what came when the release says nothing of a replacement', async () => {
      const next = nextPage()
      main().append(next)
      expect(await leave(seen, { byUrl: false })).toMatchObject({ quarantined: 1, timedOut: true })
      expect(isMarked(next)).toBe(true)
    })

    it('waits for what was taken out and comes back for an animation', async () => {
      const page = secretPage()
      main().append(page)
      await wait(0)
      page.replaceWith(nextPage())
      const settled = leave(seen, REPLACED)
      main().append(page)
      setTimeout(() => page.remove(), 200)
      const result = await settled
      expect(result).toMatchObject({ quarantined: 0, timedOut: false })
      expect(result.afterMs).toBeGreaterThanOrEqual(199)
    })

    it('is evidence of leaving where nothing was known', async () => {
      const page = secretPage()
      main().append(page)
      await wait(0)
      page.replaceWith(nextPage())
      expect(await leave(null, REPLACED)).toMatchObject({ quarantined: 0, timedOut: false })
      expect(stuck).toBe(0)
      main().append(document.createComment('Salary'))
      await wait(0)
      main().lastChild?.remove()
      void leave(null, { ...REPLACED, options: { ...OPTIONS, maxWaitMs: 60 } })
      await wait(200)
      expect(stuck).toBe(1)
    })
  })

  describe.each(['tells its view transition', 'only styles it'])('a document that %s', (kind) => {
    const name = 'activeViewTransition'
    const native = Object.getOwnPropertyDescriptor(Document.prototype, name)
    beforeEach(() => {
      if (kind === 'only styles it') Reflect.deleteProperty(Document.prototype, name)
    })
    afterEach(() => {
      if (native) Object.defineProperty(Document.prototype, name, native)
    })

    const startTransition = (change: () => void | Promise<void>): ViewTransition => {
      const transition = document.startViewTransition(change)
      // Skipped before its pictures are on show.
      transition.ready.catch(() => {})
      return transition
    }

    it('waits for it', async () => {
      const seen = now()
      const settled = leave(seen, { options: { ...OPTIONS, maxWaitMs: 60_000 } })
      let hasChanged = false
      const transition = startTransition(async () => {
        await wait(600)
        main().replaceChildren('Home again')
        hasChanged = true
      })
      main().append('x')
      await settled
      expect(hasChanged).toBe(true)
      transition.skipTransition()
      await transition.finished
    })

    it('does not wait for its pictures to fade', async () => {
      const style = document.head.appendChild(document.createElement('style'))
      style.textContent = '::view-transition-group(*) { animation-duration: 100s }'
      const page = secretPage()
      const seen = now()
      main().replaceChildren(page)
      const settled = leave(seen, { options: { ...OPTIONS, maxWaitMs: 60_000 } })
      const transition = startTransition(() => main().replaceChildren('Home again'))
      let hasFaded = false
      void transition.finished.then(() => {
        hasFaded = true
      })
      await settled
      expect({ hasFaded, isConnected: page.isConnected }).toEqual({ hasFaded: false, isConnected: false })
      transition.skipTransition()
      await transition.finished
      style.remove()
    })
  })

  it('ends without a word when stopped', async () => {
    let settled = false
    void leave(now(), { byUrl: false }).then(() => {
      settled = true
    })
    settling?.stop()
    await wait(150)
    expect(settled).toBe(false)
  })
})

describe('when the page was loaded on a restricted address', () => {
  it('waits for something on show to go', async () => {
    main().replaceChildren(secretPage())
    const settled = leave(null, { options: { ...OPTIONS, maxWaitMs: 100 } })
    root.append('spinner')
    await wait(300)
    expect(stuck).toBe(1)
    main().replaceChildren('Home')
    expect((await settled).afterMs).toBeGreaterThanOrEqual(300)
  })

  it.each<[string, (page: HTMLElement) => void]>([
    ['a menu that closes', () => root.querySelector('ul')?.remove()],
    ['a menu that is hidden', () => root.querySelector('ul')?.setAttribute('hidden', '')],
    ['an icon that becomes another', () => root.querySelector('svg')?.replaceWith(icon())],
    ['a note that comes', (page) => page.append('Loading')],
  ])('does not take it for leaving: %s', async (_, change) => {
    const page = secretPage()
    main().replaceChildren(page)
    root.insertAdjacentHTML('afterbegin', '<nav><button>Menu</button><ul><li>Home</li></ul></nav>')
    root.querySelector('button')?.prepend(icon())
    const settled = leave(null, { options: { ...OPTIONS, maxWaitMs: 100 } })
    settling?.committed()
    change(page)
    await wait(300)
    expect(stuck).toBe(1)
    page.replaceWith(Object.assign(document.createElement('p'), { textContent: 'Home' }))
    expect((await settled).afterMs).toBeGreaterThanOrEqual(300)
  })

  const elementWith = (html: string): HTMLElement =>
    Object.assign(document.createElement('div'), { innerHTML: html })

  it.each<[string, (page: HTMLElement, other: HTMLElement) => void]>([
    [
      'its place stays empty beside a new one',
      (page) => {
        page.remove()
        document.body.append(elementWith('<p>Home again</p>'))
      },
    ],
    [
      'its place stays empty beside one that was empty',
      (page, other) => {
        page.remove()
        other.append(elementWith('<p>Home again</p>'))
      },
    ],
    [
      'its place goes, and another has a head of its own',
      (page, other) => {
        page.parentElement?.remove()
        other.innerHTML = '<b>News</b><div><p>Home again</p></div>'
      },
    ],
  ])('takes it for leaving when %s', async (_, change) => {
    const page = secretPage()
    main().replaceChildren(page)
    const other = document.body.appendChild(document.createElement('section'))
    const settled = leave(null)
    change(page, other)
    expect(await settled).toMatchObject({ quarantined: 0, timedOut: false })
  })

  it('finds what has come in the turn of the release, while the old page is going', async () => {
    const page = secretPage()
    main().replaceChildren(page)
    await wait(0)
    const stop = settler.watchChanges(null)
    main().prepend(elementWith('<p>Home again</p>'))
    const settled = leave(null, { byUrl: false, replaced: true })
    stop()
    setTimeout(() => page.remove(), 100)
    const result = await settled
    expect(result).toMatchObject({ timedOut: false })
    expect(result.afterMs).toBeGreaterThanOrEqual(100)
  })

  it('takes a page that was kept hidden for the next one', async () => {
    const [page, next] = [secretPage(), secretPage()]
    next.hidden = true
    main().replaceChildren(page, next)
    const settled = leave(null)
    page.hidden = true
    next.hidden = false
    root.append(document.createElement('hr'))
    expect(await settled).toMatchObject({ timedOut: false })
    expect([page, next].map(isMarked)).toEqual([true, false])
  })

  it('finds the next page in shadow roots', async () => {
    const host = main().appendChild(document.createElement('x-app'))
    const shadow = host.attachShadow({ mode: 'open' })
    shadow.append(secretPage())
    const settled = leave(null)
    const next = document.createElement('x-page')
    next.attachShadow({ mode: 'open' }).innerHTML = '<p>Home</p>'
    shadow.replaceChildren(next)
    expect(await settled).toMatchObject({ quarantined: 0, timedOut: false })
  })

  it('takes hiding for leaving, and leaves out what is kept hidden, with what was never on show in it', async () => {
    const page = secretPage()
    page.insertAdjacentHTML('beforeend', '<dialog>Salary of Ada</dialog>')
    const inShadow = document.createElement('section')
    inShadow.attachShadow({ mode: 'open' }).innerHTML = '<p>Salary of Bea</p>'
    main().replaceChildren(page, inShadow)
    const settled = leave(null)
    page.style.display = 'none'
    inShadow.style.display = 'none'
    main().append('Home')
    await settled
    expect([page, inShadow].map(isMarked)).toEqual([true, true])
    expect([main(), root.querySelector('header') as Element].map(isMarked)).toEqual([false, false])
  })

  it('leaves out every title that nobody has changed', async () => {
    document.title = 'Salary of Ada'
    const streamed = document.createElement('title')
    streamed.textContent = 'Salary of Bea'
    root.append(streamed)
    main().replaceChildren(secretPage())
    const settled = leave(null)
    document.title = 'Home'
    main().replaceChildren('Home')
    expect(await settled).toMatchObject({ quarantined: 1, timedOut: false })
    expect(isMarked(streamed)).toBe(true)
    expect(isMarked(document.querySelector('title') as Element)).toBe(false)
    document.title = ''
  })

  it('leaves out a title that is written anew afterwards, until it says something else', async () => {
    document.title = 'Salary of Ada'
    main().replaceChildren(secretPage())
    const settled = leave(null)
    main().replaceChildren('Home')
    document.title = 'Home'
    await settled
    const title = (): Element => document.querySelector('title') as Element
    title().replaceWith(Object.assign(document.createElement('title'), { text: 'Salary of Ada' }))
    await wait(0)
    expect(isMarked(title())).toBe(true)
    document.title = 'Ferns'
    await wait(0)
    expect(isMarked(title())).toBe(false)
    document.title = ''
  })

  it('leaves out a title from before the one that was there at the end', async () => {
    document.title = 'Paying from 1'
    main().replaceChildren(secretPage())
    const stopTexts = settler.watchChanges(null)
    document.title = 'Paying from 2'
    await wait(0)
    document.title = 'Paying from 3'
    const settled = leave(null)
    main().replaceChildren('Home')
    document.title = 'Paying from 1'
    await settled
    stopTexts()
    const title = document.querySelector('title') as Element
    const isLeftOut = async (words: string): Promise<boolean> => {
      document.title = words
      await wait(0)
      return isMarked(title)
    }
    expect(isMarked(title)).toBe(true)
    expect(await isLeftOut('Paying from 2')).toBe(true)
    expect(await isLeftOut('Paying from 3')).toBe(true)
    expect(await isLeftOut('Home')).toBe(false)
    document.title = ''
  })

  it('leaves out what announces a title that nobody has changed, only written anew', async () => {
    document.title = 'Salary of Ada'
    root.insertAdjacentHTML('beforeend', '<p aria-live="polite"></p><p aria-live="polite">Home</p>')
    const [announcer, other] = root.querySelectorAll('[aria-live]')
    main().replaceChildren(secretPage())
    const settled = leave(null)
    main().replaceChildren('Home')
    announcer?.append('Salary of Ada')
    document.title = 'Salary of Ada'
    expect(await settled).toMatchObject({ quarantined: 2, timedOut: false })
    expect([announcer, other].map((region) => isMarked(region as Element))).toEqual([true, false])
    document.title = ''
  })

  it('waits for an animation that will end', async () => {
    const page = secretPage()
    const other = secretPage()
    main().replaceChildren(page, other)
    const settled = leave(null)
    other.animate([{ opacity: 1 }, { opacity: 0 }], { duration: 250 })
    page.replaceWith('Home')
    expect((await settled).afterMs).toBeGreaterThanOrEqual(240)
  })
})

// A guard against work that grows faster than the page; the usual figure is below 10 ms.
it('walks fifteen thousand nodes in one go', () => {
  const rows = Array.from({ length: 2500 }, (_, i) => `<li><a>row ${i}</a><b>x</b></li>`).join('')
  root.insertAdjacentHTML('beforeend', `<ul>${rows}</ul>`)
  const run = () => {
    const begun = performance.now()
    settler.remember(() => true)
    return performance.now() - begun
  }
  run()
  expect(Math.min(run(), run(), run())).toBeLessThan(100)
})
