import type { TargetingStore } from '../types.ts'
import { type DBSchema, openDatabase, type Transaction } from './idb.ts'

/** Type, then epoch ms: as the official SDK writes them. */
type EventTypes = Record<string, Record<string, { event_type: string }>>

interface Row {
  sessionId: string
  lastUpdated: number
}

/** Each of the two databases has one of these stores. */
interface TargetingSchema extends DBSchema {
  sessionTargetingMatch: { key: string; value: Row & { targetingMatch: boolean } }
  eventTypesForSession: { key: string; value: Row & { eventTypes: EventTypes } }
}

type TableName = 'sessionTargetingMatch' | 'eventTypesForSession'
type Value<Name extends TableName> = TargetingSchema[Name]['value']

/** As in the official SDK. */
const LIFETIME_MS = 2 * 24 * 60 * 60 * 1000

/**
 * Shares its databases with the official SDK, so that a session keeps its verdict when a site changes over, and has
 * them open only while it uses them. Never rejects: what the disk cannot keep is kept in memory.
 */
export function createTargetingStore(apiKey: string, now: () => number = Date.now): TargetingStore {
  const project = apiKey.slice(0, 10)
  const verdicts = createTable(`${project}_amp_session_replay_targeting`, 'sessionTargetingMatch', now)
  const seen = createTable(`${project}_amp_targeting`, 'eventTypesForSession', now)

  return {
    async get(sessionId) {
      const [verdict, types] = await Promise.all([
        verdicts.get(String(sessionId)),
        seen.get(String(sessionId)),
      ])
      if (!verdict && !types) return undefined
      return { matched: verdict?.targetingMatch === true, eventTypes: Object.keys(types?.eventTypes ?? {}) }
    },
    async set(sessionId, { matched, eventTypes }) {
      const added = eventTypes.map((type) => [type, { [now()]: { event_type: type } }])
      await Promise.all([
        verdicts.change(String(sessionId), (row) => ({ ...row, targetingMatch: matched })),
        seen.change(String(sessionId), (row, former) => ({
          ...row,
          eventTypes: { ...Object.fromEntries(added), ...former?.eventTypes },
        })),
      ])
    },
  }
}

interface Table<Name extends TableName> {
  get(sessionId: string): Promise<Value<Name> | undefined>
  /** Replaces a session's row in one transaction, and forgets other sessions that are too old. */
  change(sessionId: string, next: (row: Row, former: Value<Name> | undefined) => Value<Name>): Promise<void>
}

function createTable<Name extends TableName>(database: string, name: Name, now: () => number): Table<Name> {
  const remembered = new Map<string, Value<Name>>()

  async function run<Result, Mode extends 'readonly' | 'readwrite'>(
    mode: Mode,
    work: (transaction: Transaction<TargetingSchema, Mode>) => Promise<Result>,
  ): Promise<Result> {
    const db = await openDatabase<TargetingSchema>({
      name: database,
      version: 1,
      upgrade: (db) => void db.createObjectStore(name, { keyPath: 'sessionId' }),
      onLost() {},
    })
    try {
      return await db.run([name], mode, work)
    } finally {
      db.close()
    }
  }

  return {
    async get(sessionId) {
      try {
        const row = await run('readonly', (transaction) => transaction.objectStore(name).get(sessionId))
        return row ?? remembered.get(sessionId)
      } catch {
        return remembered.get(sessionId)
      }
    },
    async change(sessionId, next) {
      const row = { sessionId, lastUpdated: now() }
      try {
        const changed = await run('readwrite', async (transaction) => {
          const table = transaction.objectStore(name)
          const rows: Value<Name>[] = await table.getAll()
          const former = rows.find((other) => other.sessionId === sessionId) ?? remembered.get(sessionId)
          const value = next(row, former)
          await table.put(value)
          for (const other of rows)
            if (other.sessionId !== sessionId && now() - other.lastUpdated > LIFETIME_MS)
              await table.delete(other.sessionId)
          return value
        })
        remembered.set(sessionId, changed)
      } catch {
        remembered.set(sessionId, next(row, remembered.get(sessionId)))
      }
    },
  }
}
