import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../test/support/open-store.ts'
import type { StoreDeps } from './open.ts'
import type { BatchStore, StreamState } from './store.ts'
import { chunk, header, keyOf } from './test-batches.ts'

let stores: BatchStore[] = []
let now = 0

async function open(tabId: string, changes: Partial<StoreDeps> = {}): Promise<BatchStore> {
  const store = await openStore({
    apiKey: '0123456789abcdef',
    tabId,
    storeType: 'idb',
    report: () => {},
    onGap: () => {},
    onAdoptable: () => {},
    now: () => now,
    ...changes,
  })
  stores.push(store)
  return store
}

const closeStream = ({ crc, rawBytes }: StreamState, tail: string): Uint8Array =>
  new TextEncoder().encode(`${tail}#${crc}/${rawBytes}`)

const adopt = async (store: BatchStore): Promise<string[]> =>
  (await store.adopt(closeStream)).map(({ header: { tabId, sequence } }) => `${tabId} ${sequence}`)

const putClosed = (store: BatchStore, tabId: string, sequence: number): Promise<void> =>
  store.put(header(sequence, { tabId }), chunk(0, 'ab', 'closed'))

beforeEach(() => {
  now = Date.now()
  vi.stubGlobal('indexedDB', new IDBFactory())
})

afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(stores.map((store) => store.close()))
  stores = []
  vi.unstubAllGlobals()
})

// Web Locks: ownership.browser.test.ts. Node has none, so leases are at work here.
describe('ownership by lease', () => {
  it('leaves the batches of a living tab alone', async () => {
    const living = await open('tab-a')
    await putClosed(living, 'tab-a', 1)
    expect(await adopt(await open('tab-b'))).toEqual([])
  })

  it('passes the batches of a closed tab on at once', async () => {
    const first = await open('tab-a')
    await putClosed(first, 'tab-a', 1)
    await putClosed(first, 'tab-a', 2)
    await first.close()
    const next = await open('tab-b')
    expect(await adopt(next)).toEqual(['tab-a 1', 'tab-a 2'])
    expect((await next.read(keyOf(2)))?.events).toBe(1)
  })

  it('passes the batches of a crashed tab on after its lease', async () => {
    const crashed = await open('tab-a')
    await putClosed(crashed, 'tab-a', 1)
    const next = await open('tab-b')
    now += 29_000
    expect(await adopt(next)).toEqual([])
    now += 2000
    expect(await adopt(next)).toEqual(['tab-a 1'])
  })

  it('says when a lease has run out', async () => {
    const crashed = await open('tab-a')
    await putClosed(crashed, 'tab-a', 1)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const onAdoptable = vi.fn()
    const next = await open('tab-b', { onAdoptable })
    await adopt(next)
    now += 31_000
    vi.advanceTimersByTime(31_000)
    expect(onAdoptable).toHaveBeenCalledOnce()
  })

  it('gives each dead tab to one taker', async () => {
    const first = await open('tab-a')
    await putClosed(first, 'tab-a', 1)
    await first.close()
    const takers = await Promise.all(['tab-b', 'tab-c', 'tab-d'].map((tabId) => open(tabId)))
    const taken = await Promise.all(takers.map(adopt))
    expect(taken.flat()).toEqual(['tab-a 1'])
  })

  it('renews the lease while something is unsent', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const living = await open('tab-a')
    await putClosed(living, 'tab-a', 1)
    const other = await open('tab-b')
    for (let beat = 0; beat < 9; beat += 1) {
      now += 10_000
      await vi.advanceTimersByTimeAsync(10_000)
      await living.read(keyOf(1))
    }
    expect(await adopt(other)).toEqual([])
  })

  it('renews the lease of an adopted tab until all of it is sent', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const first = await open('tab-a')
    await putClosed(first, 'tab-a', 1)
    await first.close()
    const taker = await open('tab-b')
    await adopt(taker)
    const other = await open('tab-c')
    for (let beat = 0; beat < 9; beat += 1) {
      now += 10_000
      await vi.advanceTimersByTimeAsync(10_000)
      await taker.read(keyOf(1))
    }
    expect(await adopt(other)).toEqual([])
    await taker.remove(keyOf(1))
    expect(await adopt(other)).toEqual([])
    await vi.advanceTimersByTimeAsync(20_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lets go of what another page took while this one was suspended', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const asleep = await open('tab-a')
    await putClosed(asleep, 'tab-a', 1)
    now += 31_000
    const taker = await open('tab-b')
    expect(await adopt(taker)).toEqual(['tab-a 1'])
    await putClosed(asleep, 'tab-a', 2)
    await vi.waitFor(async () => {
      vi.advanceTimersByTime(10_000)
      expect(await asleep.read(keyOf(1))).toBeNull()
    })
  })

  it('is not fooled by a wall clock that was set back', async () => {
    const first = await open('tab-a')
    await putClosed(first, 'tab-a', 1)
    now -= 3_600_000
    expect(await adopt(await open('tab-b'))).toEqual(['tab-a 1'])
  })
})

