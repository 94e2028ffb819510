import {
  type AmplitudeSource,
  createSessionReplay,
  type ReplayController,
  type ReplayOptions,
} from '@session-replay-kit/core'
import { watchFalseAttributes } from '@session-replay-kit/core/props'
import { type ReactNode, useInsertionEffect, useRef, useState } from 'react'
import { ReplayContext } from './context.ts'
import { isDevelopment, warnOnce } from './development.ts'
import { sameValue } from './sameValue.ts'
import { useBrowserLayoutEffect } from './useBrowserLayoutEffect.ts'

interface CommonProps {
  /** `false` stops recording at once, without unmounting the children. @default true */
  enabled?: boolean
  /**
   * The router's current location. A hint that its elements are in the document, so that recording goes on
   * sooner after a restricted page; safety does not depend on it.
   */
  location?: string | { pathname: string; search?: string; hash?: string }
  children?: ReactNode
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

export type SessionReplayProviderProps = CommonProps & (ClientProps | OptionProps)

/**
 * Records the app below while it is mounted, and gives the hooks their controller. Renders no element, and never
 * delays its children. With `apiKey` it loads and initialises the Browser SDK too; with `amplitude` it attaches to
 * the app's own; with neither it looks for `window.amplitude`.
 *
 * @example
 * <SessionReplayProvider apiKey={KEY} options={{ sampleRate: 0.1 }} routes={{ deny: ['/checkout/**'] }}>
 *   <App />
 * </SessionReplayProvider>
 */
export function SessionReplayProvider(props: SessionReplayProviderProps): ReactNode {
  const { enabled = true, location, children } = props
  const options = optionsOf(props)
  const [first] = useState(() => props.client ?? createSessionReplay(options))
  const client = props.client ?? first

  // Unmounting has a grace period, for StrictMode and hot replacement; switching off has none.
  useInsertionEffect(
    () => (enabled ? undefined : client.hold('component', { detail: 'enabled={false}', settle: false })),
    [client, enabled],
  )
  useBrowserLayoutEffect(() => (enabled ? client.start() : undefined), [client, enabled])

  const hint = typeof location === 'object' ? hrefOf(location) : location
  useBrowserLayoutEffect(() => {
    if (hint !== undefined) client.navigation.committed()
  }, [client, hint])

  useChangedOptions(client, options, props.client === undefined)
  useBrowserLayoutEffect(
    () => (isDevelopment ? watchFalseAttributes((said) => warnOnce('FALSE_ATTRIBUTE', said)) : undefined),
    [],
  )

  return <ReplayContext.Provider value={client}>{children}</ReplayContext.Provider>
}

/** Applies what may change while the app runs, and tells about the rest. */
function useChangedOptions(client: ReplayController, options: ReplayOptions, isOwner: boolean): void {
  const applied = useRef(options)
  useInsertionEffect(() => {
    if (!isOwner) return
    const before = applied.current
    applied.current = options
    if (!sameValue(before.routes, options.routes)) client.navigation.setRoutes(options.routes ?? {})
    if (before.consent !== options.consent) client.setConsent(isGranted(options.consent))
    if (isDevelopment) warnAboutChanges(before, options)
  })
}

function warnAboutChanges(before: ReplayOptions, after: ReplayOptions): void {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof ReplayOptions>
  for (const name of names) {
    if (name === 'routes' || name === 'consent') continue
    // A callback written in JSX is a new one on each render; that is no change of mind.
    if (sameValue(before[name], after[name], () => true)) continue
    warnOnce(
      'BAD_OPTION',
      `<SessionReplayProvider> got another value for \`${name}\`, which is read only once. Give the provider a new \`key\` to start over with it.`,
    )
  }
}

function optionsOf(props: SessionReplayProviderProps): ReplayOptions {
  const { client: _client, enabled: _enabled, location: _location, children: _children, ...rest } = props
  const { options, ...own } = rest
  const given = Object.entries(own).filter(([, value]) => value !== undefined)
  return { ...options, ...Object.fromEntries(given) }
}

/** As the controller reads it: not set means yes, and a word that does not exist means no. */
const isGranted = (consent: ReplayOptions['consent']) => consent === undefined || consent === 'granted'

const hrefOf = ({ pathname, search = '', hash = '' }: { pathname: string; search?: string; hash?: string }) =>
  pathname + search + hash
