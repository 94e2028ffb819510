import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../test/support/open-store.ts'
import type { ReplayError } from '../errors.ts'
import type { BatchHeader } from '../types.ts'
import { cutSegments, decideTrim } from './budget.ts'
import type { StoreDeps } from './open.ts'
import type { BatchStore } from './store.ts'
import { chunk, header, keyOf } from './test-batches.ts'

const weighed = (sequence: number, changes: Partial<BatchHeader> = {}) => ({
  header: header(sequence, { startsSegment: false, openedAt: sequence, ...changes }),
  bytes: 10,
  events: 1,
})
const start = { startsSegment: true }
const sequences = (segments: ReturnType<typeof cutSegments>): number[][] =>
  segments.map(({ batches }) => batches.map(({ header }) => header.sequence))

describe('cutSegments', () => {
  it('cuts before each full snapshot', () => {
    const batches = [weighed(1, start), weighed(2), weighed(3, start), weighed(4)]
    expect(sequences(cutSegments(batches))).toEqual([
      [1, 2],
      [3, 4],
    ])
  })

  it('takes what precedes the first snapshot as the rest of a segment', () => {
    expect(sequences(cutSegments([weighed(5), weighed(6), weighed(7, start)]))).toEqual([[5, 6], [7]])
  })

  it('never joins tabs, sessions or devices', () => {
    const batches = [
      weighed(1),
      weighed(2, { tabId: 'tab-b' }),
      weighed(3, { sessionId: 2 }),
      weighed(4, { deviceId: 'other' }),
      weighed(5),
    ]
    expect(sequences(cutSegments(batches))).toEqual([[1, 5], [2], [3], [4]])
  })

  it('takes each interaction batch for itself', () => {
    const batches = [weighed(1, start), weighed(2, { channel: 'interaction' }), weighed(3)]
    expect(sequences(cutSegments(batches))).toEqual([[1, 3], [2]])
  })

  it('marks the newest segment of the recording tab as growing', () => {
    const batches = [weighed(1, start), weighed(2, start), weighed(3), weighed(9, { tabId: 'tab-b' })]
    expect(cutSegments(batches, 'tab-a').map(({ growing }) => growing)).toEqual([false, true, false])
  })
})

describe('decideTrim', () => {
  const segments = cutSegments([weighed(1, start), weighed(2), weighed(3, start), weighed(4, start)], 'tab-a')
  const cases = [
    { totalBytes: 40, goalBytes: 40, growingToo: true, going: [] },
    { totalBytes: 40, goalBytes: 39, growingToo: true, going: [[1, 2]] },
    { totalBytes: 40, goalBytes: 19, growingToo: true, going: [[1, 2], [3]] },
    { totalBytes: 40, goalBytes: 0, growingToo: true, going: [[1, 2], [3], [4]] },
    { totalBytes: 40, goalBytes: 0, growingToo: false, going: [[1, 2], [3]] },
    { totalBytes: 90, goalBytes: 60, growingToo: false, going: [[1, 2], [3]] },
  ]
  it.each(cases)('gives $going for $totalBytes bytes and room for $goalBytes', ({ going, ...facts }) => {
    expect(sequences(decideTrim({ segments, ...facts }))).toEqual(going)
  })

  it('gives up the growing segment last, even if it is the oldest', () => {
    const long = cutSegments([weighed(1, start), weighed(2, { tabId: 'tab-b' })], 'tab-a')
    expect(
      sequences(decideTrim({ segments: long, totalBytes: 20, goalBytes: 10, growingToo: true })),
    ).toEqual([[2]])
  })
})

