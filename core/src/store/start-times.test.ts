import { describe, expect, it } from 'vitest'
import { createStartTimes } from './start-times.ts'

const DAY_MS = 24 * 3_600_000

function fakeStorage(entries: Record<string, string> = {}): Storage {
  const map = new Map(Object.entries(entries))
  return {
    get length() {
      return map.size
    },
    key: (place) => [...map.keys()][place] ?? null,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
    clear: () => map.clear(),
  }
}

const denied = (): Storage => {
  throw new DOMException('denied', 'SecurityError')
}

describe('createStartTimes', () => {
  it('writes the entries of the official SDK', () => {
    const storage = fakeStorage()
    const times = createStartTimes({ apiKey: '0123456789abcdef', storage: () => storage })
    times.set(17, 1000)
    expect(storage.getItem('AMP_SR_START_0123456789_17')).toBe('1000')
    expect(times.get(17)).toBe(1000)
    times.remove(17)
    expect(times.get(17)).toBeUndefined()
    expect(storage.length).toBe(0)
  })

  it.each(['', 'yesterday', 'NaN', '-5', 'Infinity'])('takes %j for no time at all', (text) => {
    const storage = fakeStorage({ AMP_SR_START_k_1: text })
    expect(createStartTimes({ apiKey: 'k', storage: () => storage }).get(1)).toBeUndefined()
  })

  it('prunes what is a day old, and no entry of others', () => {
    const now = Date.now()
    const storage = fakeStorage({
      AMP_SR_START_k_1: String(now - DAY_MS - 1),
      AMP_SR_START_k_2: String(now - 1000),
      AMP_SR_START_k_3: 'broken',
      AMP_SR_START_other_1: '1',
      app: '1',
    })
    createStartTimes({ apiKey: 'k', storage: () => storage, now: () => now }).prune()
    expect(storage.getItem('AMP_SR_START_k_1')).toBeNull()
    expect(storage.getItem('AMP_SR_START_k_2')).not.toBeNull()
    expect(storage.getItem('AMP_SR_START_k_3')).toBeNull()
    expect(storage.length).toBe(3)
  })

  it('remembers for the page where storage is denied', () => {
    const times = createStartTimes({ apiKey: 'k', storage: denied, now: () => DAY_MS * 3 })
    times.set(1, DAY_MS)
    times.set(2, DAY_MS * 3)
    expect(times.get(1)).toBe(DAY_MS)
    times.prune()
    expect(times.get(1)).toBeUndefined()
    expect(times.get(2)).toBe(DAY_MS * 3)
  })

  it('needs no DOM', () => {
    const times = createStartTimes({ apiKey: 'k' })
    times.set(1, 5)
    expect(times.get(1)).toBe(5)
  })
})
