import type { Explanation, ReplayController, ReplaySnapshot } from '@session-replay-kit/core'
import { useMemo, useSyncExternalStore } from 'react'
import { useReplayContext } from './context.ts'
import { type UsePauseReplayOptions, usePauseOn } from './usePauseReplay.ts'

/** What `useSessionReplay()` returns. The functions are the same on every render. */
export interface SessionReplay
  extends Pick<ReplaySnapshot, 'status' | 'isRecording' | 'reasons' | 'route' | 'error'> {
  /** Pauses until `resume()`; pausing twice needs one `resume()`. */
  readonly pause: (detail?: string) => ReplaySnapshot
  /** Takes back `pause()`, nothing else: a button cannot overrule a restricted page. */
  readonly resume: () => ReplaySnapshot
  readonly setConsent: (granted: boolean) => ReplaySnapshot
  /** Why this page is or is not recorded, as data and as one sentence. */
  readonly explain: () => Explanation
  readonly client: ReplayController
}

export interface UseSessionReplayOptions extends UsePauseReplayOptions {
  /** Pauses recording while this component is mounted, as `usePauseReplay()` does. @default false */
  pause?: boolean
}

type Select<T> = (snapshot: ReplaySnapshot) => T

/**
 * Status and controls of the recorder; re-renders when one of them changes. With `{ pause: true }` recording
 * pauses while the component is mounted. Throws `NO_PROVIDER` outside a provider.
 *
 * @example
 * const { status, pause, resume } = useSessionReplay()
 */
export function useSessionReplay(options?: UseSessionReplayOptions): SessionReplay
/**
 * One value of the snapshot; re-renders only when it changes.
 *
 * @param isEqual compares two selected values. @default Object.is
 * @example
 * const isRecording = useSessionReplay((replay) => replay.isRecording)
 */
export function useSessionReplay<T>(selector: Select<T>, isEqual?: (a: T, b: T) => boolean): T
export function useSessionReplay(
  given: UseSessionReplayOptions | Select<unknown> = {},
  isEqual: (a: unknown, b: unknown) => boolean = Object.is,
): unknown {
  const client = useReplayContext('useSessionReplay()')
  const [selector, options] = typeof given === 'function' ? [given, {}] : [null, given]
  const { pause = false, detail, scope }: UseSessionReplayOptions = options
  usePauseOn(client, pause, { detail, scope })

  const [getNow, getServer] = useMemo(() => {
    const select = selector ?? ((snapshot: ReplaySnapshot) => describe(client, snapshot))
    return [
      remember(client.getSnapshot, select, isEqual),
      remember(client.getServerSnapshot, select, isEqual),
    ] as const
  }, [client, selector, isEqual])
  return useSyncExternalStore(client.subscribe, getNow, getServer)
}

/** Selects again only from a new snapshot, and keeps the older value while the new one is equal. */
function remember<T>(
  read: () => ReplaySnapshot,
  select: Select<T>,
  isEqual: (a: T, b: T) => boolean,
): () => T {
  let last: { snapshot: ReplaySnapshot; value: T } | null = null
  return () => {
    const snapshot = read()
    if (last?.snapshot === snapshot) return last.value
    const value = select(snapshot)
    last = { snapshot, value: last && isEqual(last.value, value) ? last.value : value }
    return last.value
  }
}

function describe(client: ReplayController, snapshot: ReplaySnapshot): SessionReplay {
  const { status, isRecording, reasons, route, error } = snapshot
  const { pause, resume, setConsent, explain } = client
  return { status, isRecording, reasons, route, error, pause, resume, setConsent, explain, client }
}