describe('adoption', () => {
  async function adoptFrom(fill: (store: BatchStore) => Promise<void>): Promise<BatchStore> {
    const first = await open('tab-a')
    await fill(first)
    await first.close()
    return open('tab-b')
  }

  it('ends a stream that was left open after its last whole piece', async () => {
    const next = await adoptFrom(async (store) => {
      await store.put(header(1), chunk(0, 'ab'))
      await store.put(header(1), chunk(1, 'cd'))
    })
    expect(await adopt(next)).toEqual(['tab-a 1'])
    const batch = await next.read(keyOf(1))
    expect(new TextDecoder().decode(batch?.body)).toBe('abcd]}#1/2')
    expect(batch?.events).toBe(2)
  })

  it('ends it with the same bytes whoever sends it', async () => {
    const next = await adoptFrom((store) => store.put(header(1), chunk(0, 'ab')))
    await adopt(next)
    const once = await next.read(keyOf(1))
    await next.close()
    const last = await open('tab-c')
    expect(await adopt(last)).toEqual(['tab-a 1'])
    expect((await last.read(keyOf(1)))?.body).toEqual(once?.body)
  })

  it('leaves out a stream without an event', async () => {
    const next = await adoptFrom((store) => store.put(header(1), { ...chunk(0, '{'), events: 0 }))
    expect(await adopt(next)).toEqual([])
  })

  it('gives a batch once', async () => {
    const next = await adoptFrom((store) => putClosed(store, 'tab-a', 1))
    expect(await adopt(next)).toEqual(['tab-a 1'])
    expect(await adopt(next)).toEqual([])
  })

  it('forgets it for all tabs when it was sent', async () => {
    const next = await adoptFrom((store) => putClosed(store, 'tab-a', 1))
    await adopt(next)
    await next.remove(keyOf(1))
    expect(next.status().diskBytes).toBe(0)
    await next.close()
    expect(await adopt(await open('tab-c'))).toEqual([])
  })

  it('gives up what is older than three days, and counts it', async () => {
    const next = await adoptFrom((store) => putClosed(store, 'tab-a', 1))
    now += 3 * 24 * 3_600_000 + 10_000
    expect(await adopt(next)).toEqual([])
    expect(next.status().dropped).toEqual({ 'too-old': 1 })
  })

  it('keeps the fresh batches of a tab that has old ones too', async () => {
    const next = await adoptFrom(async (store) => {
      await store.put(header(1), { ...chunk(0, 'ab', 'closed'), lastEventAt: now - 4 * 24 * 3_600_000 })
      await putClosed(store, 'tab-a', 2)
    })
    expect(await adopt(next)).toEqual(['tab-a 2'])
    expect(await adopt(await open('tab-c'))).toEqual([])
    expect(await next.read(keyOf(2))).not.toBeNull()
  })
})

describe('the back/forward cache', () => {
  it('lets the next page deliver what was left, and sends nothing twice on return', async () => {
    const cached = await open('tab-a')
    await putClosed(cached, 'tab-a', 1)
    await putClosed(cached, 'tab-a', 2)
    cached.pause()
    const next = await open('tab-b')
    expect(await adopt(next)).toEqual(['tab-a 1', 'tab-a 2'])
    await next.remove(keyOf(1))
    await next.remove(keyOf(2))
    await next.close()
    expect(await cached.resume()).toEqual([header(1), header(2)])
    expect(await cached.read(keyOf(1))).toBeNull()
    expect(cached.kind).toBe('idb')
  })

  it('keeps what nobody took', async () => {
    const cached = await open('tab-a')
    await putClosed(cached, 'tab-a', 1)
    cached.pause()
    expect(await cached.resume()).toEqual([])
    expect(await cached.read(keyOf(1))).not.toBeNull()
    expect(await adopt(await open('tab-b'))).toEqual([])
  })

  it('records on in memory while another page still sends the old batches', async () => {
    const cached = await open('tab-a')
    await putClosed(cached, 'tab-a', 1)
    cached.pause()
    const next = await open('tab-b')
    await adopt(next)
    expect(await cached.resume()).toEqual([header(1)])
    await putClosed(cached, 'tab-a', 2)
    expect(cached.kind).toBe('memory')
    expect(await cached.read(keyOf(2))).not.toBeNull()
    expect(await cached.read(keyOf(1))).toBeNull()
    expect(await next.read(keyOf(1))).not.toBeNull()
  })

  it('forgets what it had adopted before', async () => {
    const first = await open('tab-a')
    await putClosed(first, 'tab-a', 1)
    await first.close()
    const cached = await open('tab-b')
    await adopt(cached)
    cached.pause()
    expect(await cached.resume()).toEqual([header(1)])
    expect(await cached.read(keyOf(1))).toBeNull()
    expect(await adopt(cached)).toEqual(['tab-a 1'])
  })
})
