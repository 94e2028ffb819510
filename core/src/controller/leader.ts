import { createValue } from '../platform/readable.ts'
import type { Stop } from '../types.ts'
import type { RecorderPort } from './ports.ts'
import type { Tenant } from './registry.ts'
import type { Release, ReplayController } from './types.ts'

/** The controller that records this page already, as a second one sees it. */
export interface Leader {
  readonly controller: ReplayController
  /** Hot replacement has made it anew, and we are it: what users decide is decided for the leader. */
  readonly isOurs: boolean
  /** Stands in for the recorder of the one who follows: all it can do is ask the leader to hide more. */
  readonly recorder: RecorderPort
  /** Passes our reasons to pause on: two controllers must both be able to stop the one recording. */
  follow(held: boolean): void
  leave: Stop
}

/**
 * Tells of the changes of `controller`, and with `keep` goes on with it when nobody else wants it any more. `onGone` is
 * called when it has ended.
 */
export function followLeader(
  { controller, keepers }: Tenant,
  us: Pick<Tenant, 'isLeaving'>,
  keep: boolean,
  on: { onChange(): void; onGone(): void },
): Leader {
  let release: Release | null = null
  let endMask: Stop = () => {}
  if (keep) keepers.add(us)
  const stop = keep ? controller.start() : () => {}
  const unsubscribe = controller.subscribe(() => {
    const { status } = controller.getSnapshot()
    if (status !== 'disposed' && status !== 'idle') return on.onChange()
    unsubscribe()
    on.onGone()
  })
  return {
    controller,
    isOurs: keep,
    recorder: {
      close() {},
      open() {},
      status: createValue({ state: 'held', reason: null, replayId: null }),
      hasRecorded: () => false,
      knows: () => false,
      isBlocked: () => false,
      // As metadata of whatever page is on show: it can only tighten, and holds wherever the leader goes.
      setMaskLevel(level) {
        const endBefore = endMask
        endMask = level === null ? () => {} : controller.navigation.addMeta(() => ({ mask: level }))
        endBefore()
      },
      maskLevel: () => controller.getSnapshot().maskLevel,
      limitSampleRate() {},
      checkpoint: controller.checkpoint,
      flush: controller.flush,
      forgetUnsent() {},
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
      endMask()
      keepers.delete(us)
      stop()
    },
  }
}
