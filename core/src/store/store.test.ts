import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../test/support/open-store.ts'
import type { ReplayError } from '../errors.ts'
import { createStore, type StoreDeps } from './open.ts'
import { chunk, header, keyOf } from './test-batches.ts'

let reported: ReplayError[] = []

function depsFor(storeType: 'idb' | 'memory', tabId = 'tab-a'): StoreDeps {
  return {
    apiKey: '0123456789abcdef',
    tabId,
    storeType,
    report: (error) => reported.push(error),
    onGap: () => {},
    onAdoptable: () => {},
  }
}

beforeEach(() => {
  reported = []
  vi.stubGlobal('indexedDB', new IDBFactory())
})

describe.each(['idb', 'memory'] as const)('the %s store', (storeType) => {
  it('gives a closed batch back with its pieces joined', async () => {
    const store = await openStore(depsFor(storeType))
    await store.put(header(1), chunk(0, 'ab'))
    await store.put(header(1), chunk(1, 'cd', 'closed'))
    const batch = await store.read(keyOf(1))
    expect(new TextDecoder().decode(batch?.body)).toBe('abcd')
    expect(batch).toMatchObject({ header: header(1), events: 2 })
    expect(store.kind).toBe(storeType)
    await store.close()
  })

  it('does not give an open batch', async () => {
    const store = await openStore(depsFor(storeType))
    await store.put(header(1), chunk(0, 'ab'))
    expect(await store.read(keyOf(1))).toBeNull()
    expect(store.peek(keyOf(1))).toBeNull()
    await store.close()
  })

  it('gives a held batch at once', async () => {
    const store = await openStore(depsFor(storeType))
    void store.put(header(1), chunk(0, 'ab', 'closed'))
    expect(store.peek(keyOf(1))?.body.byteLength).toBe(2)
    await store.close()
  })

  it('forgets a removed batch and its bytes', async () => {
    const store = await openStore(depsFor(storeType))
    await store.put(header(1), chunk(0, 'ab', 'closed'))
    await store.remove(keyOf(1))
    expect(await store.read(keyOf(1))).toBeNull()
    expect(store.status()).toMatchObject({ memoryBytes: 0, diskBytes: 0, dropped: {} })
    await store.close()
  })

  it('discards one session and leaves the other', async () => {
    const store = await openStore(depsFor(storeType))
    await store.put(header(1, { sessionId: 1 }), chunk(0, 'ab', 'closed'))
    await store.put(header(2, { sessionId: 2 }), chunk(0, 'cd', 'closed'))
    expect(await store.discard({ sessionId: 1 })).toBe(1)
    expect(await store.read(keyOf(1))).toBeNull()
    expect(await store.read(keyOf(2))).not.toBeNull()
    await store.close()
  })

  it('ignores the rest of a batch that was discarded while open', async () => {
    const store = await openStore(depsFor(storeType))
    await store.put(header(1), chunk(0, 'ab'))
    expect(await store.discard('all')).toBe(1)
    await store.put(header(1), chunk(1, 'cd', 'closed'))
    expect(await store.read(keyOf(1))).toBeNull()
    await store.close()
  })

  it('keeps no more of a large buffer than the piece itself', async () => {
    const store = await openStore(depsFor(storeType))
    const large = new Uint8Array(1000)
    await store.put(header(1), { ...chunk(0, '', 'closed'), bytes: large.subarray(10, 20) })
    large.fill(7)
    expect((await store.read(keyOf(1)))?.body).toEqual(new Uint8Array(10))
    await store.close()
  })

  it('ignores what comes after close', async () => {
    const store = await openStore(depsFor(storeType))
    await store.close()
    await store.put(header(1), chunk(0, 'ab', 'closed'))
    expect(store.status().memoryBytes).toBe(0)
  })

  it('reports nothing while all goes well', async () => {
    const store = await openStore(depsFor(storeType))
    await store.put(header(1), chunk(0, 'ab', 'closed'))
    await store.close()
    expect(reported).toEqual([])
  })
})

it('counts a batch once that grows while it is moved to disk', async () => {
  const store = createStore(depsFor('idb'))
  for (let index = 0; index < 20; index++) {
    void store.put(header(1), chunk(index, 'ab'))
    await new Promise(setImmediate)
  }
  await store.ready
  await store.put(header(1), chunk(20, 'ab', 'closed'))
  expect(store.status().diskBytes).toBe(42)
  await store.close()
})
