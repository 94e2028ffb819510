import { localStore } from './storage.ts'

/**
 * A note in localStorage, one per tab, that unsent batches of it are on disk: `session_replay_kit_unsent_<key>_<tab>`.
 * Lets a page that is not recorded itself know whether loading the pipeline is worth it, without opening a database.
 */
export const prefixOf = (apiKey: string): string => `${PREFIX}${apiKey.slice(0, 10)}_`

const PREFIX = 'session_replay_kit_unsent_'
const DISOWNED = 'disowned'

/** A page of this site, perhaps this one, has something on disk that no server has seen. */
export function hasLeftovers(apiKey: string): boolean {
  return noteNames(apiKey).length > 0
}

/** None of what is noted now may be sent, whatever project it is of: the user said no on a page that records nothing. */
export function disownLeftovers(): void {
  try {
    for (const name of namesFrom(PREFIX)) localStore()?.setItem(name, DISOWNED)
  } catch {
    // Denied: then there is no note, either.
  }
}

/** Something of this project was disowned and is still there. */
export function hasDisowned(apiKey: string): boolean {
  try {
    return noteNames(apiKey).some((name) => localStore()?.getItem(name) === DISOWNED)
  } catch {
    return false
  }
}

/** The notes of this project. */
export const noteNames = (apiKey: string): string[] => namesFrom(prefixOf(apiKey))

function namesFrom(prefix: string): string[] {
  try {
    const store = localStore()
    const all = Array.from({ length: store?.length ?? 0 }, (_, index) => store?.key(index) ?? '')
    return all.filter((name) => name.startsWith(prefix))
  } catch {
    return []
  }
}
