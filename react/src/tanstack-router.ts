import type { ReplayController, ReplayRouteMeta } from '@session-replay-kit/core'
import type {} from '@tanstack/react-router'
import { createRouteSync, type RouteWish, readRouteReplay } from './routeReplay.ts'

export type { ReplayRouteMeta as RouteReplay } from '@session-replay-kit/core'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Read by `connectTanStackRouter`: not recorded, or recorded with at least this mask level. */
    replay?: ReplayRouteMeta
  }
}

interface Match {
  staticData?: { replay?: unknown }
}

interface LocationLike {
  readonly href: string
  /** As in the address, where a rewrite makes another of it. Newer versions have it. */
  readonly publicHref?: string
  /** What the address says instead. */
  readonly maskedLocation?: LocationLike | undefined
}

/** As much of a TanStack router as is needed. */
export interface TanStackRouterLike {
  readonly latestLocation: unknown
  readonly history: { createHref(href: string): string }
  readonly state: {
    readonly matches: readonly Match[]
    readonly resolvedLocation?: LocationLike | undefined
  }
  // Methods, so that routers with their exact types fit.
  matchRoutes(location: never): readonly Match[]
  subscribe(
    event: 'onBeforeNavigate' | 'onBeforeRouteMount' | 'onResolved' | 'onRendered',
    run: (event: { toLocation: LocationLike }) => void,
  ): () => void
}

/**
 * Applies `staticData.replay` of the matched routes before they render, holds what the rules say about a page for as
 * long as the router renders it (the next address is written before its loaders run), and tells when a new location is
 * in the document, so that recording goes on sooner. Call it where the router is made; returns the end of it.
 *
 * @example
 * const router = createRouter({ routeTree })
 * connectTanStackRouter(replay, router)
 */
export function connectTanStackRouter(controller: ReplayController, router: TanStackRouterLike): () => void {
  if (typeof document === 'undefined') return () => {}
  const sync = createRouteSync(controller)

  const lookAhead = (location: unknown): RouteWish => {
    try {
      return wishOf(router.matchRoutes(location as never))
    } catch {
      // A location that matches nothing, or search parameters that do not parse: the router shows its own error page.
      return { denied: false, mask: null }
    }
  }
  const render = (location: LocationLike): void => {
    const { publicHref, href } = location.maskedLocation ?? location
    sync.render(router.history.createHref(publicHref ?? href))
  }
  const arrive = ({ toLocation }: { toLocation: LocationLike }): void => {
    sync.change(wishOf(router.state.matches))
    render(toLocation)
    controller.navigation.committed()
  }

  sync.approach(lookAhead(router.latestLocation))
  if (router.state.resolvedLocation) render(router.state.resolvedLocation)
  const stops = [
    router.subscribe('onBeforeNavigate', ({ toLocation }) => sync.approach(lookAhead(toLocation))),
    router.subscribe('onBeforeRouteMount', ({ toLocation }) => {
      sync.change(lookAhead(toLocation))
      render(toLocation)
    }),
    router.subscribe('onResolved', arrive),
    router.subscribe('onRendered', arrive),
  ]
  return () => {
    for (const stop of stops) stop()
    sync.leave()
  }
}

const wishOf = (matches: readonly Match[]): RouteWish =>
  readRouteReplay(matches.map(({ staticData }) => staticData?.replay))
