import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTargetingStore } from './targeting-store.ts'

let now = 0

const open = () => createTargetingStore('0123456789abcdef', () => now)

async function rowsOf(database: string, table: string): Promise<unknown[]> {
  const opening = indexedDB.open(database)
  await new Promise((resolve) => {
    opening.onsuccess = resolve
  })
  const reading = opening.result.transaction(table).objectStore(table).getAll()
  await new Promise((resolve) => {
    reading.onsuccess = resolve
  })
  opening.result.close()
  return reading.result
}

beforeEach(() => {
  now = Date.now()
  vi.stubGlobal('indexedDB', new IDBFactory())
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('createTargetingStore', () => {
  it('opens nothing before it is used', async () => {
    open()
    expect(await indexedDB.databases()).toEqual([])
  })

  it('keeps no connection open', async () => {
    const opened = vi.spyOn(IDBFactory.prototype, 'open')
    const closed = vi.spyOn(IDBDatabase.prototype, 'close')
    const store = open()
    await store.set(1, { matched: false, eventTypes: ['Buy'] })
    await store.get(1)
    expect(opened).toHaveBeenCalled()
    expect(closed).toHaveBeenCalledTimes(opened.mock.calls.length)
  })

  it('knows the verdict and the event types on the next page', async () => {
    expect(await open().get(1)).toBeUndefined()
    await open().set(1, { matched: false, eventTypes: ['Buy'] })
    await open().set(2, { matched: true, eventTypes: [] })
    expect(await open().get(1)).toEqual({ matched: false, eventTypes: ['Buy'] })
    expect(await open().get(2)).toEqual({ matched: true, eventTypes: [] })
  })

  it('shares databases and rows with the official SDK', async () => {
    await open().set(1, { matched: true, eventTypes: ['Buy'] })
    expect(await rowsOf('0123456789_amp_session_replay_targeting', 'sessionTargetingMatch')).toEqual([
      { sessionId: '1', lastUpdated: now, targetingMatch: true },
    ])
    expect(await rowsOf('0123456789_amp_targeting', 'eventTypesForSession')).toEqual([
      { sessionId: '1', lastUpdated: now, eventTypes: { Buy: { [now]: { event_type: 'Buy' } } } },
    ])
  })

  it('keeps event types of all tabs, however they are called', async () => {
    await Promise.all(
      ['Buy', 'See', '__proto__'].map((type) => open().set(1, { matched: false, eventTypes: [type] })),
    )
    expect((await open().get(1))?.eventTypes.toSorted()).toEqual(['Buy', 'See', '__proto__'])
  })

  it('forgets other sessions after two days', async () => {
    await open().set(1, { matched: true, eventTypes: [] })
    await open().set(2, { matched: true, eventTypes: [] })
    now += 2 * 24 * 3_600_000 + 1
    await open().set(2, { matched: true, eventTypes: [] })
    expect(await open().get(1)).toBeUndefined()
    expect(await open().get(2)).toBeDefined()
  })

  it('remembers for the page where there is no IndexedDB', async () => {
    vi.stubGlobal('indexedDB', undefined)
    const store = open()
    await store.set(1, { matched: true, eventTypes: ['Buy'] })
    expect(await store.get(1)).toEqual({ matched: true, eventTypes: ['Buy'] })
  })

  it('opens anew after its database was deleted', async () => {
    const store = open()
    await store.set(1, { matched: true, eventTypes: [] })
    const request = indexedDB.deleteDatabase('0123456789_amp_session_replay_targeting')
    await new Promise((resolve) => {
      request.onsuccess = resolve
    })
    expect((await store.get(1))?.matched).toBe(true)
    await store.set(1, { matched: true, eventTypes: ['Buy'] })
    expect(await open().get(1)).toEqual({ matched: true, eventTypes: ['Buy'] })
  })
})
