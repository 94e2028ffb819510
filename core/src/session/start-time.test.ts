import { describe, expect, it } from 'vitest'
import { createStartTimes } from './start-time.ts'

function fakeStorage(entries: Record<string, string> = {}): Storage {
  const map = new Map(Object.entries(entries))
  return {
    get length() {
      return map.size
    },
    key: (index) => [...map.keys()][index] ?? null,
    getItem: (name) => map.get(name) ?? null,
    setItem: (name, value) => void map.set(name, value),
    removeItem: (name) => void map.delete(name),
    clear: () => map.clear(),
  }
}

const KEY = 'APIKEY1234567890'
const HOUR_MS = 3_600_000

describe('createStartTimes', () => {
  it('keeps the first start of a session over calls and reloads', () => {
    const storage = fakeStorage()
    let time = 1000
    const first = createStartTimes(
      KEY,
      () => storage,
      () => time,
    )
    expect(first.startedAt(7)).toBeUndefined()
    expect(first.begin(7)).toBe(1000)
    time = 2000
    expect(first.begin(7)).toBe(1000)
    expect(
      createStartTimes(
        KEY,
        () => storage,
        () => time,
      ).begin(7),
    ).toBe(1000)
    expect(storage.getItem('AMP_SR_START_APIKEY1234_7')).toBe('1000')
  })

  it('begins anew when the clock was set back behind the start', () => {
    const storage = fakeStorage({ AMP_SR_START_APIKEY1234_7: '9000' })
    const starts = createStartTimes(
      KEY,
      () => storage,
      () => 1000,
    )
    expect(starts.begin(7)).toBe(1000)
    expect(starts.startedAt(7)).toBe(1000)
  })

  it('works for this page when storage is denied', () => {
    const denied = () => {
      throw new Error('SecurityError')
    }
    const starts = createStartTimes(KEY, denied, () => 5)
    expect(starts.begin('a')).toBe(5)
    expect(starts.startedAt('a')).toBe(5)
    expect(() => starts.prune()).not.toThrow()
  })

  it('removes starts that are too old or unreadable, and nothing else', () => {
    const storage = fakeStorage({
      AMP_SR_START_APIKEY1234_old: '1000',
      AMP_SR_START_APIKEY1234_bad: 'x',
      AMP_SR_START_APIKEY1234_new: String(99 * HOUR_MS),
      AMP_SR_START_OTHERKEY00_old: '1000',
      theirs: '1',
    })
    createStartTimes(
      KEY,
      () => storage,
      () => 100 * HOUR_MS,
    ).prune()
    expect(Array.from({ length: storage.length }, (_, index) => storage.key(index))).toEqual([
      'AMP_SR_START_APIKEY1234_new',
      'AMP_SR_START_OTHERKEY00_old',
      'theirs',
    ])
  })
})
