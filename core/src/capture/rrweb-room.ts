import { guard, ReplayError, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'
import type { MutationBudget } from './mutation-budget.ts'
import { createMutationWindow, type MutationWindow } from './mutation-window.ts'

/*
 * The surroundings in which rrweb runs. rrweb's own stop leaves timers, load listeners, wrapped natives and
 * console noise behind. `rrweb-patches.ts` makes the recorder import the functions below instead of the page's
 * globals, so everything it begins belongs to the open room, and closing the room ends all of it at once.
 * One room is open at a time, because rrweb keeps its state in module variables.
 */

interface Room {
  readonly report: Report
  readonly endings: Set<Stop>
  readonly mutations: MutationWindow
}

let room: Room | undefined

export interface RoomDeps {
  readonly report: Report
  readonly budget: MutationBudget | undefined
  /** What was recorded has a hole: a full snapshot is needed. */
  onGap(): void
}

/** Opens a room for one life of rrweb and closes the one before. */
export function openRoom({ report, budget, onGap }: RoomDeps): Stop {
  closeRoom(room)
  const mutations = createMutationWindow({
    budget,
    onGap,
    startTimer: setTimeout,
    isHidden: () => document.visibilityState === 'hidden',
    now: () => performance.now(),
  })
  const mine: Room = { report, endings: new Set([mutations.clear]), mutations }
  room = mine
  return () => closeRoom(mine)
}

function closeRoom(closing: Room | undefined): void {
  if (!closing) return
  if (room === closing) room = undefined
  const endings = [...closing.endings].reverse()
  closing.endings.clear()
  for (const end of endings) guard('ending the recorder', closing.report, end)()
}

/** Tells rrweb of the changes that wait for their window. */
export function tellChanges(): void {
  if (room) guard('recording changes', room.report, room.mutations.flushAll)()
}

/** The same before the recorder stops; see `MutationWindow.finish`. */
export function tellLastChanges(): void {
  if (room) guard('recording changes', room.report, room.mutations.finish)()
}

/** Replaces rrweb's `new MutationObserver(…)`. */
export function observeMutations(
  Observer: typeof MutationObserver,
  deliver: MutationCallback,
): MutationObserver {
  return room ? room.mutations.observe(Observer, deliver) : new Observer(deliver)
}

/** Replaces rrweb's `setTimeout`: nothing that was put off runs after the room is closed. */
export function setTimeout(run: () => void, ms?: number): Stop {
  const mine = room
  if (!mine) return () => {}
  const checked = guard('a delayed recording step', mine.report, run)
  const id = globalThis.setTimeout(() => {
    mine.endings.delete(cancel)
    checked()
  }, ms)
  const cancel = (): void => {
    mine.endings.delete(cancel)
    globalThis.clearTimeout(id)
  }
  mine.endings.add(cancel)
  return cancel
}

/** Replaces rrweb's `clearTimeout`; our timer ids are their own ends. */
export function clearTimeout(cancel: Stop | null | undefined): void {
  cancel?.()
}

/** Replaces rrweb's `requestAnimationFrame`. */
export function requestAnimationFrame(run: FrameRequestCallback): Stop {
  const mine = room
  if (!mine) return () => {}
  const checked = guard('a recording step before paint', mine.report, run)
  const id = globalThis.requestAnimationFrame((time) => {
    mine.endings.delete(cancel)
    checked(time)
  })
  const cancel = (): void => {
    mine.endings.delete(cancel)
    globalThis.cancelAnimationFrame(id)
  }
  mine.endings.add(cancel)
  return cancel
}

/** Come in streams. What else a visitor does, but for scrolling, is told after the changes that were there before. */
const CONTINUOUS = new Set(['mousemove', 'touchmove', 'drag'])

/** Replaces rrweb's `on`: guarded, and removed when the room closes even if rrweb forgets. */
export function on(type: string, run: (event: Event) => void, target: EventTarget = document): Stop {
  const mine = room
  if (CONTINUOUS.has(type) || !mine) return listen(target, type, run, { capture: true, passive: true })
  const runAfterChanges = (event: Event): void => {
    if (type === 'scroll') mine.mutations.narrow()
    else mine.mutations.flush()
    run(event)
  }
  return listen(target, type, runAfterChanges, { capture: true, passive: true })
}

/** Replaces `element.addEventListener('load', …)`, which rrweb never takes back. */
export function listen(
  target: EventTarget,
  type: string,
  run: (event: Event) => void,
  options: AddEventListenerOptions = {},
): Stop {
  const mine = room
  if (!mine) return () => {}
  const checked = guard(`recording a ${type} event`, mine.report, run)
  target.addEventListener(type, checked, options)
  const remove = (): void => {
    mine.endings.delete(remove)
    try {
      target.removeEventListener(type, checked, options)
    } catch {
      // The window of a frame that went to another origin: what listened went with the document before.
    }
  }
  mine.endings.add(remove)
  return remove
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown

const nothing: AnyFunction = () => undefined

/**
 * Replaces rrweb's `new Proxy(native, { apply })`. The page's call is made first and by us: its result and
 * its error reach the page unchanged, a failed call is not recorded, and an error of the recorder can
 * neither prevent the call nor reach the page. rrweb's handler only observes. Once the room is closed the
 * proxy passes through: another library may still hold it under a wrapper of its own.
 */
export function observeCalls(
  native: AnyFunction,
  handler: { apply(target: AnyFunction, thisArg: unknown, args: unknown[]): unknown },
): AnyFunction {
  const mine = room
  if (!mine) return native
  const observe = guard('recording a style change', mine.report, (thisArg: unknown, args: unknown[]) => {
    handler.apply(nothing, thisArg, args)
  })
  return new Proxy(native, {
    apply(target, thisArg, args) {
      const result = Reflect.apply(target, thisArg, args)
      if (room === mine) observe(thisArg, args)
      return result
    },
  })
}

/**
 * Replaces rrweb's `patch`: the same bargain as `observeCalls`, and the native comes back only if the
 * wrapper is still the newest one, so that a wrapper the page added later is not undone.
 */
export function patch(
  source: Record<string, AnyFunction>,
  name: string,
  replacement: (original: AnyFunction) => AnyFunction,
): Stop {
  const mine = room
  const original = source?.[name]
  if (!mine || !original) return () => {}
  const wasOwn = Object.hasOwn(source, name)
  const observer = replacement(nothing)
  let ended = false
  const observe = guard(`recording ${name}`, mine.report, (thisArg: unknown, args: unknown[]) => {
    observer.apply(thisArg, args)
  })
  const wrapper: AnyFunction = function (...args) {
    const result = original.apply(this, args)
    if (!ended) observe(this, args)
    return result
  }
  Object.defineProperty(wrapper, '__rrweb_original__', { value: original })
  source[name] = wrapper
  const restore = (): void => {
    mine.endings.delete(restore)
    ended = true
    if (source[name] !== wrapper) return
    if (wasOwn) source[name] = original
    else delete source[name]
  }
  mine.endings.add(restore)
  return restore
}

/** What rrweb changes of styles, taken while it is at hand: a window of a frame is that of the next page later. */
export function styleInterfaces(win: Window & typeof globalThis) {
  const { CSSStyleSheet, CSSStyleDeclaration } = win
  const { CSSGroupingRule, CSSMediaRule, CSSConditionRule, CSSSupportsRule } = win
  return {
    CSSStyleSheet,
    CSSStyleDeclaration,
    CSSGroupingRule,
    CSSMediaRule,
    CSSConditionRule,
    CSSSupportsRule,
  }
}

const tell = (message: unknown, ...details: unknown[]): void => {
  room?.report(
    new ReplayError('CAPTURE_FAILED', `Session Replay: the recorder says: ${String(message)}`, {
      cause: details[0],
    }),
  )
}

/** Replaces rrweb's `console`: its messages go where ours go, once each, instead of flooding the page's console. */
export const console = { warn: tell, error: tell, log: nothing, debug: nothing }
