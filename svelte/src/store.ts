import type { ReplayController, ReplaySnapshot } from '@session-replay-kit/core'
import type { Readable } from 'svelte/store'

/** A Svelte store of what the recorder does, with its two buttons. */
export interface SessionReplayStore extends Readable<ReplaySnapshot> {
  /** Pauses until `resume()`; pausing twice needs one `resume()`. */
  pause(detail?: string): ReplaySnapshot
  /** Takes back `pause()`, nothing else: a button cannot overrule a restricted page. */
  resume(): ReplaySnapshot
}

/**
 * The controller as a store, in Svelte 4 and 5: works with `$replay`, `derived` and `fromStore`, and tells each
 * subscriber the current snapshot at once. It only listens: whoever made the controller starts it.
 *
 * @example
 * const replay = sessionReplayStore(client)
 * // {$replay.status} <button on:click={() => replay.pause()}>Pause</button>
 */
export function sessionReplayStore(client: ReplayController): SessionReplayStore {
  const { getSnapshot, pause, resume } = client
  return {
    subscribe(run) {
      const stop = client.subscribe(() => run(getSnapshot()))
      run(getSnapshot())
      return stop
    },
    pause,
    resume,
  }
}
