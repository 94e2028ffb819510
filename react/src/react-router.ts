'use client'

import type { ReplayRouteMeta } from '@session-replay-kit/core'
import { createElement, type ReactNode, useContext, useInsertionEffect, useMemo } from 'react'
import { UNSAFE_DataRouterStateContext, useHref, useLocation } from 'react-router'
import { BeforeCommit } from './BeforeCommit.ts'
import { useReplayContext } from './context.ts'
import { createRouteSync, readRouteReplay } from './routeReplay.ts'
import { useBrowserLayoutEffect } from './useBrowserLayoutEffect.ts'

export type { ReplayRouteMeta as RouteReplay } from '@session-replay-kit/core'

/** The part of a route's `handle` that is read, for `handle: { replay: 'deny' } satisfies ReplayHandle`. */
export interface ReplayHandle {
  replay?: ReplayRouteMeta
}

/**
 * Put once inside the router, in the root route. Applies `handle.replay` of the matched routes, holds what the rules say
 * about a page for as long as the router renders it (back and forward write the next address before its loaders run),
 * and tells when a new location is in the document, so that recording goes on sooner. `handle` needs a data router
 * (`createBrowserRouter`). Renders nothing.
 *
 * @example
 * { path: 'salary', Component: Salary, handle: { replay: 'deny' } }
 */
export function ReplayRouteSync(): ReactNode {
  const client = useReplayContext('<ReplayRouteSync>')
  const location = useLocation()
  const { key, pathname, search, hash } = location
  const href = useHref(location)
  // `useMatches` throws where the router has no data; the context behind it is just empty there.
  const matches = useContext(UNSAFE_DataRouterStateContext)?.matches ?? []
  const { denied, mask } = readRouteReplay(matches.map(({ route }) => handleOf(route.handle).replay))

  const sync = useMemo(() => createRouteSync(client), [client])
  const change = (): void => {
    sync.change({ denied, mask })
    sync.render(href)
  }
  useInsertionEffect(change)
  useInsertionEffect(() => sync.leave, [sync])
  useBrowserLayoutEffect(
    () => client.navigation.committed(),
    [client, denied, mask, key, pathname, search, hash],
  )
  return createElement(BeforeCommit, { run: change })
}

const handleOf = (handle: unknown): ReplayHandle => (handle as ReplayHandle | undefined) ?? {}
