import { noteNames, prefixOf } from './leftovers.ts'
import { localStore } from './storage.ts'

/** Says whether this tab has unsent batches. Touches storage only when that changes. */
export function createLeftoverNote(apiKey: string, tabId: string): (hasUnsent: boolean) => void {
  const name = prefixOf(apiKey) + tabId
  let noted = false
  return (hasUnsent) => {
    if (hasUnsent === noted) return
    noted = hasUnsent
    try {
      if (hasUnsent) localStore()?.setItem(name, '1')
      else localStore()?.removeItem(name)
    } catch {
      // Storage full or denied: the next recorded page delivers what is left.
    }
  }
}

/**
 * Takes back the notes of tabs that have nothing on disk any more.
 * @param tabsOnDisk undefined while that cannot be told
 */
export async function pruneLeftoverNotes(
  apiKey: string,
  tabsOnDisk: () => Promise<ReadonlySet<string> | undefined>,
): Promise<void> {
  // Read first: who notes something while the disk is asked may not have written it yet.
  const names = noteNames(apiKey)
  if (names.length === 0) return
  const tabIds = await tabsOnDisk()
  for (const name of names) {
    if (!tabIds || tabIds.has(name.slice(prefixOf(apiKey).length))) continue
    try {
      localStore()?.removeItem(name)
    } catch {
      // As above.
    }
  }
}
