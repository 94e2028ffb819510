import type { ReplayController } from '@session-replay-kit/core'
import { requireReplay } from './context.ts'

export interface PauseReplayOptions {
  /** Shown in `reasons` and `explain()`. */
  detail?: string
}

/**
 * Pauses recording while the component is alive and `when()` is true; call it in the component's script. Recording
 * goes on only after what the component rendered has left the document, out-transitions included.
 *
 * For whole pages prefer `routes.deny`: it acts before anything is rendered.
 *
 * @example
 * pauseReplay(() => step === 'payment', { detail: 'payment form' })
 */
export function pauseReplay(when: () => boolean = () => true, options: PauseReplayOptions = {}): void {
  pauseOn(requireReplay('pauseReplay()'), when, () => options.detail)
}

// A pre-effect runs before the elements of its component are inserted; a plain effect would come after the recorder
// has seen them. It is torn down when the branch that replaces the component is in, in the same flush.
export function pauseOn(
  client: ReplayController,
  when: () => boolean,
  detail: () => string | undefined,
): void {
  const wanted = $derived(when())
  $effect.pre(() => (wanted ? client.hold('component', { detail: detail(), settle: 'replaced' }) : undefined))
}
