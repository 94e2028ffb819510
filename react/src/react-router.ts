'use client'

import type { ReplayRouteMeta } from '@session-replay-kit/core'
import { useContext, useInsertionEffect, useMemo } from 'react'
import { UNSAFE_DataRouterStateContext, useLocation } from 'react-router'
import { useReplayContext } from './context.ts'
import { createRouteSync, readRouteReplay } from './routeReplay.ts'
import { useBrowserLayoutEffect } from './useBrowserLayoutEffect.ts'

export type { ReplayRouteMeta as RouteReplay } from '@session-replay-kit/core'

/** The part of a route's `handle` that is read, for `handle: { replay: 'deny' } satisfies ReplayHandle`. */
export interface ReplayHandle {
  replay?: ReplayRouteMeta
}

/**
 * Put once inside the router, before the `<Outlet />` of the root route. Applies `handle.replay` of the matched routes, and
 * tells when a new location is in the document, so that recording goes on sooner. `handle` needs a data
 * router (`createBrowserRouter`); without one only the hint remains. Renders nothing.
 *
 * @example
 * { path: 'salary', Component: Salary, handle: { replay: 'deny' } }
 */
export function ReplayRouteSync(): null {
  const client = useReplayContext('<ReplayRouteSync>')
  const { key, pathname, search, hash } = useLocation()
  // `useMatches` throws where the router has no data; the context behind it is just empty there.
  const matches = useContext(UNSAFE_DataRouterStateContext)?.matches ?? []
  const { denied, mask } = readRouteReplay(matches.map(({ route }) => handleOf(route.handle).replay))

  const sync = useMemo(() => createRouteSync(client), [client])
  useInsertionEffect(() => sync.change({ denied, mask }), [sync, denied, mask])
  useInsertionEffect(() => sync.leave, [sync])
  useBrowserLayoutEffect(() => {
    sync.arrive({ denied, mask })
    client.navigation.committed()
  }, [client, sync, denied, mask, key, pathname, search, hash])
  return null
}

const handleOf = (handle: unknown): ReplayHandle => (handle as ReplayHandle | undefined) ?? {}
