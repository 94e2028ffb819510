import { ReplayError } from '../errors.ts'
import type { Stop } from '../types.ts'
import type { Holds } from './holds.ts'
import type { RecorderPort } from './ports.ts'
import type { HoldInfo, HoldKind, ReplayLifecycleEvent } from './types.ts'

/** Whether the recorder may record. Closing has happened when `close` returns. */
export interface Gate {
  isOpen(): boolean
  /** Grows with each closing. */
  epoch(): number
  open(): void
  /** Also tells the recorder when the reasons have changed since. */
  close(): void
  /** Nothing that the recorder does is ours from now on: whoever records after us is not bound by our reasons. */
  release(): void
  /** Closes now and lets recording begin anew in the next task, when what is being changed is in the document. */
  renew(): void
}

/** What came just before a restricted screen may already belong to it, also where recording has paused since. */
const DISCARDS: ReadonlySet<HoldKind> = new Set(['route', 'component'])

export function createGate(deps: {
  recorder(): RecorderPort
  holds: Holds
  discardRecentMs: number
  announce(event: ReplayLifecycleEvent): void
  after(ms: number, run: () => void): Stop
  onFailure(error: ReplayError): void
}): Gate {
  const { holds, announce } = deps
  let open = false
  let epoch = 0
  /** The reasons for which we have closed; null where it was not us. */
  let told: readonly HoldInfo[] | null = null

  const close = (): void => {
    const wasOpen = open
    const reasons = holds.list()
    if (!wasOpen && (told === null || reasons === told || reasons.length === 0)) return
    const recorder = deps.recorder()
    if (wasOpen) {
      open = false
      epoch++
    }
    told = reasons
    recorder.close(reasons)
    // Also where it was paused already: what was captured before may not be packed yet.
    const isRestricted = reasons.some(({ kind }) => DISCARDS.has(kind))
    if (isRestricted && deps.discardRecentMs > 0) recorder.discardRecent(deps.discardRecentMs)
    if (wasOpen) announce({ type: 'gate', open, epoch, reasons })
  }

  return {
    isOpen: () => open,
    epoch: () => epoch,
    close,
    release() {
      told = null
      deps.recorder().close([])
    },
    open() {
      if (open) return
      open = true
      told = null
      announce({ type: 'gate', open, epoch, reasons: holds.list() })
      try {
        deps.recorder().open()
      } catch (cause) {
        close()
        const message = 'Session Replay: recording could not begin; nothing is recorded.'
        deps.onFailure(new ReplayError('CAPTURE_FAILED', message, { cause, fatal: true }))
      }
    },
    renew() {
      if (!open) return
      holds.latch('masking', true)
      deps.after(0, () => holds.latch('masking', false))
    },
  }
}
