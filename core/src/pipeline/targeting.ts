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
  return createTargeting({ ...deps, store: deps.storeType === 'idb' ? onDisk(deps.apiKey) : FORGETFUL })
}

const FORGETFUL: TargetingStore = { get: async () => undefined, set: async () => {} }

function onDisk(apiKey: string): TargetingStore {
  const disk = createTargetingStore(apiKey)
  const written = new Set<string>()
  return {
    async get(sessionId) {
      const eventTypes = Object.keys(await disk.eventTypes(sessionId))
      for (const type of eventTypes) written.add(type)
      return { matched: (await disk.get(sessionId)) === true, eventTypes }
    },
    async set(sessionId, { matched, eventTypes }) {
      await disk.set(sessionId, matched)
      for (const type of eventTypes) {
        if (!written.has(type)) await disk.addEventType(sessionId, type, Date.now())
        written.add(type)
      }
    },
  }
}
