import type { Channel, SessionId } from '../types.ts'
import { type Database, type DBSchema, openDatabase } from './idb.ts'
import { findTabLocks } from './locks.ts'
import { mayExist, officialDatabases } from './official-databases.ts'

/** Unsent events of one session, as the official SDK kept them: each string is an element of `events`. */
export interface OfficialEvents {
  readonly channel: Channel
  readonly sessionId: SessionId
  /** Since SDK 1.36 JSON, before that packed strings. To be sent unchanged, in this order. */
  readonly events: string[]
}

export interface OfficialAdoptionDeps {
  apiKey: string
  /** Epoch ms: rows whose last event is older stay where they are. */
  oldestAt: number
  /** Resolves with true once the events are safe in our own store. */
  accept(events: OfficialEvents): Promise<boolean>
}

type OfficialRow = { sessionId: SessionId; events: string[]; sequenceId?: number }

interface OfficialSchema extends DBSchema {
  sessionCurrentSequence: { key: SessionId; value: OfficialRow }
  sequencesToSend: { key: number; value: OfficialRow }
}

/**
 * Takes over what the official SDK could not send, so that a site which changes over loses nothing. Its
 * database is never created, upgraded or emptied of more than was accepted: going back stays possible.
 * Resolves with the number of rows taken; never rejects.
 */
export async function adoptOfficial(deps: OfficialAdoptionDeps): Promise<number> {
  const { replay, interaction } = officialDatabases(deps.apiKey)
  return alone(replay, async () => {
    const replays = await adoptFrom(replay, 'replay', deps)
    return replays + (await adoptFrom(interaction, 'interaction', deps))
  })
}

async function adoptFrom(name: string, channel: Channel, deps: OfficialAdoptionDeps): Promise<number> {
  let db: Database<OfficialSchema> | undefined
  let taken = 0
  try {
    if (!(await mayExist(name))) return 0
    db = await openDatabase<OfficialSchema>({
      name,
      // Called only for a database that does not exist: an aborted creation leaves nothing behind.
      upgrade: (_db, _oldVersion, transaction) => transaction.abort(),
      onLost() {},
    })
    const { waiting, open } = await readRows(db)
    for (const row of [...waiting, ...open]) {
      if (!isWorthTaking(row, deps.oldestAt)) continue
      const { sessionId, events } = row
      if (!(await deps.accept({ channel, sessionId, events }))) continue
      await removeRow(db, row)
      taken += 1
    }
  } catch {
    // Not there, of an unknown shape, or failing: what could not be taken stays.
  }
  db?.close()
  return taken
}

function readRows(db: Database<OfficialSchema>): Promise<{ waiting: OfficialRow[]; open: OfficialRow[] }> {
  return db.run(['sequencesToSend', 'sessionCurrentSequence'], 'readonly', async (transaction) => ({
    waiting: await transaction.objectStore('sequencesToSend').getAll(),
    open: await transaction.objectStore('sessionCurrentSequence').getAll(),
  }))
}

function removeRow(db: Database<OfficialSchema>, row: OfficialRow): Promise<void> {
  return db.run(['sequencesToSend', 'sessionCurrentSequence'], 'readwrite', async (transaction) => {
    if (row.sequenceId !== undefined) return transaction.objectStore('sequencesToSend').delete(row.sequenceId)
    // An open buffer may have grown meanwhile: a tab with the official SDK still lives.
    const open = transaction.objectStore('sessionCurrentSequence')
    const current = await open.get(row.sessionId)
    if (!current) return
    const rest = current.events.slice(row.events.length)
    if (rest.length === 0) await open.delete(row.sessionId)
    else await open.put({ ...current, events: rest })
  })
}

function isWorthTaking(row: OfficialRow, oldestAt: number): boolean {
  const { sessionId, events } = row
  if (typeof sessionId !== 'number' && typeof sessionId !== 'string') return false
  if (!Array.isArray(events) || events.length === 0) return false
  if (!events.every((event) => typeof event === 'string')) return false
  const lastEventAt = timestampOf(events.at(-1) ?? '')
  return lastEventAt !== null && lastEventAt >= oldestAt
}

/** Epoch ms; null if the event cannot be read, infinite if it is packed and does not tell. */
function timestampOf(event: string): number | null {
  try {
    const parsed: unknown = JSON.parse(event)
    if (typeof parsed === 'string') return Number.POSITIVE_INFINITY
    const { timestamp } = parsed as { timestamp?: unknown }
    return typeof timestamp === 'number' ? timestamp : null
  } catch {
    return null
  }
}

/** Runs `work` in one tab at a time. Without Web Locks two tabs that start together might take a row twice. */
async function alone(name: string, work: () => Promise<number>): Promise<number> {
  const locks = findTabLocks('official', () => {})
  try {
    if (locks && !(await locks.claim(name))) return 0
  } catch {
    // Silent locks: an unlikely second copy is better than data that stays behind.
  }
  const taken = await work()
  locks?.releaseAll()
  return taken
}
