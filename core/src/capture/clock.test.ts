import { expect, it } from 'vitest'
import { createClock } from './clock.ts'

it('gives the wall clock as long as it runs forwards', () => {
  const wall = [1000, 1001, 1500]
  const clock = createClock(
    () => wall.shift() as number,
    () => 0,
  )
  expect([clock(), clock(), clock()]).toEqual([1000, 1001, 1500])
})

it('goes on at the natural pace after the wall clock was set back', () => {
  const wall = [10_000, 4000, 4030, 4060]
  const ticks = [0, 10, 40, 70]
  const clock = createClock(
    () => wall.shift() as number,
    () => ticks.shift() as number,
  )
  expect([clock(), clock(), clock(), clock()]).toEqual([10_000, 10_010, 10_040, 10_070])
})

it('follows the wall clock again once it has caught up', () => {
  const wall = [10_000, 4000, 20_000]
  const ticks = [0, 10, 20]
  const clock = createClock(
    () => wall.shift() as number,
    () => ticks.shift() as number,
  )
  expect([clock(), clock(), clock()]).toEqual([10_000, 10_010, 20_000])
})
