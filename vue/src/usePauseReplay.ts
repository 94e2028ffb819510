import type { Release, ReplayController } from '@session-replay-kit/core'
import {
  getCurrentInstance,
  type MaybeRefOrGetter,
  onActivated,
  onDeactivated,
  onScopeDispose,
  type Ref,
  readonly,
  shallowRef,
  toValue,
  watch,
} from 'vue'
import { injectClient } from './inject-client.ts'
import { watchKept } from './watch-kept.ts'

export interface UsePauseReplayOptions {
  /** Named in `reasons` and `explain()` beside the pause. */
  detail?: string
}

export interface PauseReplayHandle {
  /** This component holds recording back now. */
  readonly held: Readonly<Ref<boolean>>
}

/**
 * Nothing is recorded while `when` is true and this component is alive: from before it renders until what it rendered
 * has left the document. A component kept by `<KeepAlive>` holds only while it is shown.
 *
 * @example
 * usePauseReplay() // in the setup of a page that must never be recorded
 * usePauseReplay(() => props.step === 'payment')
 */
export function usePauseReplay(
  when: MaybeRefOrGetter<boolean> = true,
  { detail }: UsePauseReplayOptions = {},
): PauseReplayHandle {
  return holdWhile(injectClient('usePauseReplay'), when, detail)
}

export function holdWhile(
  client: ReplayController,
  when: MaybeRefOrGetter<boolean>,
  detail?: string,
): PauseReplayHandle {
  const held = shallowRef(false)
  let release: Release | null = null
  let isWanted = false
  let isShown = true

  const follow = (): void => {
    const holds = isWanted && isShown
    // The next screen may be in before this component goes: what stands before it is rendered first.
    if (holds) release ??= client.hold('component', { detail, settle: 'replaced' })
    else {
      release?.()
      release = null
    }
    held.value = holds
  }
  const want = (wanted: boolean): void => {
    isWanted = wanted
    follow()
  }
  // Reads nothing reactive: a `<KeepAlive>` calls it while it renders.
  const show = (shown: boolean): void => {
    isShown = shown
    follow()
  }

  // In the same step as the change: whatever it renders comes later.
  watch(() => toValue(when), want, { flush: 'sync', immediate: true })
  onScopeDispose(() => want(false))
  const instance = getCurrentInstance()
  if (instance) {
    onScopeDispose(watchKept(instance, show))
    onActivated(() => show(true))
    onDeactivated(() => show(false))
  }
  return { held: readonly(held) }
}
