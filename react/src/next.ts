'use client'

import type { ReplayController } from '@session-replay-kit/core'
import { usePathname } from 'next/navigation'
import { useReplayContext } from './context.ts'
import { useBrowserLayoutEffect } from './useBrowserLayoutEffect.ts'

/** The controllers on the page; filled by effects only, so nothing is shared between requests of a server. */
const mounted = new Set<ReplayController>()

/**
 * Put once in the root layout, inside the provider. Tells when a new page is in the document, so that recording
 * goes on sooner after a restricted one. Renders nothing.
 */
export function ReplayRouteSync(): null {
  const client = useReplayContext('<ReplayRouteSync>')
  const pathname = usePathname()
  useBrowserLayoutEffect(() => {
    mounted.add(client)
    return () => {
      mounted.delete(client)
    }
  }, [client])
  useBrowserLayoutEffect(() => client.navigation.committed(), [client, pathname])
  return null
}

/**
 * Pauses as soon as a navigation to a restricted page begins, before it is fetched.
 *
 * @example
 * // instrumentation-client.ts
 * export { onRouterTransitionStart } from '@session-replay-kit/react/next'
 */
export function onRouterTransitionStart(url: string): void {
  for (const { navigation } of mounted) navigation.evaluate(url)
}
