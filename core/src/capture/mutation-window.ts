import type { Stop } from '../types.ts'
import type { MutationBudget } from './mutation-budget.ts'

/*
 * Stands between the browser's mutation records and rrweb. rrweb reads the value that a node has when it is told of a
 * change, so of a text or attribute that changes again and again only the first record says something: whether the
 * value differs from the one that the replay has. The others are dropped, and changes of values alone are handed on
 * once per window, which is wider where many values change at once. What adds or removes nodes is never put off: ids
 * and their order are those of the page.
 *
 * Privacy does not depend on it. What an event may hold is decided from the tree as it is when the event is made, so
 * a marker that appears meanwhile counts for all that was waiting.
 *
 * A node that uses up its budget is told of less often, and then not until it calms down. Its values wait all that
 * time, so the last one is always told; nodes that were added and removed under it meanwhile need a full snapshot.
 */

/** Values are told at most this often, in ms: twenty pictures a second are as smooth as a replay needs. */
export const WINDOW_MS = 50
/** What each value that was told adds to the next window, in ms: more than a thousand a second cost too much. */
const MS_PER_VALUE = 1
/** However many they are, values are told this often, in ms: four pictures a second. */
export const WIDEST_WINDOW_MS = 250
/** Values of a node that is over its budget are told at most this often, in ms. */
export const HOT_WINDOW_MS = 500

export interface MutationWindow {
  /** In place of `new MutationObserver(deliver)`. */
  observe(Observer: typeof MutationObserver, deliver: MutationCallback): MutationObserver
  /** Hands on what waits for its window. */
  flush(): void
  /** The visitor scrolls: where to depends on what waits, so the window is as short as it gets. */
  narrow(): void
  /** Hands on everything, hot or not. */
  flushAll(): void
  /**
   * The last call: hands on everything, unless the page has changed in this very task. The values would then be newer
   * than what was there to be recorded: a page pauses right when it shows what must not be.
   */
  finish(): void
  /** Forgets what waits: a full snapshot will tell it. */
  clear(): void
}

export interface MutationWindowDeps {
  /** Calls once after `delayMs`, unless stopped. */
  startTimer(run: () => void, delayMs: number): Stop
  /** Undefined: nodes may change as often, and as many of them at once, as they like. */
  readonly budget: MutationBudget | undefined
  /** Nodes have come and gone without being told, and have calmed down now: a full snapshot is needed. */
  onGap(): void
  /** Nobody looks at the page, and its timers come late. */
  isHidden(): boolean
  /** Monotonic, ms. */
  now(): number
}

/** Of several records of the same text or attribute the first one. */
interface Records {
  add(record: MutationRecord): void
  /** The record of the same text or attribute, if there is one; it does not wait here any more. */
  withdraw(record: MutationRecord): MutationRecord | undefined
  take(): MutationRecord[]
  isEmpty(): boolean
}

interface Observed {
  readonly observer: MutationObserver
  readonly waiting: Records
  readonly hot: Records
  deliver(records: MutationRecord[]): void
}

