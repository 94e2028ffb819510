import type { ReplayController, ReplayRouteMeta } from '@session-replay-kit/core'
import { untrack } from 'svelte'
import { afterNavigate } from '$app/navigation'
import { page } from '$app/state'

/**
 * Joins what pages say in their data to the route rules, holds what the rules say about a page for as long as it is
 * rendered (back and forward write the next address before its `load` runs), and tells the controller when a page is
 * in place, so that recording goes on sooner after a restricted one. Call it in the script of the root layout.
 *
 * A page speaks through `load` in its `+page.ts` or `+layout.ts`: `return { replay: 'deny' }`, or
 * `{ replay: { mask: 'conservative' } }`. SvelteKit merges data from the root down, so the innermost word counts.
 * What cannot be understood denies.
 */
export function connectSvelteKit(client: ReplayController): void {
  const { navigation } = client
  // Of the page on show. `page` itself may speak of one already that waits for something (`experimental.async`).
  let replay: ReplayRouteMeta | null = null
  let url: URL | null = null
  // In the turn that replaces the page: before its elements are inserted, or after it with `experimental.async`.
  $effect.pre(() => {
    replay = readReplay(page.data)
    url = page.url
    untrack(() => navigation.evaluate(undefined, 'replaced'))
  })
  $effect.pre(() => untrack(() => navigation.addMeta(() => replay)))
  $effect.pre(() => untrack(() => navigation.addRendered(() => url)))
  afterNavigate(() => navigation.committed())
}

const readReplay = (data: object): ReplayRouteMeta | null =>
  (data as { replay?: ReplayRouteMeta }).replay ?? null
