import { strictness } from '../navigation/routes.ts'
import { createValue } from '../platform/readable.ts'
import type { Stop } from '../types.ts'
import type { RecorderPort } from './ports.ts'
import type { Release, ReplayController } from './types.ts'

/** The controller that records this page already, as a second one sees it. */
export interface Leader {
  readonly controller: ReplayController
  /** Stands in for the recorder of the one who follows: all it can do is ask the leader to hide more. */
  readonly recorder: RecorderPort
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
    recorder: {
      close() {},
      open() {},
      status: createValue({ state: 'held', reason: null, replayId: null }),
      hasRecorded: () => false,
      knows: () => false,
      isBlocked: () => false,
      setMaskLevel(level) {
        if (strictness(level) > strictness(controller.getSnapshot().maskLevel)) controller.setMaskLevel(level)
      },
      maskLevel: () => controller.getSnapshot().maskLevel,
      limitSampleRate() {},
      privacyChanged: controller.privacyChanged,
      checkpoint: controller.checkpoint,
      flush: controller.flush,
      discardRecent() {},
      explain: controller.explain,
    },
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
