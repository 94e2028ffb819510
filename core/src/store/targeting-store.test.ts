import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTargetingStore, type TargetingStore } from './targeting-store.ts'

let now = 0
let stores: TargetingStore[] = []

function open(): TargetingStore {
  const store = createTargetingStore('0123456789abcdef', () => now)
  stores.push(store)
  return store
}

beforeEach(() => {
  now = Date.now()
  vi.stubGlobal('indexedDB', new IDBFactory())
})
afterEach(() => {
  for (const store of stores) store.close()
  stores = []
  vi.unstubAllGlobals()
})

describe('createTargetingStore', () => {
  it('opens nothing before it is used', async () => {
    open()
    expect(await indexedDB.databases()).toEqual([])
  })

  it('knows the verdict on the next page', async () => {
    expect(await open().get(1)).toBeUndefined()
    await open().set(1, false)
    await open().set(2, true)
    expect(await open().get(1)).toBe(false)
    expect(await open().get(2)).toBe(true)
  })

  it('shares databases and rows with the official SDK', async () => {
    await open().set(1, true)
    await open().addEventType(1, 'Buy', 1000)
    expect((await indexedDB.databases()).map(({ name }) => name).sort()).toEqual([
      '0123456789_amp_session_replay_targeting',
      '0123456789_amp_targeting',
    ])
    const request = indexedDB.open('0123456789_amp_targeting')
    await new Promise((resolve) => {
      request.onsuccess = resolve
    })
    const reading = request.result
      .transaction('eventTypesForSession')
      .objectStore('eventTypesForSession')
      .getAll()
    await new Promise((resolve) => {
      reading.onsuccess = resolve
    })
    request.result.close()
    expect(reading.result).toEqual([
      { sessionId: '1', lastUpdated: now, eventTypes: { Buy: { 1000: { event_type: 'Buy' } } } },
    ])
  })

  it('collects event types, also from two tabs at once', async () => {
    await Promise.all([
      open().addEventType(1, 'Buy', 1),
      open().addEventType(1, 'Buy', 2),
      open().addEventType(1, 'See', 3),
    ])
    expect(await open().eventTypes(1)).toEqual({
      Buy: { 1: { event_type: 'Buy' }, 2: { event_type: 'Buy' } },
      See: { 3: { event_type: 'See' } },
    })
    expect(await open().eventTypes(2)).toEqual({})
  })

  it('forgets other sessions after two days', async () => {
    await open().set(1, true)
    await open().set(2, true)
    now += 2 * 24 * 3_600_000 + 1
    await open().set(2, true)
    expect(await open().get(1)).toBeUndefined()
    expect(await open().get(2)).toBe(true)
  })

  it('remembers for the page where there is no IndexedDB', async () => {
    vi.stubGlobal('indexedDB', undefined)
    const store = open()
    await store.set(1, true)
    await store.addEventType(1, 'Buy', 1)
    expect(await store.get(1)).toBe(true)
    expect(await store.addEventType(1, 'See', 2)).toEqual({
      Buy: { 1: { event_type: 'Buy' } },
      See: { 2: { event_type: 'See' } },
    })
  })

  it('opens anew after its database was deleted', async () => {
    const store = open()
    await store.set(1, true)
    const request = indexedDB.deleteDatabase('0123456789_amp_session_replay_targeting')
    await new Promise((resolve) => {
      request.onsuccess = resolve
    })
    expect(await store.get(1)).toBe(true)
    await store.set(1, false)
    expect(await open().get(1)).toBe(false)
  })
})
