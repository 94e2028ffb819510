import type { Stop } from '../types.ts'
import type { Clock } from './clock.ts'

const FIRST_GAP_MS = 30_000
const LONGEST_GAP_MS = 600_000

/**
 * After events are lost, a replay is wrong until the next full snapshot. `need` asks for one: at once the first time,
 * then at growing distances, because a snapshot that is itself too large would ask for the next one forever.
 */
export function createHealer(onHeal: () => void, clock: Clock): { need(): void; stop: Stop } {
  let gapMs = FIRST_GAP_MS
  let nextAt = Number.NEGATIVE_INFINITY
  let cancel: Stop | undefined

  function heal(): void {
    cancel = undefined
    nextAt = clock.now() + gapMs
    gapMs = Math.min(LONGEST_GAP_MS, gapMs * 2)
    onHeal()
  }

  return {
    need() {
      if (cancel) return
      const waitMs = nextAt - clock.now()
      if (waitMs > 0) cancel = clock.after(waitMs, heal)
      else heal()
    },
    stop() {
      cancel?.()
      cancel = undefined
    },
  }
}
