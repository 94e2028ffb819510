import type { Explanation, ReplayController, ReplaySnapshot } from '@session-replay-kit/core'
import { createSubscriber } from 'svelte/reactivity'
import { requireReplay } from './context.ts'
import { type PauseReplayOptions, pauseOn } from './pause-replay.svelte.ts'

/**
 * What `useSessionReplay()` returns. The values are getters: read them through the object, since taking them out
 * (`const { status } = …`) reads them once. The functions may be taken out.
 */
export interface SessionReplay
  extends Pick<ReplaySnapshot, 'status' | 'isRecording' | 'reasons' | 'route' | 'error'> {
  /** All values at once, immutable. */
  readonly snapshot: ReplaySnapshot
  /** Pauses until `resume()`; pausing twice needs one `resume()`. */
  readonly pause: (detail?: string) => ReplaySnapshot
  /** Takes back `pause()`, nothing else: a button cannot overrule a restricted page. */
  readonly resume: () => ReplaySnapshot
  readonly setConsent: (granted: boolean) => ReplaySnapshot
  /** Why this page is or is not recorded, as data and as one sentence. */
  readonly explain: () => Explanation
  readonly client: ReplayController
}

export interface UseSessionReplayOptions extends PauseReplayOptions {
  /** Pauses recording while this component is alive, as `pauseReplay()` does. @default false */
  pause?: boolean | (() => boolean)
}

/**
 * Status and controls of the recorder; call it in the component's script. Its values are reactive in templates,
 * deriveds and effects, and plain everywhere else. With `{ pause: true }` recording pauses while the component is
 * alive. Throws `NO_PROVIDER` outside a provider.
 *
 * @example
 * const replay = useSessionReplay()
 * // <button onclick={() => replay.pause()}>{replay.status}</button>
 */
export function useSessionReplay({
  pause: wanted = false,
  detail,
}: UseSessionReplayOptions = {}): SessionReplay {
  const client = requireReplay('useSessionReplay()')
  pauseOn(client, typeof wanted === 'function' ? wanted : () => wanted, () => detail)

  // The provider has begun before its children are hydrated; until then they must say what the server said.
  let isMounted = $state(false)
  $effect(() => {
    isMounted = true
  })
  const read = (): ReplaySnapshot => (isMounted ? client.getSnapshot() : client.getServerSnapshot())

  /** A getter whose readers run again only when what `select` gives has changed. */
  const follow = <T>(select: (snapshot: ReplaySnapshot) => T): (() => T) => {
    const subscribe = createSubscriber((update) => {
      let told = select(client.getSnapshot())
      return client.subscribe(() => {
        const now = select(client.getSnapshot())
        if (now === told) return
        told = now
        update()
      })
    })
    return () => {
      subscribe()
      return select(read())
    }
  }

  const { pause, resume, setConsent, explain } = client
  const replay = { pause, resume, setConsent, explain, client }
  const getters = {
    snapshot: follow((snapshot) => snapshot),
    status: follow(({ status }) => status),
    isRecording: follow(({ isRecording }) => isRecording),
    reasons: follow(({ reasons }) => reasons),
    route: follow(({ route }) => route),
    error: follow(({ error }) => error),
  }
  for (const [name, get] of Object.entries(getters))
    Object.defineProperty(replay, name, { get, enumerable: true })
  return replay as SessionReplay
}
