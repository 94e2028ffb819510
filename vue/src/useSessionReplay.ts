import type {
  Explanation,
  HoldInfo,
  ReplayController,
  ReplayError,
  ReplaySnapshot,
  ReplayStatus,
  RouteDecision,
} from '@session-replay-kit/core'
import {
  type ComputedRef,
  computed,
  getCurrentInstance,
  type MaybeRefOrGetter,
  onMounted,
  onScopeDispose,
  shallowRef,
} from 'vue'
import { injectClient } from './inject-client.ts'
import { holdWhile } from './usePauseReplay.ts'

export interface UseSessionReplayOptions {
  /** Recording pauses while this is true and the component is alive. @default false */
  pause?: MaybeRefOrGetter<boolean>
  /** Named in `reasons` and `explain()` beside the pause. */
  detail?: string
}

export interface SessionReplay {
  readonly status: ComputedRef<ReplayStatus>
  readonly isRecording: ComputedRef<boolean>
  /** Why recording is paused; empty when it is not. */
  readonly reasons: ComputedRef<readonly HoldInfo[]>
  /** What the rules say about this page; null before it was looked at. */
  readonly route: ComputedRef<RouteDecision | null>
  readonly error: ComputedRef<ReplayError | null>
  /** Why this page is or is not recorded. In a template or computed it follows every change. */
  explain(): Explanation
  /** Pauses until `resume()`. */
  pause(detail?: string): ReplaySnapshot
  /** Gives up what `pause()` holds; a restricted page stays paused. */
  resume(): ReplaySnapshot
  /** Answers `consent: 'required'`. */
  setConsent(granted: boolean): ReplaySnapshot
  readonly client: ReplayController
}

/**
 * Status of the recording as read-only refs, and what the app may do about it. Call it in `setup()`; it ends with the
 * component. With `pause` it also holds recording back, as `usePauseReplay()` does.
 * Throws a `ReplayError` (`OUTSIDE_SETUP`, `NO_PROVIDER`) when called where it cannot work.
 *
 * @example
 * const { status, pause, resume } = useSessionReplay()
 * useSessionReplay({ pause: true }) // nothing is recorded while this component is alive
 */
export function useSessionReplay({ pause, detail }: UseSessionReplayOptions = {}): SessionReplay {
  const client = injectClient('useSessionReplay')
  if (pause !== undefined) holdWhile(client, pause, detail)

  // A component that takes over the server's markup has an element before it has rendered. What it renders first
  // must be what the server wrote.
  const isHydrating = Boolean(getCurrentInstance()?.vnode.el)
  const snapshot = shallowRef(isHydrating ? client.getServerSnapshot() : client.getSnapshot())
  let end = (): void => {}
  const begin = (): void => {
    const follow = (): void => {
      snapshot.value = client.getSnapshot()
    }
    follow()
    end = client.subscribe(follow)
  }
  if (isHydrating) onMounted(begin)
  else begin()
  onScopeDispose(() => end())

  return {
    status: computed(() => snapshot.value.status),
    isRecording: computed(() => snapshot.value.isRecording),
    reasons: computed(() => snapshot.value.reasons),
    route: computed(() => snapshot.value.route),
    error: computed(() => snapshot.value.error),
    explain() {
      void snapshot.value
      return client.explain()
    },
    pause: client.pause,
    resume: client.resume,
    setConsent: client.setConsent,
    client,
  }
}
