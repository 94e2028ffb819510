import { localStore } from './storage.ts'

/**
 * A note in localStorage, one per tab, that unsent batches of it are on disk: `session_replay_kit_unsent_<key>_<tab>`.
 * Lets a page that is not recorded itself know whether loading the pipeline is worth it, without opening a database.
 */
const prefixOf = (apiKey: string): string => `session_replay_kit_unsent_${apiKey.slice(0, 10)}_`

/** A page of this site, perhaps this one, has something on disk that no server has seen. */
export function hasLeftovers(apiKey: string): boolean {
  return names(apiKey).length > 0
}

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

/** Takes back the notes of tabs that have nothing on disk any more. */
export function pruneLeftoverNotes(apiKey: string, tabIds: ReadonlySet<string>): void {
  for (const name of names(apiKey)) {
    if (tabIds.has(name.slice(prefixOf(apiKey).length))) continue
    try {
      localStore()?.removeItem(name)
    } catch {
      // As above.
    }
  }
}

function names(apiKey: string): string[] {
  try {
    const store = localStore()
    const all = Array.from({ length: store?.length ?? 0 }, (_, index) => store?.key(index) ?? '')
    return all.filter((name) => name.startsWith(prefixOf(apiKey)))
  } catch {
    return []
  }
}
