import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'
import { keepListening } from './document-swap.ts'
import { findSelector, type SelectorLimits } from './selector.ts'

interface Viewport {
  viewportHeight: number
  viewportWidth: number
  pageUrl: string
  /** Epoch ms. */
  timestamp: number
}

/** One click, or several on the same place within an hour. Coordinates are those of the page, in whole CSS px. */
export interface ClickInteraction extends Viewport {
  type: 'click'
  x: number
  y: number
  /** Absent if none was found within the limits. */
  selector?: string
  count: number
}

/** How far the page was scrolled at most, in whole CSS px; `…Width` and `…Height` add the viewport. */
export interface ScrollInteraction extends Viewport {
  type: 'scroll'
  maxScrollX: number
  maxScrollY: number
  maxScrollWidth: number
  maxScrollHeight: number
}

export type Interaction = ClickInteraction | ScrollInteraction

export interface InteractionDeps {
  emit(interaction: Interaction): void
  /**
   * What may be told of a click; `null`: nothing. Unless `named` the selector shows tags and positions only; an `area`
   * stands for every place in it, so that the keys of a masked keypad cannot be read off.
   */
  placeOf(element: Element): { named: boolean; area: Element | null } | null
  sanitizeUrl(url: string): string
  /** Sum up clicks of the same place and hour, told every `batchEveryMs`. */
  batch: boolean
  batchEveryMs: number
  selectorLimits?: SelectorLimits | undefined
  /** @default Date.now */
  now?: () => number
  report: Report
}

export interface Interactions {
  /** Tells what is summed up: clicks, and how far the page was scrolled if that is new. Call when the page is left, and before stop. */
  flush(): void
  /** Ends without telling anything more. */
  stop: Stop
}

const HOUR_MS = 3_600_000

/** Watches clicks and scrolling of the page for heat maps. */
export function startInteractions(deps: InteractionDeps): Interactions {
  const now = deps.now ?? Date.now
  const clicks = startClicks(deps, now)
  const scrolls = startScrolls(deps, now)
  return {
    flush: guard('telling interactions', deps.report, () => {
      clicks.flush()
      scrolls.flush()
    }),
    stop: () => {
      clicks.stop()
      scrolls.stop()
    },
  }
}

const viewport = (pageUrl: string, timestamp: number): Viewport => ({
  viewportHeight: window.innerHeight,
  viewportWidth: window.innerWidth,
  pageUrl,
  timestamp,
})

function startClicks(deps: InteractionDeps, now: () => number): Interactions {
  const sums = new Map<string, ClickInteraction>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const told = [...sums.values()]
    sums.clear()
    for (const click of told) deps.emit(click)
  }

  const onClick = guard('recording a click', deps.report, (event: MouseEvent) => {
    const target = event.composedPath()[0]
    if (!(target instanceof Element)) return
    const place = deps.placeOf(target)
    if (!place) return
    const { x, y } = place.area ? centreOf(place.area) : { x: event.clientX, y: event.clientY }
    const selector = findSelector(place.area ?? target, deps.selectorLimits, !place.named)
    const at = now()
    const { viewportHeight, viewportWidth, pageUrl, timestamp } = viewport(
      deps.sanitizeUrl(location.href),
      deps.batch ? Math.floor(at / HOUR_MS) * HOUR_MS : at,
    )
    const click: ClickInteraction = {
      // Fractions, which some browsers tell, would keep clicks on one place apart.
      x: Math.round(x + window.scrollX),
      y: Math.round(y + window.scrollY),
      ...(selector === undefined ? {} : { selector }),
      viewportHeight,
      viewportWidth,
      pageUrl,
      timestamp,
      type: 'click',
      count: 1,
    }
    if (!deps.batch) {
      deps.emit(click)
      return
    }
    const key = JSON.stringify([click.x, click.y, selector, pageUrl, timestamp])
    const sum = sums.get(key)
    if (sum) sum.count++
    else sums.set(key, click)
    timer ??= setTimeout(guard('telling clicks', deps.report, flush), deps.batchEveryMs)
  })

  const stop = keepListening(() => listen('click', onClick), deps.report)
  return {
    flush,
    stop: () => {
      clearTimeout(timer)
      sums.clear()
      stop()
    },
  }
}

function centreOf(element: Element): { x: number; y: number } {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { x: left + width / 2, y: top + height / 2 }
}

function startScrolls(deps: InteractionDeps, now: () => number): Interactions {
  // With the address at which it was reached: the next one may be of a page that is not recorded.
  let max = { ...pagePosition(), href: location.href, at: now(), told: false }

  const flush = (): void => {
    if (max.told) return
    max.told = true
    const { viewportHeight, viewportWidth, pageUrl, timestamp } = viewport(deps.sanitizeUrl(max.href), max.at)
    const scroll: ScrollInteraction = {
      maxScrollX: max.x,
      maxScrollY: max.y,
      maxScrollWidth: max.x + viewportWidth,
      maxScrollHeight: max.y + viewportHeight,
      viewportHeight,
      viewportWidth,
      pageUrl,
      timestamp,
      type: 'scroll',
    }
    deps.emit(scroll)
  }

  const onScroll = guard('recording scrolling', deps.report, (event: Event) => {
    const reached = scrollPosition(event.target)
    if (!reached || (reached.x <= max.x && reached.y <= max.y)) return
    const [x, y] = [Math.max(max.x, reached.x), Math.max(max.y, reached.y)]
    max = { x, y, href: location.href, at: now(), told: false }
  })

  const stop = keepListening(() => listen('scroll', onScroll), deps.report)
  return {
    flush,
    stop,
  }
}

function listen<Type extends 'click' | 'scroll'>(
  type: Type,
  run: (event: DocumentEventMap[Type]) => void,
): Stop {
  document.addEventListener(type, run, { capture: true, passive: true })
  return () => document.removeEventListener(type, run, { capture: true })
}

/** Whole px: some browsers scroll to the device's, which may be fractions. */
const position = (x: number, y: number) => ({ x: Math.round(x), y: Math.round(y) })

const pagePosition = () => position(window.scrollX, window.scrollY)

/** Of the page, or of an element that takes its place: many apps scroll one that fills half of the window or more. */
function scrollPosition(target: EventTarget | null): { x: number; y: number } | null {
  if (target === document) return pagePosition()
  if (!(target instanceof Element)) return null
  const share = (target.clientWidth * target.clientHeight) / (window.innerWidth * window.innerHeight)
  return share >= 0.5 ? position(target.scrollLeft, target.scrollTop) : null
}