export function createMutationWindow(deps: MutationWindowDeps): MutationWindow {
  const { now, budget, startTimer } = deps
  const all: Observed[] = []
  let deliveredAt = Number.NEGATIVE_INFINITY
  let windowMs = WINDOW_MS
  let stopTimer: Stop | undefined
  let stopHotTimer: Stop | undefined
  /** Below these, nodes come and go untold. */
  const untold = new Set<Node>()

  function handOn(observed: Observed, records: MutationRecord[]): void {
    if (records.length > 0) observed.deliver(records)
  }

  function flush(): void {
    stopTimer?.()
    stopTimer = undefined
    let count = 0
    for (const observed of all) {
      const records = observed.waiting.take()
      if (records.length === 0) continue
      count += records.length
      deliveredAt = now()
      observed.deliver(records)
    }
    if (count > 0 && budget) windowMs = Math.min(Math.max(WINDOW_MS, count * MS_PER_VALUE), WIDEST_WINDOW_MS)
  }

  function flushAll(): void {
    flush()
    for (const observed of all) handOn(observed, observed.hot.take())
  }

  function flushHot(): void {
    stopHotTimer = undefined
    for (const observed of all) {
      const due: MutationRecord[] = []
      for (const record of observed.hot.take()) {
        if (budget?.stageOf(record.target) === 'blocked') keepHot(observed, record)
        else due.push(record)
      }
      handOn(observed, due)
    }
    const calm = [...untold].filter((node) => budget?.stageOf(node) !== 'blocked')
    for (const node of calm) untold.delete(node)
    if (untold.size > 0) watchHot()
    else if (calm.length > 0) deps.onGap()
  }

  function watchHot(): void {
    stopHotTimer ??= startTimer(flushHot, HOT_WINDOW_MS)
  }

  function keepHot(observed: Observed, record: MutationRecord): void {
    // The first one counts: it holds the value that the replay has.
    observed.hot.add(observed.waiting.withdraw(record) ?? record)
    watchHot()
  }

  function clear(): void {
    stopTimer?.()
    stopHotTimer?.()
    stopTimer = undefined
    stopHotTimer = undefined
    untold.clear()
    for (const { waiting, hot } of all) {
      waiting.take()
      hot.take()
    }
  }

  /** Counts the records; puts aside or drops those of nodes that are over their budget. */
  function withinBudget(
    observed: Observed,
    records: MutationRecord[],
    limits: MutationBudget,
  ): MutationRecord[] {
    limits.turnPage()
    const within = records.filter((record) => {
      const stage = limits.spend(record.target)
      if (!stage) return true
      if (isValueChange(record)) keepHot(observed, record)
      else if (stage === 'blocked') {
        untold.add(record.target)
        watchHot()
      } else return true
      return false
    })
    return untold.size > 0 ? within.filter(({ target }) => !isUntold(target)) : within
  }

  function isUntold(target: Node): boolean {
    for (const node of untold) if (node.contains(target)) return true
    return false
  }

  function receive(observed: Observed, all: MutationRecord[]): void {
    const { waiting, hot } = observed
    // A node that has calmed down may still have a record among the hot ones, and the first one counts.
    const firsts = hot.isEmpty() ? all : all.map((record) => hot.withdraw(record) ?? record)
    const records = budget ? withinBudget(observed, firsts, budget) : firsts
    if (records.length === 0) return
    if (deps.isHidden() || records.some(isOfTree)) {
      handOn(observed, waiting.take().concat(records))
      return
    }
    const urgent: MutationRecord[] = []
    for (const record of records) {
      if (isValueChange(record)) waiting.add(record)
      else urgent.push(record)
    }
    handOn(observed, urgent)
    if (urgent.length < records.length) flushWhenDue()
  }

  /** The first change after a quiet moment is told at once, and needs no timer. */
  function flushWhenDue(): void {
    const dueInMs = deliveredAt + windowMs - now()
    if (dueInMs <= 0) flush()
    else stopTimer ??= startTimer(flush, dueInMs)
  }

  function narrow(): void {
    if (windowMs === WINDOW_MS) return
    windowMs = WINDOW_MS
    if (!stopTimer) return
    stopTimer()
    stopTimer = undefined
    flushWhenDue()
  }

  return {
    observe(Observer, deliver) {
      const observer = new Observer((records) => receive(observed, records))
      const observed: Observed = {
        observer,
        waiting: createRecords(),
        hot: createRecords(),
        deliver: (records) => deliver(records, observer),
      }
      all.push(observed)
      return observer
    },
    flush,
    narrow,
    flushAll,
    finish() {
      const isUnchanged = all.every(({ observer }) => observer.takeRecords().length === 0)
      if (isUnchanged) flushAll()
      else clear()
    },
    clear,
  }
}

function createRecords(): Records {
  let known = new Map<Node, Map<string, MutationRecord>>()
  return {
    add(record) {
      const name = record.attributeName ?? ''
      const ofNode = known.get(record.target)
      if (!ofNode) known.set(record.target, new Map([[name, record]]))
      else if (!ofNode.has(name)) ofNode.set(name, record)
    },
    withdraw({ target, attributeName }) {
      const ofNode = known.get(target)
      const record = ofNode?.get(attributeName ?? '')
      ofNode?.delete(attributeName ?? '')
      if (ofNode?.size === 0) known.delete(target)
      return record
    },
    take() {
      if (known.size === 0) return []
      const taken = [...known.values()].flatMap((ofNode) => [...ofNode.values()])
      known = new Map()
      return taken
    },
    isEmpty: () => known.size === 0,
  }
}

/**
 * Attributes that only say how an element looks. Others act when they are set, so their order counts, or repeat what is
 * typed (`data-value`): privacy compares those with the field, which may have moved on when they are put off.
 */
const LOOKS = /^(?:style|class)$/
const SVG = 'http://www.w3.org/2000/svg'

/** Nodes were added or removed, or the text of a style or textarea changed. */
function isOfTree({ type, target }: MutationRecord): boolean {
  if (type !== 'characterData') return type === 'childList'
  return /^(?:style|textarea)$/i.test(target.parentNode?.nodeName ?? '')
}

/** A text or the look of an element changed: what it does to the page does not depend on what happened before. */
function isValueChange(record: MutationRecord): boolean {
  const { type, target, attributeName } = record
  if (type !== 'attributes') return !isOfTree(record)
  if (LOOKS.test(attributeName ?? '')) return true
  return (target as Element).namespaceURI === SVG && !/href|^(?:on|data-|aria-)/.test(attributeName ?? '')
}
