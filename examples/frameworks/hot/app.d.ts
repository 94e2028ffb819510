import type { ReplayController } from '@session-replay-kit/core'

declare global {
  interface Window {
    replay: ReplayController
    addItem(item: number): void
    setPaying(paying: boolean): void
    /** Gone when the page was loaded again. */
    isSamePage: boolean
  }
}
