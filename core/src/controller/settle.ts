import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'
import { hasWords, parentOf, watchLeaving } from './evidence.ts'
import { createRestrictedChanges, wordsOf } from './restricted-changes.ts'
import { watchTitles } from './restricted-titles.ts'
import { isShown, lookThrough, QUARANTINE } from './suspects.ts'
import type { SettleOptions } from './types.ts'

// When may recording go on after a restricted screen? The address changes long before the screen is gone: lazy
// routes, loaders, exit animations and kept pages leave it in the document for hundreds of ms.
//
// Suspects are the nodes that came while recording was forbidden. Recording waits until each of them is out of the
// document or not displayed, the new page is in place, and nothing moves any more. What survives the longest wait,
// and what is kept hidden, gets `data-amp-quarantine`, which the recorder leaves out like a blocked element.
//
// Without a recording from before (the page was loaded on a restricted address) nothing is known to be harmless.
// Then there must be evidence of leaving: something that was on show has been replaced, or most of it.

export type Seen = (node: Node) => boolean

export interface SettleTask {
  /** Tells which nodes were there before the restriction; null when nothing was recorded before it. */
  readonly seen: Seen | null
  /** The node is left out of the recording with all it holds, so it need not be waited for. */
  isBlocked(element: Element): boolean
  /** An address change ended the restriction, so the document has yet to change. */
  readonly byUrl: boolean
  /** The screen was replaced in this turn: what has come in it is harmless, what has gone was on show. */
  readonly replaced: boolean
  readonly options: SettleOptions
  onSettled(result: { afterMs: number; quarantined: number; timedOut: boolean }): void
  /** The longest wait is over and the restricted screen is still there; we go on waiting. */
  onStuck(): void
}

export interface Settling {
  /** The router says that the new page is in place. */
  committed(): void
  stop(): void
}

export interface Settler {
  start(task: SettleTask): Settling
  /** Tells, later, which of today's nodes were there (and `known`) now. */
  remember(known: Seen): Seen
  /**
   * Notes what changes while a restricted screen is on show: words, so that a reused heading is a suspect too, what
   * titles say, and what was there before the last turn. `seen` as in a task.
   */
  watchChanges(seen: Seen | null): Stop
  /** Leaves no observer while the restricted screen may still be on show; what it returns goes on watching. */
  pauseChanges(): () => void
  /** Takes all quarantine marks away: a restricted screen is on show again and nothing is recorded. */
  clearMarks(): void
  /** Leaves no observer. */
  stop(): void
}

const POLL_MS = 40
const FRAME_MS = 50
/** Words that were changed in place may well stay; they are not worth the whole wait. */
const WORDS_WAIT_MS = 500

