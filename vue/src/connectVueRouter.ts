import type { ReplayController } from '@session-replay-kit/core'
import { type ComponentInternalInstance, type ComponentPublicInstance, nextTick } from 'vue'
import { createLeavingPage } from './leaving-page.ts'
import { type RouteLike, readMeta } from './route-meta.ts'

export type { RouteLike }

/** What is used of a router: vue-router 4 and 5 fit. */
export interface RouterLike {
  readonly currentRoute: { readonly value: RouteLike }
  readonly options: { readonly history: { readonly location: string } }
  resolve(to: string): RouteLike & { readonly href: string }
  beforeResolve(guard: (to: RouteLike) => void): () => void
  afterEach(hook: (to: RouteLike, from: RouteLike, failure?: unknown) => void): () => void
  onError(handler: (error: unknown, to: RouteLike) => void): () => void
}

/** A route and its address, null where there is no page yet. */
interface Place {
  readonly route: RouteLike
  readonly href: string | null
}

/** vue-router's number for a navigation that a newer one has overtaken, in versions 4 and 5. */
const CANCELLED = 8

/**
 * Joins `meta.replay` of the routes to the rules, closes before a restricted address is even written, holds what the
 * rules say about a page for as long as it is on show (back and forward write the next address before guards run, and
 * `<Suspense>` keeps a page until the next one has its data), and tells the controller when a page is in place, so that
 * recording goes on sooner. Returns the end of it. The plugin does this for a `router` it is given.
 */
export function connectVueRouter(client: ReplayController, router: RouterLike): () => void {
  if (typeof document === 'undefined') return () => {}
  const { navigation } = client
  const placeOf = (route: RouteLike): Place => ({
    route,
    // Nothing, before the first navigation.
    href: route.matched.length > 0 ? router.resolve(route.fullPath).href : null,
  })
  // Where a navigation leads to, from the last moment before the address is written until it is through or has
  // failed. The very first one may not have begun: where it will lead is in the address already.
  let coming: RouteLike | null = router.resolve(router.options.history.location)
  // Not the router's ref: an effect of the host that writes an address must not come to depend on it.
  let current = placeOf(router.currentRoute.value)
  /** What is on show: the page before, until it leaves. */
  let shown = current

  const conclude = (): void => {
    coming = null
    navigation.evaluate()
    // Also after a failure, where the page stays as it is and nothing else would tell so.
    void nextTick().then(() => {
      if (!leaving.isShown()) navigation.committed()
    })
  }
  const arrive = (): void => {
    shown = current
    conclude()
  }
  const leaving = createLeavingPage(arrive)
  const ends = [
    navigation.addMeta(() => readMeta(coming, current.route, shown.route)),
    navigation.addRendered(() => shown.href),
    router.beforeResolve((to) => {
      coming = to
      navigation.evaluate(router.resolve(to.fullPath).href)
    }),
    router.afterEach((to, from, failure) => {
      // The newer navigation will conclude, and what it leads to must not be forgotten here.
      if ((failure as { type?: number } | undefined)?.type === CANCELLED) return
      if (failure) {
        conclude()
        return
      }
      coming = null
      current = placeOf(to)
      if (!leaving.isShown()) leaving.leave(componentsOf(from))
      if (leaving.isShown()) navigation.evaluate()
      else arrive()
    }),
    router.onError((_error, to) => {
      if (coming === to || (to as { redirectedFrom?: unknown })?.redirectedFrom) conclude()
    }),
  ]
  return () => {
    leaving.stop()
    for (const end of ends.splice(0)) end()
  }
}

/** What a router view has for each record. A functional component is an element there, and cannot tell when it leaves. */
const componentsOf = ({ matched }: RouteLike): ComponentInternalInstance[] =>
  matched
    .flatMap(({ instances = {} }) => Object.values(instances) as (Partial<ComponentPublicInstance> | null)[])
    .flatMap((instance) => instance?.$ ?? [])
