import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createSessionLength } from './session-length.ts'

const NOW = 1_700_000_000_000
const HOUR_MS = 3_600_000

const wallClock = (): number => Date.now()

beforeEach(() => vi.useFakeTimers({ now: NOW }))
afterEach(() => vi.useRealTimers())

function storageOf(entries: [string, string][] = []): Storage {
  const stored = new Map(entries)
  return {
    get length() {
      return stored.size
    },
    key: (index: number) => [...stored.keys()][index] ?? null,
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
    removeItem: (name: string) => void stored.delete(name),
    clear: () => stored.clear(),
  }
}

it('holds a batch back until its session is long enough, and says when that is', () => {
  const length = createSessionLength('KEY', () => storageOf(), wallClock)
  const onLongEnough = vi.fn()
  const judge = () =>
    length.judge({ sessionId: 5 }, Date.now(), { minSessionDurationMs: 1000, currentSessionId: 5 })
  length.begin(5, 1000, onLongEnough)
  expect(judge()).toBe('wait')
  vi.advanceTimersByTime(999)
  expect(onLongEnough).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onLongEnough).toHaveBeenCalledOnce()
  expect(judge()).toBe('yes')
})

it('counts from the page that recorded the session first', () => {
  const storage = storageOf([['AMP_SR_START_KEY_5', String(NOW - 900)]])
  const length = createSessionLength('KEY', () => storage, wallClock)
  const onLongEnough = vi.fn()
  length.begin(5, 1000, onLongEnough)
  vi.advanceTimersByTime(100)
  expect(onLongEnough).toHaveBeenCalledOnce()
})

it('remembers that a session was long enough when all but its beginning is sent', () => {
  const storage = storageOf()
  const minimum = { minSessionDurationMs: 1000, currentSessionId: 5 }
  const first = createSessionLength('KEY', () => storage, wallClock)
  first.begin(5, 1000, () => {})
  vi.advanceTimersByTime(1000)
  expect(first.judge({ sessionId: 5 }, NOW + 900, minimum)).toBe('yes')
  first.stop()
  const next = createSessionLength('KEY', () => storage, wallClock)
  expect(next.judge({ sessionId: 5 }, NOW + 100, { ...minimum, currentSessionId: 6 })).toBe('yes')
})

it('counts on when the clock is set back while the session goes on', () => {
  const length = createSessionLength('KEY', () => storageOf())
  const judge = () => length.judge({ sessionId: 5 }, 0, { minSessionDurationMs: 1000, currentSessionId: 5 })
  length.begin(5, 1000, () => {})
  vi.setSystemTime(NOW - HOUR_MS)
  vi.advanceTimersByTime(500)
  expect(judge()).toBe('wait')
  vi.advanceTimersByTime(500)
  expect(judge()).toBe('yes')
})

it('has no timer where there is no minimum, and none after the end', () => {
  const length = createSessionLength('KEY', () => storageOf(), wallClock)
  length.begin(5, 0, () => {})
  expect(vi.getTimerCount()).toBe(0)
  length.begin(6, 1000, () => {})
  expect(vi.getTimerCount()).toBe(1)
  length.stop()
  expect(vi.getTimerCount()).toBe(0)
})

it('clears away what nobody can ask for any more', () => {
  const storage = storageOf([
    ['AMP_SR_START_KEY_1', String(NOW - 80 * HOUR_MS)],
    ['AMP_SR_START_KEY_2', String(NOW - HOUR_MS)],
    ['AMP_SR_START_OTHER_1', String(NOW - 80 * HOUR_MS)],
  ])
  createSessionLength('KEY', () => storage, wallClock)
  expect([storage.key(0), storage.key(1), storage.key(2)]).toEqual([
    'AMP_SR_START_KEY_2',
    'AMP_SR_START_OTHER_1',
    null,
  ])
})
