import 'fake-indexeddb/auto'
import { forceCloseDatabase, IDBDatabase, IDBFactory, IDBObjectStore, IDBTransaction } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../test/support/open-store.ts'
import type { ReplayError } from '../errors.ts'
import type { StoreDeps } from './open.ts'
import type { BatchStore } from './store.ts'
import { chunk, header, keyOf } from './test-batches.ts'

let reported: ReplayError[] = []
let elapsed = 0
let stores: BatchStore[] = []

async function open(changes: Partial<StoreDeps> = {}): Promise<BatchStore> {
  const store = await openStore({
    apiKey: '0123456789abcdef',
    tabId: 'tab-a',
    storeType: 'idb',
    report: (error) => reported.push(error),
    onGap: () => {},
    onAdoptable: () => {},
    elapsedMs: () => elapsed,
    ...changes,
  })
  stores.push(store)
  return store
}

/** What the next visit finds on disk. */
async function onDisk(): Promise<number[]> {
  const next = await open({ tabId: 'tab-next', now: () => Date.now() + 60_000 })
  const taken = await next.adopt(() => new Uint8Array())
  return taken.map(({ header }) => header.sequence)
}

async function rawDatabase(version?: number): Promise<globalThis.IDBDatabase> {
  const opening = indexedDB.open('session_replay_kit_0123456789', version)
  await new Promise((resolve) => {
    opening.onsuccess = resolve
  })
  return opening.result
}

async function countRows(name: string): Promise<number> {
  const db = await rawDatabase()
  const counting = db.transaction(name).objectStore(name).count()
  await new Promise((resolve) => {
    counting.onsuccess = resolve
  })
  db.close()
  return counting.result
}

const putClosed = (store: BatchStore, sequence: number): Promise<void> =>
  store.put(header(sequence), chunk(0, 'ab', 'closed'))

const silentRequest = (): IDBOpenDBRequest =>
  Object.assign(Object.create(globalThis.IDBOpenDBRequest.prototype), {
    addEventListener() {},
    removeEventListener() {},
  })

beforeEach(() => {
  reported = []
  elapsed = 0
  stores = []
  vi.stubGlobal('indexedDB', new IDBFactory())
})

afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(stores.map((store) => store.close()))
  vi.unstubAllGlobals()
})

describe('a database that cannot be opened', () => {
  const faults: Record<string, () => unknown> = {
    absent: () => undefined,
    throwing: () => ({
      open() {
        throw new DOMException('denied', 'SecurityError')
      },
    }),
    silent: () => ({ open: silentRequest }),
    nonsense: () => ({ open: () => 'no request' }),
  }

  it.each(Object.keys(faults))('is replaced by memory when %s, with one warning', async (fault) => {
    vi.stubGlobal('indexedDB', faults[fault]?.())
    const store = await open()
    await putClosed(store, 1)
    expect(store.kind).toBe('memory')
    expect((await store.read(keyOf(1)))?.events).toBe(1)
    expect(reported.map(({ code }) => code)).toEqual(['STORE_FAILED'])
  })

  it('is replaced by memory when the getter itself throws', async () => {
    vi.unstubAllGlobals()
    Object.defineProperty(globalThis, 'indexedDB', {
      configurable: true,
      get() {
        throw new DOMException('denied', 'SecurityError')
      },
    })
    const store = await open()
    await putClosed(store, 1)
    expect(await store.read(keyOf(1))).not.toBeNull()
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, writable: true, value: undefined })
  })

  it('is left alone when a newer version of the kit has it', async () => {
    ;(await rawDatabase(99)).close()
    const store = await open()
    await putClosed(store, 1)
    elapsed = 1e9
    await putClosed(store, 2)
    expect(store.kind).toBe('memory')
    expect(reported).toHaveLength(1)
    expect((await indexedDB.databases())[0]?.version).toBe(99)
  })

  it('is used, and taken over from, when it answers late', async () => {
    // Nobody can open a database while its deletion waits for the last page that has it open.
    const held = await rawDatabase()
    const deleting = new Promise((resolve) => {
      indexedDB.deleteDatabase('session_replay_kit_0123456789').onsuccess = resolve
    })
    const onAdoptable = vi.fn()
    const store = await open({ onAdoptable })
    await putClosed(store, 1)
    expect(store.kind).toBe('memory')
    held.close()
    await deleting
    await vi.waitFor(() => expect(store.kind).toBe('idb'))
    expect(onAdoptable).toHaveBeenCalledTimes(1)
    await putClosed(store, 2)
    await store.close()
    expect(await onDisk()).toEqual([1, 2])
  })

  it('is closed again when it answers after the store was closed', async () => {
    const held = await rawDatabase()
    const deleting = indexedDB.deleteDatabase('session_replay_kit_0123456789')
    const store = await open()
    await store.close()
    held.close()
    const again = indexedDB.deleteDatabase('session_replay_kit_0123456789')
    const blocked = vi.fn()
    again.onblocked = blocked
    await new Promise((resolve) => {
      again.onsuccess = resolve
    })
    expect(deleting.readyState).toBe('done')
    expect(blocked).not.toHaveBeenCalled()
  })

  it('takes what came before it was open', async () => {
    const opening = open()
    const store = await opening
    await putClosed(store, 1)
    await store.close()
    expect(await onDisk()).toEqual([1])
  })
})

