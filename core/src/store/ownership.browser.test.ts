import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../test/support/open-store.ts'
import type { StoreDeps } from './open.ts'
import type { BatchStore } from './store.ts'
import { chunk, header, keyOf } from './test-batches.ts'

let apiKey = ''
let stores: BatchStore[] = []

async function open(tabId: string, changes: Partial<StoreDeps> = {}): Promise<BatchStore> {
  const store = await openStore({
    apiKey,
    tabId,
    storeType: 'idb',
    report: () => {},
    onGap: () => {},
    onAdoptable: () => {},
    ...changes,
  })
  stores.push(store)
  return store
}

const lockOf = (tabId: string): string => `session-replay-kit:session_replay_kit_${apiKey}:${tabId}`
const lockNames = async (): Promise<(string | undefined)[]> => {
  const { held } = await navigator.locks.query()
  return (held ?? []).map(({ name }) => name).filter((name) => name?.includes(apiKey))
}

const adopt = async (store: BatchStore): Promise<number[]> =>
  (await store.adopt(() => new Uint8Array())).map(({ header }) => header.sequence)

const putClosed = (store: BatchStore, tabId: string, sequence: number): Promise<void> =>
  store.put(header(sequence, { tabId }), chunk(0, 'ab', 'closed'))

/** Another page that holds a tab's lock until it dies. */
async function pageWithLock(tabId: string): Promise<HTMLIFrameElement> {
  const frame = document.createElement('iframe')
  document.body.append(frame)
  await new Promise((resolve) => {
    frame.contentWindow?.navigator.locks.request(lockOf(tabId), () => {
      resolve(null)
      return new Promise(() => {})
    })
  })
  return frame
}

beforeEach(() => {
  apiKey = Math.random().toString(36).slice(2, 12).padEnd(10, 'x')
})

afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(stores.map((store) => store.close()))
  stores = []
  indexedDB.deleteDatabase(`session_replay_kit_${apiKey}`)
})

describe('ownership by Web Locks', () => {
  it('holds one lock for the own tab, and none after close', async () => {
    const store = await open('tab-a')
    expect(await lockNames()).toEqual([lockOf('tab-a')])
    await store.close()
    expect(await lockNames()).toEqual([])
  })

  it('leaves the batches of a living tab alone', async () => {
    await putClosed(await open('tab-a'), 'tab-a', 1)
    expect(await adopt(await open('tab-b'))).toEqual([])
  })

  it('gives each dead tab to one taker', async () => {
    const first = await open('tab-a')
    await putClosed(first, 'tab-a', 1)
    await first.close()
    const takers = await Promise.all(['tab-b', 'tab-c', 'tab-d'].map((tabId) => open(tabId)))
    expect((await Promise.all(takers.map(adopt))).flat()).toEqual([1])
  })

  it('says when a living tab has died, to one waiting page', async () => {
    const first = await open('tab-a')
    await putClosed(first, 'tab-a', 1)
    await first.close()
    const page = await pageWithLock('tab-a')
    const onAdoptable = vi.fn()
    const waiting = await Promise.all([open('tab-b', { onAdoptable }), open('tab-c', { onAdoptable })])
    expect((await Promise.all(waiting.map(adopt))).flat()).toEqual([])
    page.remove()
    await vi.waitFor(() => expect(onAdoptable).toHaveBeenCalledOnce())
    expect((await Promise.all(waiting.map(adopt))).flat()).toEqual([1])
  })

  it('lets a dead tab go once all of it is sent', async () => {
    const first = await open('tab-a')
    await putClosed(first, 'tab-a', 1)
    await putClosed(first, 'tab-a', 2)
    await first.close()
    const next = await open('tab-b')
    expect(await adopt(next)).toEqual([1, 2])
    await next.remove(keyOf(1))
    expect(await lockNames()).toContain(lockOf('tab-a'))
    await next.remove(keyOf(2))
    await vi.waitFor(async () => expect(await lockNames()).toEqual([lockOf('tab-b')]))
  })

  it('waits its turn after the back/forward cache, and moves to disk what it recorded meanwhile', async () => {
    const onAdoptable = vi.fn()
    const cached = await open('tab-a', { onAdoptable })
    await putClosed(cached, 'tab-a', 1)
    cached.pause()
    await vi.waitFor(async () => expect(await lockNames()).toEqual([]))
    const next = await open('tab-b')
    expect(await adopt(next)).toEqual([1])
    expect(await cached.resume()).toEqual([header(1)])
    await putClosed(cached, 'tab-a', 2)
    expect(cached.kind).toBe('memory')
    await next.remove(keyOf(1))
    await vi.waitFor(() => expect(cached.kind).toBe('idb'))
    expect(onAdoptable).toHaveBeenCalled()
    expect(await cached.read(keyOf(2))).not.toBeNull()
    expect(await adopt(next)).toEqual([])
  })

  it('takes what the other page could not send, after all', async () => {
    const cached = await open('tab-a')
    await putClosed(cached, 'tab-a', 1)
    cached.pause()
    const next = await open('tab-b')
    await adopt(next)
    await cached.resume()
    await next.close()
    await vi.waitFor(() => expect(cached.kind).toBe('idb'))
    expect(await adopt(cached)).toEqual([1])
    expect(await cached.read(keyOf(1))).not.toBeNull()
  })

  it('turns to leases when locks do not answer', async () => {
    vi.spyOn(navigator.locks, 'request').mockReturnValue(new Promise(() => {}))
    const first = await open('tab-a')
    await putClosed(first, 'tab-a', 1)
    expect(first.kind).toBe('idb')
    const next = await open('tab-b')
    expect(await adopt(next)).toEqual([])
    await first.close()
    expect(await adopt(next)).toEqual([1])
  })

  it('turns to leases when locks are denied', async () => {
    vi.spyOn(navigator.locks, 'request').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    const first = await open('tab-a')
    await putClosed(first, 'tab-a', 1)
    await first.close()
    expect(await adopt(await open('tab-b'))).toEqual([1])
  })

  it('respects the lease of a page that has no locks', async () => {
    const denied = vi
      .spyOn(navigator.locks, 'request')
      .mockRejectedValue(new DOMException('denied', 'SecurityError'))
    const leasing = await open('tab-a')
    await putClosed(leasing, 'tab-a', 1)
    denied.mockRestore()
    const next = await open('tab-b')
    expect(await adopt(next)).toEqual([])
    await leasing.close()
    expect(await adopt(next)).toEqual([1])
  })
})
