import type { ReplayController } from '@session-replay-kit/core'
import { nextTick } from 'vue'
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

/** vue-router's number for a navigation that a newer one has overtaken, in versions 4 and 5. */
const CANCELLED = 8

/**
 * Joins `meta.replay` of the routes to the rules, closes before a restricted address is even written, holds what the
 * rules say about a page for as long as it is the current route (back and forward write the next address before guards
 * run), and tells the controller when a page is in place, so that recording goes on sooner. Returns the end of it. The
 * plugin does this for a `router` it is given.
 */
export function connectVueRouter(client: ReplayController, router: RouterLike): () => void {
  if (typeof document === 'undefined') return () => {}
  const { navigation } = client
  // Where a navigation leads to, from the last moment before the address is written until it is through or has
  // failed. The very first one may not have begun: where it will lead is in the address already.
  let coming: RouteLike | null = router.resolve(router.options.history.location)

  const conclude = (): void => {
    coming = null
    navigation.evaluate()
    // Also after a failure, where the page stays as it is and nothing else would tell so.
    void nextTick().then(() => navigation.committed())
  }
  const ends = [
    navigation.addMeta(() => readMeta(coming, router.currentRoute.value)),
    navigation.addRendered(() => {
      const { fullPath, matched } = router.currentRoute.value
      // Nothing, before the first navigation.
      return matched.length > 0 ? router.resolve(fullPath).href : null
    }),
    router.beforeResolve((to) => {
      coming = to
      navigation.evaluate(router.resolve(to.fullPath).href)
    }),
    router.afterEach((_to, _from, failure) => {
      // The newer navigation will conclude, and what it leads to must not be forgotten here.
      if ((failure as { type?: number } | undefined)?.type !== CANCELLED) conclude()
    }),
    router.onError((_error, to) => {
      if (coming === to || (to as { redirectedFrom?: unknown })?.redirectedFrom) conclude()
    }),
  ]
  return () => {
    for (const end of ends.splice(0)) end()
  }
}
