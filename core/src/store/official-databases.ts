import { withWatchdog } from './watchdog.ts'

/** Where the official SDK keeps what it has not sent. */
export function officialDatabases(apiKey: string): { replay: string; interaction: string } {
  const replay = `${apiKey.slice(0, 10)}_amp_session_replay_events`
  return { replay, interaction: `${replay}_interaction` }
}

/** Whether one of them may be there. Where the browser cannot list databases, opening will tell. */
export async function mayHaveOfficial(apiKey: string): Promise<boolean> {
  const { replay, interaction } = officialDatabases(apiKey)
  return (await mayExist(replay)) || (await mayExist(interaction))
}

export async function mayExist(name: string): Promise<boolean> {
  try {
    if (typeof indexedDB.databases !== 'function') return true
    const databases = await withWatchdog(indexedDB.databases(), 2000, () => new Error('silent'))
    return databases.some((database) => database.name === name)
  } catch {
    // What cannot be listed cannot be read either.
    return false
  }
}
