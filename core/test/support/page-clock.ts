/** Tells how much time a page had, and not how much went by. */
export interface PageClock {
  /** ms since it was started, without those in which the machine was busy with something else. */
  now(): number
  stop(): void
}

/**
 * Counts laps of one timer and one frame, like those in which the recorder waits for a page to settle, and none for longer
 * than it takes on a machine with nothing else to do: there it goes as the wall clock does, and on a busy one it is late
 * when the page is. Runs in the page, so it refers to nothing outside of itself.
 */
export function startPageClock(): PageClock {
  const TIMER_MS = 40
  const LONGEST_LAP_MS = 60
  // No frames are drawn while a view transition waits for the page.
  const LATEST_FRAME_MS = 50
  let countedMs = 0
  let lapAt = performance.now()
  let timer: ReturnType<typeof setTimeout>
  let frame = 0

  const lapMs = (): number => Math.min(performance.now() - lapAt, LONGEST_LAP_MS)
  const end = (): void => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    countedMs += lapMs()
    begin()
  }
  const begin = (): void => {
    lapAt = performance.now()
    timer = setTimeout(() => {
      timer = setTimeout(end, LATEST_FRAME_MS)
      frame = requestAnimationFrame(end)
    }, TIMER_MS)
  }
  begin()
  return {
    now: () => countedMs + lapMs(),
    stop() {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
    },
  }
}