describe('a database that fails later', () => {
  it('loses nothing when transactions go silent', async () => {
    const store = await open()
    await putClosed(store, 1)
    vi.spyOn(IDBTransaction.prototype as unknown as { _start(): void }, '_start').mockReturnValue()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const put = putClosed(store, 2)
    await vi.advanceTimersByTimeAsync(5000)
    await put
    vi.useRealTimers()
    expect(store.kind).toBe('memory')
    expect(await store.read(keyOf(1))).not.toBeNull()
    expect(await store.read(keyOf(2))).not.toBeNull()
    expect(reported).toHaveLength(1)
  })

  it('loses nothing when a transaction cannot begin', async () => {
    const store = await open()
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('gone', 'InvalidStateError')
    })
    await putClosed(store, 1)
    await putClosed(store, 2)
    expect(await store.read(keyOf(1))).not.toBeNull()
    expect(await store.read(keyOf(2))).not.toBeNull()
    expect(reported).toHaveLength(1)
  })

  it('moves back to disk what memory held, once the disk answers again', async () => {
    const store = await open()
    const broken = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('gone', 'InvalidStateError')
    })
    await putClosed(store, 1)
    broken.mockRestore()
    elapsed = 29_000
    await putClosed(store, 2)
    expect(store.kind).toBe('memory')
    elapsed = 31_000
    await putClosed(store, 3)
    await vi.waitFor(() => expect(store.kind).toBe('idb'))
    await store.close()
    expect(await onDisk()).toEqual([1, 2, 3])
  })

  it('removes from disk, once it is back, what was sent meanwhile', async () => {
    const store = await open()
    await putClosed(store, 1)
    const broken = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('gone', 'InvalidStateError')
    })
    await store.remove(keyOf(1))
    broken.mockRestore()
    elapsed = 31_000
    await putClosed(store, 2)
    await vi.waitFor(() => expect(store.kind).toBe('idb'))
    await store.close()
    expect(await onDisk()).toEqual([2])
  })

  it('survives the browser closing it', async () => {
    let opened: IDBDatabase | undefined
    const original = IDBDatabase.prototype.transaction
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
      this: IDBDatabase,
      ...args: unknown[]
    ) {
      opened = this
      return Reflect.apply(original, this, args)
    })
    const store = await open()
    await putClosed(store, 1)
    await new Promise<void>((resolve) => {
      opened?.addEventListener('close', () => resolve())
      // Its declaration asks for the class where it takes an instance.
      forceCloseDatabase(opened as unknown as typeof IDBDatabase)
    })
    await putClosed(store, 2)
    expect(store.kind).toBe('memory')
    expect(await store.read(keyOf(1))).not.toBeNull()
    expect(await store.read(keyOf(2))).not.toBeNull()
  })

  it('gives way when the page deletes it, and lays it out anew', async () => {
    const store = await open()
    await putClosed(store, 1)
    const request = indexedDB.deleteDatabase('session_replay_kit_0123456789')
    await new Promise((resolve) => {
      request.onsuccess = resolve
    })
    expect(store.kind).toBe('memory')
    elapsed = 1_500
    await putClosed(store, 2)
    await vi.waitFor(() => expect(store.kind).toBe('idb'))
    await store.close()
    expect(await onDisk()).toEqual([1, 2])
  })
})

describe('a full disk', () => {
  const full = (): never => {
    throw new DOMException('full', 'QuotaExceededError')
  }

  it('gets one new try after the oldest segment was taken off it', async () => {
    const store = await open()
    await putClosed(store, 1)
    await store.put(header(2, { startsSegment: true }), chunk(0, 'cd', 'closed'))
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(full)
    await store.put(header(3), chunk(0, 'ef', 'closed'))
    expect(store.kind).toBe('idb')
    // Memory still holds the segment, so nothing is lost while the page lives.
    expect(await store.read(keyOf(1))).not.toBeNull()
    expect(store.status().dropped).toEqual({})
    await store.close()
    expect(await onDisk()).toEqual([2, 3])
  })

  it('is given up for memory when nothing can be taken off it', async () => {
    const store = await open()
    await putClosed(store, 1)
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(full)
    await putClosed(store, 2)
    expect(store.kind).toBe('memory')
    expect(await store.read(keyOf(1))).not.toBeNull()
    expect(await store.read(keyOf(2))).not.toBeNull()
    expect(reported).toHaveLength(1)
  })

  it('commits no half of a write', async () => {
    const store = await open()
    await putClosed(store, 1)
    const original = IDBObjectStore.prototype.put
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...args: unknown[]
    ) {
      if (this.name === 'batches') full()
      return Reflect.apply(original, this, args)
    })
    await putClosed(store, 2)
    vi.restoreAllMocks()
    await store.close()
    expect(await onDisk()).toEqual([1])
    expect(await countRows('chunks')).toBe(1)
  })
})
