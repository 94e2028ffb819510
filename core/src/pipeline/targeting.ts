import type { ResolvedOptions } from '../config/resolve-options.ts'
import { createTargeting, type Targeting, type TargetingDeps } from '../session/targeting.ts'
import { createTargetingStore } from '../store/targeting-store.ts'
import type { Stop, TargetingStore } from '../types.ts'
import { followLocation } from './page-location.ts'

export interface PageTargeting extends Targeting {
  /** Calls at once, and at each new address of the page. */
  follow(run: () => void): Stop
}

/** Targeting of one session, with its memory of earlier pages on disk unless `storeType` is `memory`. */
export function openTargeting(
  deps: Omit<TargetingDeps, 'store' | 'pageUrl'> & {
    readonly apiKey: string
    readonly options: ResolvedOptions
  },
): PageTargeting {
  const location = followLocation(deps.options, deps.report)
  const targeting = createTargeting({
    ...deps,
    pageUrl: location.get,
    store: deps.options.storeType === 'idb' ? createTargetingStore(deps.apiKey) : FORGETFUL,
  })
  return {
    get verdict() {
      return targeting.verdict
    },
    evaluate: targeting.evaluate,
    follow: location.subscribe,
  }
}

const FORGETFUL: TargetingStore = { get: async () => undefined, set: async () => {} }
