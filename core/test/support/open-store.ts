import { createStore, type StoreDeps } from '../../src/store/open.ts'
import type { BatchStore } from '../../src/store/store.ts'

/** A store whose disk is open, or given up for now. */
export async function openStore(deps: StoreDeps): Promise<BatchStore> {
  const store = createStore(deps)
  await store.ready
  return store
}
