import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../test/support/open-store.ts'
import type { ReplayError } from '../errors.ts'
import { type Disk, MIGRATIONS, type Migration, openDisk } from './disk.ts'
import type { BatchStore } from './store.ts'
import { chunk, header, keyOf } from './test-batches.ts'

let apiKey = ''
let stores: BatchStore[] = []
let reported: ReplayError[] = []

async function open(tabId = 'tab-a'): Promise<BatchStore> {
  const store = await openStore({
    apiKey,
    tabId,
    storeType: 'idb',
    report: (error) => reported.push(error),
    onGap: () => {},
    onAdoptable: () => {},
  })
  stores.push(store)
  return store
}

const databaseName = (): string => `session_replay_kit_${apiKey}`

beforeEach(() => {
  apiKey = Math.random().toString(36).slice(2, 12).padEnd(10, 'x')
  reported = []
})

afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()))
  stores = []
  indexedDB.deleteDatabase(databaseName())
})

describe('the schema', () => {
  // Stands for a later release: one more step after those of today.
  const step: Migration = (db, transaction) => {
    void transaction.objectStore('batches').createIndex('bySession' as never, 'header.sessionId')
    expect(db.version).toBe(2)
  }

  function migrated(): Promise<Disk> {
    return openDisk(databaseName(), () => {}, [...MIGRATIONS, step])
  }

  it('is brought to the next version with every batch in place', async () => {
    const store = await open()
    await store.put(header(1), chunk(0, 'ab', 'closed'))
    await store.close()
    const disk = await migrated()
    expect(await disk.list()).toMatchObject([{ header: header(1), closed: true }])
    expect(new TextDecoder().decode((await disk.read(keyOf(1)))?.body)).toBe('ab')
    disk.close()
  })

  it('makes an older page give way at once and go on in memory', async () => {
    const store = await open()
    await store.put(header(1), chunk(0, 'ab', 'closed'))
    const disk = await migrated()
    expect(store.kind).toBe('memory')
    await store.put(header(2), chunk(0, 'cd', 'closed'))
    expect(await store.read(keyOf(1))).not.toBeNull()
    expect(await store.read(keyOf(2))).not.toBeNull()
    expect(reported.map(({ code }) => code)).toEqual(['STORE_FAILED'])
    disk.close()
  })

  it('makes a page that is older from the start use memory', async () => {
    const disk = await migrated()
    const store = await open()
    expect(store.kind).toBe('memory')
    disk.close()
  })
})
