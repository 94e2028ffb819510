import { describe, expect, it } from 'vitest'
import { createValue } from './readable.ts'

describe('a value', () => {
  it('is told at once and on each change, and not when it stays the same', () => {
    const value = createValue(1)
    const heard: number[] = []
    const stop = value.subscribe((each) => heard.push(each))
    value.set(1)
    value.set(2)
    stop()
    stop()
    value.set(3)
    expect(heard).toEqual([1, 2])
    expect(value.get()).toBe(3)
  })

  it('tells the same function as often as it was subscribed', () => {
    const value = createValue('a')
    let calls = 0
    const count = () => calls++
    const stop = value.subscribe(count)
    value.subscribe(count)
    value.set('b')
    stop()
    value.set('c')
    expect(calls).toBe(5)
  })

  it('does not tell one who left while others were told', () => {
    const value = createValue(0)
    const heard: number[] = []
    let stop = () => {}
    value.subscribe((each) => each > 0 && stop())
    stop = value.subscribe((each) => heard.push(each))
    value.set(1)
    expect(heard).toEqual([0])
  })

  it('lets a subscriber that throws disturb nobody', () => {
    const value = createValue(0)
    const heard: number[] = []
    value.subscribe(() => {
      throw new Error('mine')
    })
    value.subscribe((each) => heard.push(each))
    value.set(1)
    expect(heard).toEqual([0, 1])
  })
})
