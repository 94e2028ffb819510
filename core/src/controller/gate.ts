import { ReplayError } from '../errors.ts'
import type { Stop } from '../types.ts'
import type { Holds } from './holds.ts'
import type { RecorderPort } from './ports.ts'
import type { HoldKind, ReplayLifecycleEvent } from './types.ts'

/** Whether the recorder may record. Closing has happened when `close` returns. */
export interface Gate {
  isOpen(): boolean
  /** Grows with each closing. */
  epoch(): number
  open(): void
  close(): void
  /** Closes now and lets recording begin anew in the next task, when what is being changed is in the document. */
  renew(): void
}

/** What came just before a restricted screen may already belong to it, also where recording has paused since. */
const DISCARDS: ReadonlySet<HoldKind> = new Set(['route', 'component'])

export function createGate(deps: {
  recorder(): RecorderPort
  holds: Holds
  discardRecentMs: number | undefined
  announce(event: ReplayLifecycleEvent): void
  after(ms: number, run: () => void): Stop
  onFailure(error: ReplayError): void
}): Gate {
  const { holds, announce } = deps
  let open = false
  let epoch = 0

  const close = (): void => {
    const wasOpen = open
    // Before the first opening there is nothing to take back, and perhaps no recorder.
    if (!wasOpen && (epoch === 0 || !deps.discardRecentMs)) return
    const recorder = deps.recorder()
    const reasons = holds.list()
    if (wasOpen) {
      open = false
      epoch++
      recorder.close(reasons)
    }
    const isRestricted = reasons.some(({ kind }) => DISCARDS.has(kind))
    if (isRestricted && deps.discardRecentMs) recorder.discardRecent(deps.discardRecentMs)
    if (wasOpen) announce({ type: 'gate', open, epoch, reasons })
  }

  return {
    isOpen: () => open,
    epoch: () => epoch,
    close,
    open() {
      if (open) return
      open = true
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
