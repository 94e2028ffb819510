import { expect } from 'vitest'
import type { Resume } from './watch-page.ts'

/** The first after a load takes longest: the recorder itself is loaded meanwhile. */
const LIMIT_MS = 700
/** Half of them: `settle.quietMs`, a turn of looking, and a frame. 120 ms were measured. */
const USUAL_LIMIT_MS = 200
/** Whatever the machine is busy with: nobody waits longer than this for a recorder. */
const WALL_LIMIT_MS = 5000

/** Recording goes on soon after each restricted screen. */
export function expectSoon(resumes: readonly Resume[]): void {
  const inOrder = resumes.map(({ pageMs }) => Math.round(pageMs)).sort((a, b) => a - b)
  const wall = Math.round(Math.max(...resumes.map(({ wallMs }) => wallMs)))
  console.log(`resumed after ${inOrder.join(' ')} ms, at most ${wall} ms on the wall`)
  expect(inOrder.at(-1)).toBeLessThanOrEqual(LIMIT_MS)
  expect(inOrder[Math.floor((inOrder.length - 1) / 2)]).toBeLessThanOrEqual(USUAL_LIMIT_MS)
  expect(wall).toBeLessThanOrEqual(WALL_LIMIT_MS)
}
