import { type ReplayController, ReplayError } from '@session-replay-kit/core'
import { createContext } from 'svelte'

const [getReplay, setReplay] = createContext<ReplayController>()

export { setReplay }

/** The controller of the provider above; `caller` is what the error names if there is none. */
export function requireReplay(caller: string): ReplayController {
  try {
    return getReplay()
  } catch (cause) {
    // In production the message is only a link that ends in this name.
    if (String(cause).includes('lifecycle_outside_component')) {
      throw new ReplayError(
        'OUTSIDE_SETUP',
        `[session-replay] ${caller} was called too late. Call it in the component's <script>, not in an event handler or after an await.`,
        { cause },
      )
    }
    throw new ReplayError(
      'NO_PROVIDER',
      `[session-replay] ${caller} was used outside <SessionReplayProvider>. Wrap the part of the tree that uses it.`,
      { cause },
    )
  }
}
