import {
  createTargeting,
  type Targeting,
  type TargetingDeps,
  type TargetingStore,
} from '../session/targeting.ts'
import { createTargetingStore } from '../store/targeting-store.ts'

/** Targeting of one session, with its memory of earlier pages on disk unless `storeType` is `memory`. */
export function openTargeting(
  deps: Omit<TargetingDeps, 'store'> & { readonly apiKey: string; readonly storeType: 'idb' | 'memory' },
): Targeting {
  return createTargeting({
    ...deps,
    store: deps.storeType === 'idb' ? createTargetingStore(deps.apiKey) : FORGETFUL,
  })
}

const FORGETFUL: TargetingStore = { get: async () => undefined, set: async () => {} }