describe('a store at its limits', () => {
  let stores: BatchStore[] = []
  let reported: ReplayError[] = []
  let elapsed = 0
  const onGap = vi.fn()

  async function open(changes: Partial<StoreDeps>): Promise<BatchStore> {
    const store = await openStore({
      apiKey: '0123456789abcdef',
      tabId: 'tab-a',
      storeType: 'memory',
      report: (error) => reported.push(error),
      onGap,
      onAdoptable: () => {},
      elapsedMs: () => elapsed,
      ...changes,
    })
    stores.push(store)
    return store
  }

  const putTen = (store: BatchStore, sequence: number, startsSegment: boolean, changes = {}): Promise<void> =>
    store.put(
      header(sequence, { startsSegment, openedAt: sequence, ...changes }),
      chunk(0, '0123456789', 'closed'),
    )

  async function left(store: BatchStore, upTo: number): Promise<number[]> {
    const found: number[] = []
    for (let sequence = 1; sequence <= upTo; sequence += 1)
      if (await store.read(keyOf(sequence))) found.push(sequence)
    return found
  }

  beforeEach(() => {
    stores = []
    reported = []
    elapsed = 0
    onGap.mockClear()
    vi.stubGlobal('indexedDB', new IDBFactory())
  })
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()))
    vi.unstubAllGlobals()
  })

  it('gives up the oldest whole segment of memory, counts it and says so once', async () => {
    const store = await open({ budgets: { memoryBytes: 40 } })
    for (const sequence of [1, 2, 3, 4, 5]) await putTen(store, sequence, sequence % 2 === 1)
    expect(await left(store, 5)).toEqual([3, 4, 5])
    for (const sequence of [6, 7, 8]) await putTen(store, sequence, sequence % 2 === 1)
    expect(await left(store, 8)).toEqual([5, 6, 7, 8])
    expect(store.status().dropped).toEqual({ 'memory-full': 4 })
    expect(reported.map(({ code }) => code)).toEqual(['EVENT_DROPPED'])
    expect(onGap).not.toHaveBeenCalled()
  })

  it('asks for a snapshot when the growing segment had to go, and keeps nothing before it comes', async () => {
    const store = await open({ budgets: { memoryBytes: 25 } })
    await putTen(store, 1, true)
    await putTen(store, 2, false)
    await putTen(store, 3, false)
    expect(onGap).toHaveBeenCalledOnce()
    await putTen(store, 4, false)
    await putTen(store, 5, true)
    await putTen(store, 6, false)
    expect(await left(store, 6)).toEqual([5, 6])
    expect(store.status().dropped).toEqual({ 'memory-full': 4 })
  })

  it('counts no event twice when a batch was open as its segment went', async () => {
    const store = await open({ budgets: { memoryBytes: 25 } })
    await putTen(store, 1, true)
    await store.put(header(2), chunk(0, '0123456789'))
    await store.put(header(2), chunk(1, '0123456789'))
    await store.put(header(2), chunk(2, '0123456789', 'closed'))
    expect(store.status().dropped).toEqual({ 'memory-full': 4 })
  })

  it('lets memory copies go before any event, where a disk has them', async () => {
    const store = await open({ storeType: 'idb', budgets: { memoryBytes: 25 } })
    for (const sequence of [1, 2, 3, 4, 5]) await putTen(store, sequence, sequence === 1)
    expect(store.status().memoryBytes).toBeLessThanOrEqual(25)
    expect(store.peek(keyOf(1))).toBeNull()
    expect(await left(store, 5)).toEqual([1, 2, 3, 4, 5])
    expect(store.status().dropped).toEqual({})
  })

  it('keeps the disk within its budget', async () => {
    const store = await open({ storeType: 'idb', budgets: { memoryBytes: 0, diskBytes: 45 } })
    for (const sequence of [1, 2, 3, 4, 5]) await putTen(store, sequence, sequence % 2 === 1)
    await vi.waitFor(() => expect(store.status().diskBytes).toBe(30))
    expect(await left(store, 5)).toEqual([3, 4, 5])
    expect(store.status().dropped).toEqual({ 'disk-full': 2 })
  })

  it('does not count what memory still has when the disk is full', async () => {
    const store = await open({ storeType: 'idb', budgets: { diskBytes: 45 } })
    for (const sequence of [1, 2, 3, 4, 5]) await putTen(store, sequence, sequence % 2 === 1)
    expect(await left(store, 5)).toEqual([1, 2, 3, 4, 5])
    await vi.waitFor(() => expect(store.status()).toMatchObject({ dropped: {}, diskBytes: 30 }))
  })

  it('never gives up the batches of another living tab', async () => {
    const other = await open({ storeType: 'idb', tabId: 'tab-b' })
    for (const sequence of [1, 2, 3, 4]) await putTen(other, sequence, true, { tabId: 'tab-b' })
    const store = await open({ storeType: 'idb', budgets: { diskBytes: 45, memoryBytes: 0 } })
    await putTen(store, 5, true)
    expect(await left(store, 5)).toEqual([])
    expect(await other.read(keyOf(1, 'tab-b'))).not.toBeNull()
  })

  it('gives up own segments after three days on a clock that never jumps', async () => {
    const store = await open({})
    await putTen(store, 1, true)
    await putTen(store, 2, false)
    elapsed = 3 * 24 * 3_600_000 + 1
    await putTen(store, 3, true)
    expect(await left(store, 3)).toEqual([3])
    expect(store.status().dropped).toEqual({ 'too-old': 2 })
  })
})
