import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  candidate,
  collectPacker,
  event,
  type FakeWorker,
  fakeWorker,
  META,
  move,
} from '../../test/support/packer.ts'
import { randomFrom } from '../../test/support/random.ts'
import type { PackMessage } from './worker-protocol.ts'

const inWorker = (...workers: FakeWorker[]) =>
  collectPacker({
    settings: { useWebWorker: true },
    candidates: workers.map((worker, index) => candidate(worker, index === 0 ? 'file' : 'blob')),
  })

const kinds = (worker: FakeWorker): string[] => worker.said.map(({ kind }) => kind)
const codes = (tab: ReturnType<typeof collectPacker>): string[] => tab.problems.map(({ code }) => code)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('with a worker', () => {
  it('packs there, in order, and keeps no timer when all is answered', async () => {
    const worker = fakeWorker()
    const tab = inWorker(worker)
    worker.ready()
    for (let at = 1; at <= 500; at++) {
      tab.packer.add(move(at), META)
      if (at % 20 === 0) await vi.advanceTimersByTimeAsync(300)
    }
    await tab.packer.close('flush')
    expect(tab.timestamps()).toEqual(Array.from({ length: 500 }, (_, index) => index + 1))
    expect(tab.packer.status().worker).toBe('file')
    expect(vi.getTimerCount()).toBe(0)
    expect(kinds(worker)).not.toContain('forget')
  })

  it('posts what one slice made in one message', async () => {
    const worker = fakeWorker()
    const tab = inWorker(worker)
    worker.ready()
    for (let at = 1; at <= 50; at++) tab.packer.add(move(at), META)
    await tab.packer.close('flush')
    expect(kinds(worker)).toEqual(['open', 'add', 'close'])
  })

  it('packs the rest itself when the page goes away, and ignores the late answers', async () => {
    const worker = fakeWorker()
    const tab = inWorker(worker)
    worker.ready()
    tab.packer.add(event(4, 1), META)
    tab.packer.add(event(2, 2), META)
    tab.packer.add(move(3), META)
    await vi.advanceTimersByTimeAsync(700)
    tab.packer.add(move(4), META)
    const closed = tab.packer.close('flush')
    tab.packer.add(move(5), META)
    tab.packer.closeSync('exit')
    expect(tab.timestamps()).toEqual([1, 2, 3, 4, 5])
    expect(tab.open()).toBe(0)
    await closed
    await vi.advanceTimersByTimeAsync(5000)
    expect(tab.timestamps()).toEqual([1, 2, 3, 4, 5])
    tab.packer.add(move(6), META)
    await tab.packer.close('flush')
    expect(tab.timestamps().at(-1)).toBe(6)
    expect(tab.packer.status().worker).toBe('file')
  })

  it('discards what a worker holds', async () => {
    const worker = fakeWorker()
    const tab = inWorker(worker)
    worker.ready()
    tab.packer.add(move(1), META)
    const closed = tab.packer.close('flush')
    tab.packer.discard()
    await closed
    await vi.advanceTimersByTimeAsync(5000)
    expect(tab.batches.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('discardRecent takes texts back from a worker that was about to pack them', async () => {
    const worker = fakeWorker()
    const tab = inWorker(worker)
    worker.ready()
    tab.packer.add(move(1), META)
    await vi.advanceTimersByTimeAsync(300)
    tab.packer.add(move(2), META)
    await vi.advanceTimersByTimeAsync(100)
    tab.packer.discardRecent(200)
    tab.packer.add(move(3), META)
    await tab.packer.close('flush')
    expect(tab.timestamps()).toEqual([1, 3])
  })

  it('terminates it at stop', () => {
    const worker = fakeWorker()
    const tab = inWorker(worker)
    tab.packer.stop()
    expect(worker.terminated).toBe(true)
  })
})

describe('a worker that fails', () => {
  const ways: Record<string, (message: PackMessage, worker: FakeWorker) => boolean> = {
    'is silent from the start': () => false,
    'falls silent at a flush': ({ kind }) => kind !== 'flush',
    'falls silent at a close': ({ kind }) => kind !== 'close',
    'dies at a flush': ({ kind }, worker) => {
      if (kind === 'flush') worker.die()
      return kind !== 'flush'
    },
    'says that it failed': ({ kind }, worker) => {
      if (kind === 'close') worker.say({ kind: 'failed', message: 'no memory' })
      return kind !== 'close'
    },
    'cannot read a message': ({ kind }, worker) => {
      if (kind === 'add') worker.onmessageerror?.()
      return true
    },
    'throws when spoken to': ({ kind }) => {
      if (kind === 'flush') throw new Error('DataCloneError')
      return true
    },
  }

  it.each(Object.entries(ways))(
    '%s: the page goes on by itself, nothing lost or doubled',
    async (_, obeys) => {
      for (const wait of [0, 250, 1100]) {
        let packed = 0
        let broken = false
        const worker = fakeWorker((message, it) => {
          // Some work goes well before.
          if (message.kind === 'close' && packed++ < 1) return true
          if (message.kind === 'flush' && packed < 1) return true
          broken ||= !obeys(message, it)
          return !broken
        })
        const tab = inWorker(worker)
        worker.ready()
        const sent: number[] = []
        for (let at = 1; at <= 60; at++) {
          tab.packer.add(move(at), META)
          sent.push(at)
          await vi.advanceTimersByTimeAsync(wait)
        }
        const closed = tab.packer.close('flush')
        await vi.advanceTimersByTimeAsync(10_000)
        await closed
        const again = move(61)
        tab.packer.add(again, META)
        await vi.advanceTimersByTimeAsync(700)
        const last = tab.packer.close('flush')
        await vi.advanceTimersByTimeAsync(10_000)
        await last
        expect(tab.timestamps()).toEqual([...sent, 61])
        expect(tab.open()).toBe(0)
        expect(tab.packer.status().worker).toBe('main')
        expect(worker.terminated).toBe(true)
        expect(codes(tab)).toContain('WORKER_FAILED')
        expect(vi.getTimerCount()).toBe(0)
      }
    },
  )

  it('is replaced 2 seconds after the first question, however many follow', async () => {
    const worker = fakeWorker(() => false)
    const tab = inWorker(worker)
    worker.ready()
    for (let ms = 0; ms < 2700; ms += 100) {
      tab.packer.add(move(ms), META)
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(tab.packer.status().worker).toBe('main')
    expect(tab.timestamps().length).toBeGreaterThan(20)
  })

  it('gets more time for more text', async () => {
    const worker = fakeWorker(() => false)
    const tab = inWorker(worker)
    worker.ready()
    tab.packer.add(move(1, 'x'.repeat(3_000_000)), META)
    void tab.packer.close('flush')
    await vi.advanceTimersByTimeAsync(4900)
    expect(tab.packer.status().worker).toBe('file')
    await vi.advanceTimersByTimeAsync(200)
    expect(tab.packer.status().worker).toBe('main')
  })

  it('is not taken for silent when the page itself was blocked', async () => {
    let blockedMs = 0
    const worker = fakeWorker(() => false)
    const tab = collectPacker({
      settings: { useWebWorker: true },
      candidates: [candidate(worker)],
      now: () => performance.now() + blockedMs,
    })
    worker.ready()
    tab.packer.add(move(1), META)
    void tab.packer.close('flush')
    await vi.advanceTimersByTimeAsync(1500)
    blockedMs = 8000
    await vi.advanceTimersByTimeAsync(600)
    expect(tab.packer.status().worker).toBe('file')
    await vi.advanceTimersByTimeAsync(2100)
    expect(tab.packer.status().worker).toBe('main')
    expect(tab.timestamps()).toEqual([1])
  })
})

describe('a worker that cannot begin', () => {
  it('that is forbidden is followed by the next way', async () => {
    const blob = fakeWorker()
    const forbidden = {
      kind: 'file' as const,
      start(): Worker {
        throw new DOMException('forbidden', 'SecurityError')
      },
    }
    const tab = collectPacker({
      settings: { useWebWorker: true },
      candidates: [forbidden, candidate(blob, 'blob')],
    })
    tab.packer.add(move(1), META)
    await vi.advanceTimersByTimeAsync(50)
    blob.ready()
    await tab.packer.close('flush')
    expect(tab.packer.status().worker).toBe('blob')
    expect(tab.timestamps()).toEqual([1])
    expect(tab.problems).toEqual([])
  })

  it('whose file does not load hands over its batches to the next way', async () => {
    const file = fakeWorker(() => false)
    const blob = fakeWorker()
    const tab = inWorker(file, blob)
    tab.packer.add(move(1), META)
    await vi.advanceTimersByTimeAsync(300)
    file.die()
    blob.ready()
    await tab.packer.close('flush')
    expect(tab.packer.status().worker).toBe('blob')
    expect(tab.timestamps()).toEqual([1])
    expect(file.terminated).toBe(true)
  })

  it('is replaced by the page when no way is left, with one warning', async () => {
    const file = fakeWorker(() => false)
    const blob = { kind: 'blob' as const, start: () => Promise.reject(new Error('no source')) }
    const tab = collectPacker({ settings: { useWebWorker: true }, candidates: [candidate(file), blob] })
    tab.packer.add(move(1), META)
    file.die()
    await tab.packer.close('flush')
    expect(tab.packer.status().worker).toBe('main')
    expect(codes(tab)).toEqual(['WORKER_FAILED'])
    expect(tab.timestamps()).toEqual([1])
  })

  it('and loads slowly does not keep data from the disk: the page packs until it is ready', async () => {
    const worker = fakeWorker((_, it) => it.said.length > 0 && ready)
    let ready = false
    const tab = inWorker(worker)
    tab.packer.add(move(1), META)
    await vi.advanceTimersByTimeAsync(1000)
    expect(tab.timestamps()).toEqual([1])
    expect(tab.packer.status().worker).toBe('main')
    expect(worker.terminated).toBe(false)
    ready = true
    worker.ready()
    tab.packer.add(move(2), META)
    await vi.advanceTimersByTimeAsync(700)
    await tab.packer.close('flush')
    tab.packer.add(move(3), META)
    await tab.packer.close('flush')
    expect(tab.packer.status().worker).toBe('file')
    expect(tab.timestamps()).toEqual([1, 2, 3])
    expect(tab.problems).toEqual([])
  })

  it('is not even tried when workers are switched off', () => {
    const worker = fakeWorker()
    let started = 0
    const countedStart = (): Worker => {
      started += 1
      return worker as unknown as Worker
    }
    const counted = { kind: 'file' as const, start: countedStart }
    const tab = collectPacker({ settings: { useWebWorker: false }, candidates: [counted] })
    tab.packer.add(move(1), META)
    tab.packer.closeSync('exit')
    expect(started).toBe(0)
    expect(tab.packer.status().worker).toBe('main')
  })
})

it('keeps every event in order through random sizes, pauses, exits and failures', async () => {
  for (let seed = 1; seed <= 25; seed++) {
    const random = randomFrom(seed)
    const silentFrom = random(300)
    let messages = 0
    const file = fakeWorker(() => messages++ < silentFrom)
    const blobSilentFrom = random(600)
    const blob = fakeWorker(() => messages++ < blobSilentFrom)
    const tab = inWorker(file, blob)
    const closes: Promise<void>[] = []
    for (let at = 1; at <= 200; at++) {
      if (at === 1 + random(3)) file.ready()
      tab.packer.add(
        random(40) === 0 ? event(2, at) : move(at, 'x'.repeat(random(random(20) === 0 ? 200_000 : 500))),
        META,
      )
      if (random(3) === 0) await vi.advanceTimersByTimeAsync(random(2000))
      if (random(30) === 0) closes.push(tab.packer.close('flush'))
      if (random(50) === 0) tab.packer.closeSync('hidden')
      if (random(150) === 0) file.die()
    }
    closes.push(tab.packer.close('stop'))
    await vi.advanceTimersByTimeAsync(60_000)
    await Promise.all(closes)
    expect(tab.timestamps(), `seed ${seed}`).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
    expect(tab.open()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    tab.packer.stop()
  }
}, 30_000)
