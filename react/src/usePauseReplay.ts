import type { ReplayController } from '@session-replay-kit/core'
import { useInsertionEffect } from 'react'
import { useReplayContext } from './context.ts'
import { useBrowserLayoutEffect } from './useBrowserLayoutEffect.ts'

/**
 * How long a pause lasts. `dom`: as long as the component's elements are in the document, hidden or not.
 * `visible`: only while they are shown; what a hidden `<Activity>` keeps then needs a `<Block>` around it.
 */
export type PauseScope = 'dom' | 'visible'

export interface UsePauseReplayOptions {
  /** Shown in `reasons` and `explain()`. */
  detail?: string
  /** @default 'dom' */
  scope?: PauseScope
}

/**
 * Pauses recording while the component is mounted and `active`. Recording goes on only after what the
 * component rendered has left the document.
 *
 * For whole pages prefer `routes.deny`: it acts before React renders.
 */
export function usePauseReplay(active = true, options: UsePauseReplayOptions = {}): void {
  usePauseOn(useReplayContext('usePauseReplay()'), active, options)
}

// An insertion effect belongs to the commit that inserts the elements: it runs before any of their mutations is
// delivered to the recorder, stays when Suspense or Activity hides them, and runs on no server. A passive effect
// would come after the first frame was recorded. Its clean-up may run when what replaces the elements is in: same commit.
export function usePauseOn(
  client: ReplayController,
  active: boolean,
  { detail, scope = 'dom' }: UsePauseReplayOptions,
): void {
  const inDom = active && scope === 'dom'
  const inView = active && scope === 'visible'
  useInsertionEffect(
    () => (inDom ? client.hold('component', { detail, settle: 'replaced' }) : undefined),
    [client, inDom, detail],
  )
  useBrowserLayoutEffect(
    () => (inView ? client.hold('component', { detail, settle: 'replaced' }) : undefined),
    [client, inView, detail],
  )
}
