import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'

/** The longest delay that timers understand; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1

/** Runs once after `delayMs`, unless stopped before. */
export function startTimer(delayMs: number, report: Report, run: () => void): Stop {
  const id = setTimeout(guard('pack.timer', report, run), Math.min(Math.max(0, delayMs), LONGEST_DELAY_MS))
  return () => clearTimeout(id)
}
