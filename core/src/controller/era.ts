import { ReplayError, type Report } from '../errors.ts'
import { stricter, strictness } from '../mask-levels.ts'
import type { MaskLevel, Stop } from '../types.ts'
import type { RecorderPort } from './ports.ts'
import type { Seen, Settler, Settling } from './settle.ts'
import type { SettleOptions } from './types.ts'

// A restricted screen begins with its address and ends when it has left the document, which is later than the next
// address. An era is that time. Tightening takes effect at once; loosening (allowed again, or a laxer mask level)
// waits until the document has settled.

/** What address and components ask for. */
export interface EraWish {
  readonly denied: boolean
  readonly mask: MaskLevel | null
}

/**
 * What made the wish change. `rules`: the rules were replaced, the screen stays the same. `replacement`: the screen of
 * a component or a route was replaced in this turn.
 */
export type EraCause = 'load' | 'url' | 'component' | 'replacement' | 'rules'

export interface Era {
  /** Tells what is wanted from now on. `wasOpen`: the gate was open until this moment. */
  want(wish: EraWish, cause: EraCause, wasOpen: boolean): void
  /** The level asked for by this screen or by one that has not left yet. */
  mask(): MaskLevel | null
  /** A denied screen is still leaving: the gate stays closed. */
  holdsBack(): boolean
  isSettling(): boolean
  committed(): void
  stop(): void
}

const FREE: EraWish = { denied: false, mask: null }

export function createEra(deps: {
  settler(): Settler
  recorder(): RecorderPort
  options: SettleOptions
  report: Report
  /** The old screen has left; the wish is in force now. */
  onSettled(result: { afterMs: number; quarantined: number; timedOut: boolean }): void
}): Era {
  let inForce = FREE
  let wished = FREE
  // Undefined outside of an era, null in one that began before anything was recorded.
  let seen: Seen | null | undefined
  let settling: Settling | null = null
  let stopChanges: Stop = () => {}
  /** Stopped while a restricted screen was on show. */
  let resumeChanges: (() => void) | null = null

  const stopSettling = (): void => {
    settling?.stop()
    settling = null
  }

  /** The nodes that are harmless because they were there before. */
  const knowledge = (cause: EraCause, wasOpen: boolean, lasting: boolean): Seen | null => {
    const { knows, hasRecorded } = deps.recorder()
    if (wasOpen) return lasting ? deps.settler().remember(knows) : knows
    if (cause === 'url') return deps.settler().remember(() => true)
    return cause !== 'load' && hasRecorded() ? knows : null
  }

  const settle = (cause: EraCause): void => {
    if (settling) return
    settling = deps.settler().start({
      // New rules free the screen that is on show; nothing of it is a leftover.
      seen: cause === 'rules' ? () => true : (seen ?? null),
      isBlocked: deps.recorder().isBlocked,
      byUrl: cause === 'url',
      replaced: cause === 'replacement',
      options: deps.options,
      onSettled(result) {
        settling = null
        inForce = wished
        stopChanges()
        // Recording is about to begin anew, and a stricter screen may still be on show: keep what was known before it.
        if (isFree(inForce)) seen = undefined
        else if (seen) seen = deps.settler().remember(seen)
        deps.onSettled(result)
      },
      onStuck: () => deps.report(new ReplayError('UNSETTLED', seen ? STILL_THERE : NOTHING_INSTEAD)),
    })
  }

  return {
    want(wish, cause, wasOpen) {
      wished = wish
      resumeChanges?.()
      resumeChanges = null
      if (wish.denied || strictness(wish.mask) > strictness(inForce.mask)) {
        if (seen === undefined) seen = knowledge(cause, wasOpen, !wish.denied)
        if (wish.denied) {
          stopSettling()
          if (cause !== 'component' && cause !== 'replacement') deps.settler().clearMarks()
          if (!inForce.denied) {
            stopChanges()
            stopChanges = deps.settler().watchChanges(seen ?? null)
          }
        }
        inForce = { denied: wish.denied || inForce.denied, mask: stricter(wish.mask, inForce.mask) }
      }
      const looser = (inForce.denied && !wish.denied) || strictness(wish.mask) < strictness(inForce.mask)
      if (looser && !wish.denied) settle(cause)
    },
    mask: () => inForce.mask,
    holdsBack: () => inForce.denied && !wished.denied,
    isSettling: () => settling !== null,
    committed: () => settling?.committed(),
    stop() {
      stopSettling()
      if (inForce.denied) resumeChanges ??= deps.settler().pauseChanges()
    },
  }
}

const isFree = (wish: EraWish): boolean => !wish.denied && wish.mask === null

const STILL_THERE =
  'Session Replay: a restricted screen is still in the document after `settle.maxWaitMs`; recording stays paused. Put data-amp-block on the root element of restricted pages.'

const NOTHING_INSTEAD =
  'Session Replay: the page was loaded on a restricted screen, and nothing has taken its place after `settle.maxWaitMs`; recording stays paused until something does.'
