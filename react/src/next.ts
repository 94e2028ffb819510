'use client'

import type { ReplayController } from '@session-replay-kit/core'
import { usePathname } from 'next/navigation'
import { createElement, type ReactNode, useInsertionEffect, useMemo } from 'react'
import { BeforeCommit } from './BeforeCommit.ts'
import { useReplayContext } from './context.ts'
import { createRenderedPath } from './renderedPath.ts'
import { useBrowserLayoutEffect } from './useBrowserLayoutEffect.ts'

/** The controllers on the page; filled by effects only, so nothing is shared between requests of a server. */
const mounted = new Set<ReplayController>()

/**
 * Put once in the root layout, inside the provider. Holds what the rules say about a page for as long as Next renders it
 * (back and forward write the next address before its data is there), and tells when a new page is in the document, so
 * that recording goes on sooner after a restricted one. Renders nothing.
 */
export function ReplayRouteSync(): ReactNode {
  const client = useReplayContext('<ReplayRouteSync>')
  const pathname = usePathname()

  // Next commits a page and its path in one.
  const rendered = useMemo(() => createRenderedPath(client), [client])
  const show = (): void => {
    if (pathname !== null) rendered.show(pathname)
  }
  useInsertionEffect(show)
  useInsertionEffect(() => rendered.leave, [rendered])
  useBrowserLayoutEffect(() => {
    mounted.add(client)
    return () => {
      mounted.delete(client)
    }
  }, [client])
  useBrowserLayoutEffect(() => client.navigation.committed(), [client, pathname])
  return createElement(BeforeCommit, { run: show })
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
