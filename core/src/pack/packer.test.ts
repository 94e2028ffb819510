import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { collectPacker, event, META, move } from '../../test/support/packer.ts'
import type { Packer } from './packer.ts'

const OTHER = { ...META, identity: { deviceId: 'device', sessionId: 2 } }
const CLICKS = { ...META, channel: 'interaction' as const }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('order and durability', () => {
  it('hands on every event once and in order, in each way to work', async () => {
    for (const idle of [true, false]) {
      const tab = collectPacker({ settings: { idle } })
      const sent: number[] = []
      for (let at = 1; at <= 3000; at++) {
        tab.packer.add(move(at, 'x'.repeat(at % 100)), META)
        sent.push(at)
        if (at % 37 === 0) await vi.advanceTimersByTimeAsync(at % 900)
        if (at % 500 === 0) tab.packer.closeSync('hidden')
        if (at % 700 === 0) await tab.packer.close('flush')
      }
      await tab.packer.close('stop')
      expect(tab.timestamps()).toEqual(sent)
      expect(tab.open()).toBe(0)
      expect(tab.problems).toEqual([])
    }
  })

  it('has a chunk with each event within a second', async () => {
    const tab = collectPacker()
    for (let at = 0; at < 20_000; at += 170) {
      tab.packer.add(move(at), META)
      await vi.advanceTimersByTimeAsync(170)
      expect(tab.timestamps().at(-1) ?? -1).toBeGreaterThan(at - 1000)
    }
  })

  it('waits for no timer in a hidden page, where timers are late', async () => {
    const tab = collectPacker({ isHidden: () => true })
    tab.packer.add(move(1), META)
    tab.packer.add(move(2), META)
    await Promise.resolve()
    expect(tab.timestamps()).toEqual([1, 2])
    tab.packer.add(move(3), META)
    await Promise.resolve()
    expect(tab.timestamps()).toEqual([1, 2])
    await vi.advanceTimersByTimeAsync(60)
    tab.packer.add(move(4), META)
    await Promise.resolve()
    expect(tab.timestamps()).toEqual([1, 2, 3, 4])
  })

  it('keeps no timer when nothing is buffered, and needs none to begin', async () => {
    const tab = collectPacker()
    expect(vi.getTimerCount()).toBe(0)
    tab.packer.add(move(1), META)
    expect(vi.getTimerCount()).toBeGreaterThan(0)
    await vi.advanceTimersByTimeAsync(5000)
    expect(tab.open()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('says what was newest in each chunk', async () => {
    const tab = collectPacker()
    tab.packer.add(move(70), META)
    tab.packer.add(move(50), META)
    await tab.packer.close('flush')
    expect(tab.batches.get(1)?.chunks.at(-1)).toMatchObject({ events: 2, lastEventAt: 70, closed: true })
  })

  it('writes elements as the protocol wants them', async () => {
    const tab = collectPacker()
    tab.packer.add({ data: { href: 'ä' }, timestamp: 5, type: 4 }, META)
    const click = { x: 1, timestamp: 6, type: 'click' }
    tab.packer.add(click, CLICKS)
    await tab.packer.close('flush')
    expect(tab.wire()).toEqual([['{"type":4,"timestamp":5,"data":{"href":"ä"}}'], [click]])
  })
})

describe('when a batch closes', () => {
  it('closes after the first full snapshot, and after each one if wanted', async () => {
    for (const eagerFullSnapshotSend of ['first', 'every'] as const) {
      const tab = collectPacker({ settings: { eagerFullSnapshotSend } })
      for (const at of [10, 20]) {
        tab.packer.add(event(4, at), META)
        tab.packer.add(event(2, at + 1), META)
        tab.packer.add(move(at + 2), META)
      }
      await tab.packer.close('flush')
      const stamps = tab.wire().map((texts) => texts.map((text) => JSON.parse(String(text)).timestamp))
      expect(stamps).toEqual(
        eagerFullSnapshotSend === 'every' ? [[10, 11], [12], [20, 21], [22]] : [[10, 11], [12], [20, 21, 22]],
      )
      const starts = tab.headers().map(({ startsSegment }) => startsSegment)
      expect(starts).toEqual(
        eagerFullSnapshotSend === 'every' ? [true, false, true, false] : [true, false, true],
      )
    }
  })

  it('takes what comes right before a snapshot into its batch', async () => {
    const tab = collectPacker()
    tab.packer.add(event(0, 1), META)
    tab.packer.add(event(5, 2, { tag: 'debug-info' }), META)
    tab.packer.add(event(4, 3), META)
    tab.packer.add(event(2, 4), META)
    await tab.packer.close('flush')
    expect(tab.headers()).toMatchObject([{ startsSegment: true, openedAt: 1 }])
  })

  it('leaves no Meta behind without its snapshot, however large that is', async () => {
    const tab = collectPacker({ settings: { maxBatchBytes: 1000 } })
    tab.packer.add(event(4, 1), META)
    tab.packer.add(event(2, 2, 'x'.repeat(5000)), META)
    tab.packer.add(move(3), META)
    await tab.packer.close('flush')
    expect(tab.wire().map((texts) => texts.length)).toEqual([2, 1])
  })

  it('closes before the uncompressed size would be exceeded', async () => {
    const tab = collectPacker({ settings: { maxBatchBytes: 10_000 } })
    for (let at = 1; at <= 20; at++) tab.packer.add(move(at, 'x'.repeat(3000)), META)
    await tab.packer.close('flush')
    expect(tab.wire().map((texts) => texts.length)).toEqual([3, 3, 3, 3, 3, 3, 2])
  })

  it('closes when the compressed size is reached', async () => {
    const tab = collectPacker()
    let state = 1
    const noise = () => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
      return state.toString(36)
    }
    for (let at = 1; at <= 3000; at++)
      tab.packer.add(move(at, Array.from({ length: 30 }, noise).join('')), META)
    await tab.packer.close('flush')
    const sizes = [...tab.batches.values()].map(({ chunks }) =>
      chunks.reduce((sum, { bytes }) => sum + bytes.length, 0),
    )
    expect(sizes.length).toBeGreaterThan(5)
    for (const size of sizes) expect(size).toBeLessThan(55_000)
  })

  it('keeps sessions and channels apart, and numbers batches of the tab as they open', async () => {
    const tab = collectPacker()
    tab.packer.add(move(1), META)
    tab.packer.add({ type: 'click', timestamp: 2 }, CLICKS)
    tab.packer.add(move(3), OTHER)
    tab.packer.add(move(4), META)
    await tab.packer.close('flush')
    const told = tab.headers().map(({ sequence, sessionId, channel }) => [sequence, sessionId, channel])
    expect(told.sort()).toEqual([
      [1, 1, 'replay'],
      [2, 1, 'interaction'],
      [3, 2, 'replay'],
      [4, 1, 'replay'],
    ])
  })

  it('waits longer from batch to batch while there is activity, then starts again', async () => {
    const closedAt: number[] = []
    const began = performance.now()
    const tab = collectPacker({
      onChunk(_, { closed }) {
        if (closed) closedAt.push(Math.round((performance.now() - began) / 1000))
      },
    })
    for (let at = 0; at < 60_000; at += 100) {
      tab.packer.add(move(at), META)
      await vi.advanceTimersByTimeAsync(100)
    }
    const gaps = closedAt.map((at, index) => at - (closedAt[index - 1] ?? 0))
    expect(gaps.slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    await vi.advanceTimersByTimeAsync(30_000)
    closedAt.length = 0
    const againAt = performance.now()
    tab.packer.add(move(100_000), META)
    await vi.advanceTimersByTimeAsync(2000)
    expect(closedAt.map((at) => at - Math.round((againAt - began) / 1000))).toEqual([1])
  })

  it('sends the last events before a silence within 8 seconds', async () => {
    const tab = collectPacker()
    for (let at = 0; at < 57_000; at += 100) {
      tab.packer.add(move(at), META)
      await vi.advanceTimersByTimeAsync(100)
    }
    await vi.advanceTimersByTimeAsync(8100)
    expect(tab.open()).toBe(0)
  })

  it('gathers interactions for half a minute', async () => {
    const tab = collectPacker()
    tab.packer.add({ type: 'click', timestamp: 1 }, CLICKS)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(tab.open()).toBe(1)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(tab.open()).toBe(0)
  })
})

describe('what cannot be sent', () => {
  it('is dropped with a reason, reported once, and the rest goes on', async () => {
    const tab = collectPacker({ settings: { maxEventBytes: 1000 } })
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    tab.packer.add(move(1), META)
    tab.packer.add(move(2, 'ä'.repeat(600)), META)
    tab.packer.add(move(3, cycle), META)
    tab.packer.add(move(4, 'ä'.repeat(400)), META)
    await tab.packer.close('flush')
    expect(tab.timestamps()).toEqual([1, 4])
    expect(tab.drops).toEqual(['event-too-large', 'event-not-serializable'])
    expect(tab.problems.map(({ code }) => code)).toEqual(['EVENT_DROPPED', 'EVENT_DROPPED'])
    expect(tab.packer.status().droppedEvents).toBe(2)
  })

  it('may be answered with a snapshot at once, which comes after what was there before', async () => {
    const tab = collectPacker({
      settings: { maxEventBytes: 1000, idle: false },
      onDrop() {
        tab.packer.add(event(4, 10), META)
        tab.packer.add(event(2, 11), META)
      },
    })
    tab.packer.add(move(1), META)
    tab.packer.add(move(2, 'x'.repeat(2000)), META)
    tab.packer.add(move(12), META)
    await tab.packer.close('flush')
    expect(tab.timestamps()).toEqual([1, 10, 11, 12])
  })

  it('goes apart when only joining made it too large', async () => {
    const mutation = (at: number, id: number) =>
      event(3, at, {
        source: 0,
        adds: [],
        removes: [],
        attributes: [],
        texts: [{ id, value: 'x'.repeat(600) }],
      })
    const tab = collectPacker({ settings: { maxEventBytes: 1000 } })
    tab.packer.add(mutation(1, 1), META)
    tab.packer.add(mutation(2, 2), META)
    await tab.packer.close('flush')
    expect(tab.timestamps()).toEqual([1, 2])
    expect(tab.drops).toEqual([])
  })
})

describe('joining mutations', () => {
  const mutation = (at: number, value: string) =>
    event(3, at, { source: 0, adds: [], removes: [], attributes: [], texts: [{ id: 7, value }] })

  it('joins neighbours in the queue, up to 50 ms', async () => {
    const tab = collectPacker()
    for (const at of [1, 20, 51, 52, 60]) tab.packer.add(mutation(at, String(at)), META)
    await tab.packer.close('flush')
    expect(tab.timestamps()).toEqual([1, 52])
  })

  it('never joins across sessions, other events or when switched off', async () => {
    const tab = collectPacker()
    tab.packer.add(mutation(1, 'a'), META)
    tab.packer.add(mutation(2, 'b'), OTHER)
    tab.packer.add(move(3), OTHER)
    tab.packer.add(mutation(4, 'c'), OTHER)
    await tab.packer.close('flush')
    expect(tab.timestamps()).toEqual([1, 2, 3, 4])
    const off = collectPacker({ settings: { mergeMutations: false } })
    off.packer.add(mutation(1, 'a'), META)
    off.packer.add(mutation(2, 'b'), META)
    await off.packer.close('flush')
    expect(off.timestamps()).toEqual([1, 2])
  })
})

describe('ends', () => {
  it('closeSync has handed on everything before it returns, pending closes included', async () => {
    const tab = collectPacker()
    for (let at = 1; at <= 5; at++) tab.packer.add(move(at), META)
    tab.packer.closeSync('exit')
    expect(tab.timestamps()).toEqual([1, 2, 3, 4, 5])
    expect(tab.open()).toBe(0)
    tab.packer.add(move(6), META)
    tab.packer.closeSync('exit')
    expect(tab.headers().map(({ sequence }) => sequence)).toEqual([1, 2])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('closing nothing gives nothing', async () => {
    const tab = collectPacker()
    await tab.packer.close('flush')
    tab.packer.closeSync('exit')
    expect(tab.batches.size).toBe(0)
  })

  it('discard forgets all that was not handed on, and goes on with a new batch', async () => {
    const tab = collectPacker()
    tab.packer.add(move(1), META)
    await vi.advanceTimersByTimeAsync(700)
    tab.packer.add(move(2), META)
    tab.packer.discard()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(tab.timestamps()).toEqual([1])
    expect(vi.getTimerCount()).toBe(0)
    tab.packer.add(move(3), META)
    await tab.packer.close('flush')
    expect(tab.timestamps()).toEqual([1, 3])
  })

  it('discard resolves a close that waits, and hands on nothing for it', async () => {
    let clock = 0
    const tab = collectPacker({ now: () => clock })
    for (let at = 1; at <= 20; at++) tab.packer.add(move(at, { toJSON: () => (clock += 2) }), META)
    const closed = tab.packer.close('flush')
    expect(tab.packer.status().queuedEvents).toBeGreaterThan(0)
    tab.packer.discard()
    await closed
    await vi.advanceTimersByTimeAsync(60_000)
    expect(tab.batches.size).toBe(0)
  })

  it('discardRecent takes out the newest and keeps the rest', async () => {
    const tab = collectPacker()
    tab.packer.add(move(1), META)
    await vi.advanceTimersByTimeAsync(700)
    tab.packer.add(move(2), META)
    await vi.advanceTimersByTimeAsync(300)
    tab.packer.add(move(3), META)
    await vi.advanceTimersByTimeAsync(50)
    tab.packer.add(move(4), META)
    tab.packer.discardRecent(100)
    tab.packer.add(move(5), META)
    await tab.packer.close('flush')
    expect(tab.timestamps()).toEqual([1, 2, 5])
  })

  it.each([0, 200])('discardRecent takes back for certain what is held back (%s ms)', async (holdBackMs) => {
    const tab = collectPacker({ settings: { holdBackMs } })
    tab.packer.add(move(1), META)
    await vi.advanceTimersByTimeAsync(550)
    tab.packer.add(move(2), META)
    // What waits for storing is packed in this moment.
    await vi.advanceTimersByTimeAsync(100)
    tab.packer.discardRecent(200)
    await tab.packer.close('flush')
    expect(tab.timestamps()).toEqual(holdBackMs ? [1] : [1, 2])
  })

  it('hands on what is held back in time, in order, and at once when the page is hidden or left', async () => {
    let hidden = false
    const tab = collectPacker({ settings: { holdBackMs: 300 }, isHidden: () => hidden })
    for (const at of [1, 2, 3]) tab.packer.add(move(at), META)
    await vi.advanceTimersByTimeAsync(299)
    expect(tab.packer.status().queuedEvents).toBe(3)
    await vi.advanceTimersByTimeAsync(1000)
    expect(tab.timestamps()).toEqual([1, 2, 3])
    tab.packer.add(move(4), META)
    hidden = true
    tab.packer.add(move(5), META)
    await vi.advanceTimersByTimeAsync(0)
    expect(tab.timestamps()).toEqual([1, 2, 3, 4, 5])
    hidden = false
    tab.packer.add(move(6), META)
    tab.packer.closeSync('exit')
    expect(tab.timestamps()).toEqual([1, 2, 3, 4, 5, 6])
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(['hidden', 'pause', 'stop', 'flush'] as const)(
    'a close leaves what may still be taken back, and it follows by itself (%s)',
    async (reason) => {
      const tab = collectPacker({ settings: { holdBackMs: 300 } })
      tab.packer.add(move(1), META)
      await vi.advanceTimersByTimeAsync(200)
      tab.packer.add(move(2), META)
      await vi.advanceTimersByTimeAsync(200)
      await tab.packer.close(reason)
      expect(tab.timestamps()).toEqual([1])
      tab.packer.add(move(3), META)
      tab.packer.discardRecent(50)
      await vi.advanceTimersByTimeAsync(60_000)
      expect(tab.timestamps()).toEqual([1, 2])
    },
  )

  it('a close at the end of a session leaves nothing', async () => {
    const tab = collectPacker({ settings: { holdBackMs: 300 } })
    tab.packer.add(move(1), META)
    await tab.packer.close('session-change')
    expect(tab.timestamps()).toEqual([1])
  })

  it.each([
    ['is old enough', () => vi.advanceTimersByTimeAsync(300)],
    ['has left with the page', async (packer: Packer) => packer.closeSync('exit')],
    ['is discarded', async (packer: Packer) => packer.discard()],
  ])('nothing may be taken back any more once it %s', async (_, letGo) => {
    const { packer } = collectPacker({ settings: { holdBackMs: 300 } })
    await packer.settled()
    packer.add(move(1), META)
    let isSettled = false
    const settled = packer.settled().then(() => {
      isSettled = true
    })
    await vi.advanceTimersByTimeAsync(299)
    expect(isSettled).toBe(false)
    await letGo(packer)
    await settled
  })

  it('discardRecent leaves no empty batch', async () => {
    const tab = collectPacker()
    tab.packer.add(move(1), META)
    await vi.advanceTimersByTimeAsync(100)
    tab.packer.discardRecent(1000)
    await vi.advanceTimersByTimeAsync(60_000)
    await tab.packer.close('flush')
    expect(tab.batches.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('stop ends all timers, resolves who waits, and takes nothing more', async () => {
    const tab = collectPacker()
    tab.packer.add(move(1), META)
    tab.packer.stop()
    tab.packer.add(move(2), META)
    await tab.packer.close('stop')
    expect(vi.getTimerCount()).toBe(0)
    expect(tab.batches.size).toBe(0)
  })
})

it('does the overdue work of a late timer with the next event', () => {
  let clock = 0
  const tab = collectPacker({ now: () => clock })
  tab.packer.add(move(1), META)
  clock += 1700
  tab.packer.add(move(2), META)
  expect(tab.timestamps()).toEqual([1, 2])
})

it('does no more than 5 ms of work at once', async () => {
  let clock = 0
  const tab = collectPacker({ now: () => clock })
  const slow = () => ({ toJSON: () => (clock += 2) })
  for (let at = 1; at <= 20; at++) tab.packer.add(move(at, slow()), META)
  await vi.advanceTimersToNextTimerAsync()
  expect(tab.packer.status().queuedEvents).toBe(17)
})
