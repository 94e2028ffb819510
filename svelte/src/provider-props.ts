import type { AmplitudeSource, ReplayController, ReplayOptions } from '@session-replay-kit/core'
import type { Snippet } from 'svelte'

interface CommonProps {
  /** `false` stops recording at once, without unmounting the children. @default true */
  enabled?: boolean
  children?: Snippet
}

type Forbidden<Names extends PropertyKey> = { [Name in Names]?: never }

/** A controller made by the app. It is started and stopped, and nothing else is done with it. */
type ClientProps = { client: ReplayController } & Forbidden<'options' | keyof ReplayOptions>

/**
 * The provider makes the controller, from `options` and from the same options as props of their own (which win).
 * `routes` and `consent` may change at any time, the others are read once.
 */
type OptionProps = Forbidden<'client'> & { options?: ReplayOptions } & Omit<
    ReplayOptions,
    'amplitude' | 'apiKey' | 'analytics'
  > &
  (
    | { apiKey: string; analytics?: ReplayOptions['analytics']; amplitude?: never }
    | { amplitude?: AmplitudeSource | null; apiKey?: never; analytics?: never }
  )

/** Props of `<SessionReplayProvider>`. */
export type SessionReplayProviderProps = CommonProps & (ClientProps | OptionProps)
