import type { Stop } from '../types.ts'
import type { Release, ReplayController } from './types.ts'

/** The controller that records this page already, as a second one sees it. */
export interface Leader {
  readonly controller: ReplayController
  /** Passes our reasons to pause on: two controllers must both be able to stop the one recording. */
  follow(held: boolean): void
  leave: Stop
}

/** Keeps `controller` started for us and tells of its changes. `onGone` is called when it was disposed. */
export function followLeader(controller: ReplayController, on: { onChange(): void; onGone(): void }): Leader {
  let release: Release | null = null
  const stop = controller.start()
  const unsubscribe = controller.subscribe(() => {
    if (controller.getSnapshot().status !== 'disposed') return on.onChange()
    unsubscribe()
    on.onGone()
  })
  return {
    controller,
    follow(held) {
      if (held) release ??= controller.hold('component', { detail: 'another controller on this page' })
      else {
        release?.()
        release = null
      }
    },
    leave() {
      unsubscribe()
      release?.()
      stop()
    },
  }
}
