import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { adoptOfficial, type OfficialEvents } from './adopt-official.ts'
import { mayHaveOfficial } from './official-databases.ts'

const NAME = '0123456789_amp_session_replay_events'
const NOW = Date.now()
const event = (timestamp: number): string => JSON.stringify({ type: 3, timestamp, data: {} })

/** Lays the database out as the official SDK does. */
async function officialDatabase(name = NAME): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore('sessionCurrentSequence', { keyPath: 'sessionId' })
    request.result
      .createObjectStore('sequencesToSend', { keyPath: 'sequenceId', autoIncrement: true })
      .createIndex('sessionId', 'sessionId')
  }
  await settled(request)
  return request.result
}

async function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  await new Promise((resolve, reject) => {
    request.onsuccess = resolve
    request.onerror = reject
  })
  return request.result
}

const add = (db: IDBDatabase, store: string, row: unknown): Promise<unknown> =>
  settled(db.transaction(store, 'readwrite').objectStore(store).put(row))
const rows = (db: IDBDatabase, store: string): Promise<unknown[]> =>
  settled(db.transaction(store).objectStore(store).getAll())

function adopt(accept: (events: OfficialEvents) => Promise<boolean>): Promise<number> {
  return adoptOfficial({ apiKey: '0123456789abcdef', oldestAt: NOW - 3 * 24 * 3_600_000, accept })
}

async function adoptAll(): Promise<OfficialEvents[]> {
  const taken: OfficialEvents[] = []
  await adopt(async (events) => taken.push(events) > 0)
  return taken
}

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()))
afterEach(() => vi.unstubAllGlobals())

describe('adoptOfficial', () => {
  it('takes waiting rows first, then open buffers, and deletes them', async () => {
    const db = await officialDatabase()
    await add(db, 'sessionCurrentSequence', { sessionId: 5, events: [event(NOW)], tabId: 'x' })
    await add(db, 'sequencesToSend', { sessionId: 5, events: [event(NOW - 2), event(NOW - 1)] })
    expect(await adoptAll()).toEqual([
      { channel: 'replay', sessionId: 5, events: [event(NOW - 2), event(NOW - 1)] },
      { channel: 'replay', sessionId: 5, events: [event(NOW)] },
    ])
    expect(await rows(db, 'sequencesToSend')).toEqual([])
    expect(await rows(db, 'sessionCurrentSequence')).toEqual([])
  })

  it('takes interactions too', async () => {
    const db = await officialDatabase(`${NAME}_interaction`)
    await add(db, 'sequencesToSend', { sessionId: 5, events: [event(NOW)] })
    expect(await adoptAll()).toMatchObject([{ channel: 'interaction' }])
  })

  it('leaves what was not accepted', async () => {
    const db = await officialDatabase()
    await add(db, 'sequencesToSend', { sessionId: 5, events: [event(NOW)] })
    expect(await adopt(async () => false)).toBe(0)
    expect(await rows(db, 'sequencesToSend')).toHaveLength(1)
  })

  it('takes packed rows of old versions as they are', async () => {
    const db = await officialDatabase()
    await add(db, 'sequencesToSend', { sessionId: 'mine', events: [JSON.stringify('x\u009c')] })
    expect(await adoptAll()).toEqual([
      { channel: 'replay', sessionId: 'mine', events: [JSON.stringify('x\u009c')] },
    ])
  })

  it('leaves rows that are too old, empty or unreadable', async () => {
    const db = await officialDatabase()
    await add(db, 'sequencesToSend', { sessionId: 1, events: [event(NOW - 4 * 24 * 3_600_000)] })
    await add(db, 'sequencesToSend', { sessionId: 2, events: [] })
    await add(db, 'sequencesToSend', { sessionId: 3, events: ['{"type":'] })
    await add(db, 'sequencesToSend', { sessionId: 4, events: 'no list' })
    await add(db, 'sequencesToSend', { events: [event(NOW)] })
    await add(db, 'sequencesToSend', { sessionId: 6, events: [event(NOW)] })
    expect(await adoptAll()).toMatchObject([{ sessionId: 6 }])
    expect(await rows(db, 'sequencesToSend')).toHaveLength(5)
  })

  it('leaves what a living tab added meanwhile', async () => {
    const db = await officialDatabase()
    await add(db, 'sessionCurrentSequence', { sessionId: 5, events: [event(NOW - 1)] })
    await adopt(async () => {
      await add(db, 'sessionCurrentSequence', { sessionId: 5, events: [event(NOW - 1), event(NOW)] })
      return true
    })
    expect(await rows(db, 'sessionCurrentSequence')).toEqual([{ sessionId: 5, events: [event(NOW)] }])
  })

  it('never creates the database', async () => {
    expect(await adoptAll()).toEqual([])
    expect(await indexedDB.databases()).toEqual([])
  })

  it('never creates it where databases cannot be listed', async () => {
    const { databases } = IDBFactory.prototype
    Object.assign(indexedDB, { databases: undefined })
    expect(await adoptAll()).toEqual([])
    expect(await databases.call(indexedDB)).toEqual([])
  })

  it('never changes its version', async () => {
    const db = await officialDatabase()
    await add(db, 'sequencesToSend', { sessionId: 5, events: [event(NOW)] })
    await adoptAll()
    expect(await indexedDB.databases()).toEqual([{ name: NAME, version: 1 }])
  })

  it('leaves a database of another shape alone', async () => {
    const request = indexedDB.open(NAME, 7)
    await settled(request)
    expect(await adoptAll()).toEqual([])
  })

  it('takes nothing where there is no IndexedDB', async () => {
    vi.stubGlobal('indexedDB', undefined)
    expect(await adoptAll()).toEqual([])
  })
})

describe('mayHaveOfficial', () => {
  const mayHave = (): Promise<boolean> => mayHaveOfficial('0123456789abcdef')

  it('finds either database, and nothing else', async () => {
    await officialDatabase('0123456789_other')
    expect(await mayHave()).toBe(false)
    await officialDatabase(`${NAME}_interaction`)
    expect(await mayHave()).toBe(true)
  })

  it('does not know where databases cannot be listed', async () => {
    Object.assign(indexedDB, { databases: undefined })
    expect(await mayHave()).toBe(true)
  })

  it('says no where there is no IndexedDB, and where listing fails', async () => {
    Object.assign(indexedDB, { databases: () => Promise.reject(new Error('denied')) })
    expect(await mayHave()).toBe(false)
    vi.stubGlobal('indexedDB', undefined)
    expect(await mayHave()).toBe(false)
  })
})