export function createSettler(report: Report): Settler {
  const marked = new Set<WeakRef<Element>>()
  const everMarked = new WeakSet<Node>()
  const changes = createRestrictedChanges()
  const titles = watchTitles(report)
  let stopLearning: Stop = () => {}

  const mark = (element: Element): void => {
    if (element.hasAttribute(QUARANTINE)) return
    element.setAttribute(QUARANTINE, '')
    everMarked.add(element)
    marked.add(new WeakRef(element))
  }

  const start = (task: SettleTask): Settling => {
    const { options } = task
    const startedAt = performance.now()
    const last = changes.takeLast(task.replaced)
    const isHarmless: Seen = (node) =>
      !everMarked.has(node) && (task.seen?.(node) === true || last.isNew(node))
    const roots = lookThrough(document, task.seen && isHarmless, task.isBlocked)
    roots.suspects.push(...last.removed.filter((node) => !isHarmless(node)))
    titles.add(roots.titles)
    stopLearning()
    const changed = changes.changed().map((wording) => ({ ...wording, said: wordsOf(wording) }))
    const hasBeenReplaced = watchLeaving(roots.onShow, last.isNew)
    let changedAt = startedAt
    let moved = !task.byUrl
    let hinted = false
    let framesAfterHint = 0
    let stuck = false
    let live = true
    let timer: ReturnType<typeof setTimeout> | undefined

    const observer = new MutationObserver((records) => {
      changedAt = performance.now()
      moved ||= records.some((record) => record.type === 'childList')
    })
    for (const root of roots.observable) {
      observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true })
    }

    const stop = (): void => {
      live = false
      observer.disconnect()
      clearTimeout(timer)
    }

    const staleWords = (): Node[] =>
      changed
        .filter((wording) => wording.node.isConnected && wordsOf(wording) === wording.said)
        .map(({ node }) => node)

    // A new text in an element from before is filled anew rather than replaced, as in a live region that names pages.
    const wording = new Map(roots.suspects.map((node) => [node, node.nodeValue]))
    const suspects = (): Node[] => roots.suspects.filter((node) => node.nodeValue === wording.get(node))

    const survivors = (): Node[] =>
      task.seen === null
        ? []
        : suspects().filter((node) => node.isConnected && isShown(node) && !isAnnouncement(node))

    const hasLeft = (): boolean =>
      task.seen !== null || (task.replaced && last.removed.some(hasWords)) || hasBeenReplaced()

    /**
     * React leaves a title that was streamed late in the body for ever, others write the old one anew where a page has
     * none, and routers announce it to screen readers.
     */
    const oldTitles = (): Element[] =>
      roots.observable
        .flatMap((root) => [...(root as ParentNode).querySelectorAll('title, [aria-live]')])
        .filter((element) => titles.isRestricted(element.textContent.trim()))

    const finish = (timedOut: boolean): void => {
      const now = performance.now()
      stop()
      const hidden =
        task.seen === null
          ? roots.onShow.filter((element) => element.isConnected && !isShown(element)).map(hiddenRoot)
          : suspects()
      const leftovers = new Set(
        [...hidden, ...oldTitles(), ...staleWords()].filter((node) => node.isConnected).map(elementOf),
      )
      for (const element of leftovers) if (element !== null) mark(element)
      titles.leaveOut()
      changes.forgetChanged()
      task.onSettled({ afterMs: Math.round(now - startedAt), quarantined: leftovers.size, timedOut })
    }

    const check = guard('settle', report, () => {
      if (!live) return
      const waited = performance.now() - startedAt
      const calm =
        framesAfterHint >= 2 || ((moved || hinted) && performance.now() - changedAt >= options.quietMs)
      const late = waited >= options.maxWaitMs
      const wordsLeft = waited < WORDS_WAIT_MS && staleWords().length > 0
      if (
        calm &&
        hasLeft() &&
        !wordsLeft &&
        survivors().length === 0 &&
        (late || !(isSwapping() || (task.seen === null && isAnimating())))
      ) {
        finish(false)
        return
      }
      if (late && hasLeft() && options.leftovers === 'block') {
        finish(true)
        return
      }
      if (late && !stuck) {
        stuck = true
        task.onStuck()
      }
      // Fast while it matters, slow once somebody has left us hanging.
      timer = setTimeout(check, late ? POLL_MS * 6 : POLL_MS)
    })

    timer = setTimeout(check, Math.min(POLL_MS, options.quietMs))
    return {
      committed: () => {
        // It may name a page that waits for its data, and nothing would contradict it.
        if (hinted || !live || task.seen === null) return
        hinted = true
        const count = (): void => {
          framesAfterHint++
          if (framesAfterHint < 2) afterFrame(count)
          else check()
        }
        afterFrame(count)
      },
      stop,
    }
  }

  return {
    start,
    remember(known) {
      const seen = new WeakSet<Node>()
      lookThrough(document, (node) => {
        if (known(node) && !everMarked.has(node)) seen.add(node)
        return true
      })
      return (node) => seen.has(node)
    },
    watchChanges(seen) {
      const stopChanges = changes.watch()
      stopLearning()
      stopLearning = titles.learn(seen === null)
      return () => {
        stopChanges()
        stopLearning()
      }
    },
    pauseChanges() {
      const resume = changes.pause()
      stopLearning()
      return () => {
        resume()
        // What titles have said meanwhile is not known.
        stopLearning = titles.learn(true)
      }
    },
    clearMarks() {
      for (const reference of marked) reference.deref()?.removeAttribute(QUARANTINE)
      marked.clear()
    },
    stop: titles.stop,
  }
}

/** A page is kept hidden as a whole: what was never on show in it, like a closed dialog, is left out with the rest. */
function hiddenRoot(element: Element): Element {
  const parent = parentOf(element)
  return parent === null || parent === document.body || isShown(parent) ? element : hiddenRoot(parent)
}

const elementOf = (node: Node): Element | null => (node instanceof Element ? node : parentOf(node))

/**
 * What a router tells screen readers, in a live region of one pixel. It may say the same of every page (SvelteKit's
 * says "untitled page" where pages have no title), so it is left out rather than waited for.
 */
function isAnnouncement(node: Node): boolean {
  const region = elementOf(node)
  if (!region?.hasAttribute('aria-live')) return false
  const { width, height } = region.getBoundingClientRect()
  return width <= 1 && height <= 1
}

/** One frame, or a moment where no frames are drawn (hidden tabs). */
function afterFrame(run: () => void): void {
  let done = false
  const once = (): void => {
    if (done) return
    done = true
    clearTimeout(timer)
    run()
  }
  const timer = setTimeout(once, FRAME_MS)
  requestAnimationFrame(once)
}

interface ViewTransition {
  readonly updateCallbackDone: Promise<void>
}

const watched = new WeakSet<ViewTransition>()
const swapped = new WeakSet<ViewTransition>()

/** A view transition has yet to change the document. What it shows after that is a picture of the old page. */
function isSwapping(): boolean {
  if (!('activeViewTransition' in document)) return hasViewTransition() && !animations().some(isOfTransition)
  const transition = document.activeViewTransition as ViewTransition | null
  if (!transition) return false
  if (!watched.has(transition)) {
    watched.add(transition)
    const done = (): void => void swapped.add(transition)
    transition.updateCallbackDone.then(done, done)
  }
  return !swapped.has(transition)
}

/** Where nothing else can be told: a view transition is on show, or any animation that will end. */
function isAnimating(): boolean {
  return (
    hasViewTransition() ||
    animations().some(
      ({ effect, playState }) =>
        playState === 'running' && effect && Number(effect.getComputedTiming().endTime) < 60_000,
    )
  )
}

/** The pseudo-class is older than `document.activeViewTransition` (WebKitGTK 2.50, Chromium before 142 have no other). */
function hasViewTransition(): boolean {
  try {
    return document.documentElement.matches(':active-view-transition')
  } catch {
    return false
  }
}

const animations = (): Animation[] => document.getAnimations?.() ?? []

/** Pictures move only when the document has been changed. */
const isOfTransition = ({ effect }: Animation): boolean =>
  (effect as KeyframeEffect | null)?.pseudoElement?.startsWith('::view-transition') ?? false
