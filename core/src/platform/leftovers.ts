import { localStore } from './storage.ts'

/**
 * A note in localStorage, one per tab, that unsent batches of it are on disk: `session_replay_kit_unsent_<key>_<tab>`.
 * Lets a page that is not recorded itself know whether loading the pipeline is worth it, without opening a database.
 */
export const prefixOf = (apiKey: string): string => `session_replay_kit_unsent_${apiKey.slice(0, 10)}_`

/** A page of this site, perhaps this one, has something on disk that no server has seen. */
export function hasLeftovers(apiKey: string): boolean {
  return noteNames(apiKey).length > 0
}

/** The notes of this project. */
export function noteNames(apiKey: string): string[] {
  try {
    const store = localStore()
    const all = Array.from({ length: store?.length ?? 0 }, (_, index) => store?.key(index) ?? '')
    return all.filter((name) => name.startsWith(prefixOf(apiKey)))
  } catch {
    return []
  }
}
