import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  type Interaction,
  type InteractionDeps,
  type Interactions,
  startInteractions,
} from './interactions.ts'

const HOUR_MS = 3_600_000

let told: Interaction[] = []
let at = 0
let running: Interactions | undefined

function start(overrides: Partial<InteractionDeps> = {}): Interactions {
  running = startInteractions({
    emit: (interaction) => told.push(interaction),
    placeOf: (element) => {
      if (element.closest('.amp-block')) return null
      const area = element.closest('.amp-mask')
      return { named: !area, area }
    },
    sanitizeUrl: (url) => `clean:${new URL(url).pathname}`,
    batch: false,
    batchEveryMs: 30_000,
    now: () => at,
    report: (error) => {
      throw error
    },
    ...overrides,
  })
  return running
}

const click = (selector: string, x = 10, y = 20): void => {
  const target = document.querySelector(selector) as Element
  target.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, clientX: x, clientY: y }))
}

/** Scrolls the page and waits for the event, which comes with the next frame. */
async function scrollTo(y: number): Promise<void> {
  const scrolled = new Promise((resolve) => document.addEventListener('scroll', resolve, { once: true }))
  window.scrollTo(0, y)
  await scrolled
}

beforeEach(() => {
  told = []
  at = 5 * HOUR_MS + 1234
  document.body.innerHTML =
    '<div style="height: 5000px"><button id="buy"></button><p class="amp-block"><a id="hidden"></a></p><p class="amp-mask"><a id="jane"></a></p></div>'
})

afterEach(async () => {
  running?.stop()
  vi.restoreAllMocks()
  if (window.scrollY > 0) await scrollTo(0)
})

it('tells a click in page coordinates, field by field', async () => {
  await scrollTo(100)
  start()
  click('#buy')
  expect(told).toEqual([
    {
      x: 10,
      y: 120,
      selector: '#buy',
      viewportHeight: window.innerHeight,
      viewportWidth: window.innerWidth,
      pageUrl: `clean:${location.pathname}`,
      timestamp: at,
      type: 'click',
      count: 1,
    },
  ])
  expect(Object.keys(told[0] ?? {})).toEqual([
    'x',
    'y',
    'selector',
    'viewportHeight',
    'viewportWidth',
    'pageUrl',
    'timestamp',
    'type',
    'count',
  ])
})

it('tells no click in a blocked place, and no names in a masked one', () => {
  start()
  click('#hidden')
  click('#jane')
  expect(told).toHaveLength(1)
  expect(JSON.stringify(told)).not.toMatch(/jane|hidden|amp-mask/)
})

it('leaves the selector out when none is found in time', () => {
  start({ selectorLimits: { maxNumberOfTries: 0 } })
  click('#buy')
  expect(told[0]).not.toHaveProperty('selector')
})

it('sums up clicks of one place and hour', () => {
  const interactions = start({ batch: true })
  click('#buy')
  click('#buy')
  click('#buy', 11)
  at += HOUR_MS
  click('#buy')
  expect(told).toEqual([])
  interactions.flush()
  const sums = told.filter((one) => one.type === 'click')
  expect(sums.map(({ x, count, timestamp }) => [x, count, timestamp])).toEqual([
    [10, 2, 5 * HOUR_MS],
    [11, 1, 5 * HOUR_MS],
    [10, 1, 6 * HOUR_MS],
  ])
})

it('tells summed clicks by a timer', async () => {
  const waiting = new Promise<Interaction>((resolve) => {
    start({ batch: true, batchEveryMs: 20, emit: resolve })
  })
  click('#buy')
  expect((await waiting).type).toBe('click')
})

it('tells once how far the page was scrolled', async () => {
  const interactions = start()
  await scrollTo(300)
  at += 10
  await scrollTo(800)
  const reachedAt = at
  at += 10
  await scrollTo(50)
  interactions.flush()
  interactions.flush()
  expect(told).toEqual([
    {
      maxScrollX: 0,
      maxScrollY: 800,
      maxScrollWidth: window.innerWidth,
      maxScrollHeight: 800 + window.innerHeight,
      viewportHeight: window.innerHeight,
      viewportWidth: window.innerWidth,
      pageUrl: `clean:${location.pathname}`,
      timestamp: reachedAt,
      type: 'scroll',
    },
  ])
})

it('tells whole px where the browser scrolls by fractions', () => {
  const scrollY = vi.spyOn(window, 'scrollY', 'get').mockReturnValue(100.4)
  const interactions = start({ batch: true })
  click('#buy', 10, 20)
  scrollY.mockReturnValue(99.6)
  click('#buy', 10, 20)
  scrollY.mockReturnValue(730.667)
  document.dispatchEvent(new Event('scroll'))
  interactions.flush()
  expect(told).toMatchObject([
    { type: 'click', x: 10, y: 120, count: 2 },
    { type: 'scroll', maxScrollY: 731, maxScrollHeight: 731 + window.innerHeight },
  ])
})

it('tells the address at which the page was scrolled, not that of the page that follows', async () => {
  const before = location.href
  const { pathname } = location
  const interactions = start()
  await scrollTo(300)
  history.pushState({}, '', '/patients/jane')
  interactions.flush()
  history.replaceState({}, '', before)
  expect(told).toMatchObject([{ type: 'scroll', pageUrl: `clean:${pathname}` }])
})

it('tells nothing after stop', async () => {
  const interactions = start({ batch: true, batchEveryMs: 5 })
  click('#buy')
  interactions.stop()
  click('#buy')
  await scrollTo(200)
  // A timer of the same length that began later: what was summed up would have been told by now.
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(told).toEqual([])
})

it('tells the middle of a masked area in place of where it was pressed', () => {
  document.body.innerHTML =
    '<div class="amp-mask" style="position: fixed; left: 100px; top: 100px; width: 80px; height: 60px"><b id="one">1</b><b id="two">2</b></div>'
  start()
  click('#one', 111, 113)
  click('#two', 170, 150)
  const [first, second] = told
  expect(first).toMatchObject({ x: 140, y: 130, selector: 'div' })
  expect(second).toEqual(first)
})
