import { expect, it } from 'vitest'
import { compare, median } from '../bench/statistics.mjs'

it('compares over the page by itself, the medians of all rounds', () => {
  const rounds = [
    { none: { cpu: 100 }, raw: { cpu: 200 }, us: { cpu: 150 } },
    { none: { cpu: 200 }, raw: { cpu: 400 }, us: { cpu: 320 } },
    // The machine was busy while the page was measured by itself.
    { none: { cpu: 190 }, raw: { cpu: 200 }, us: { cpu: 250 } },
  ]
  const { us, raw } = compare(rounds, 'cpu')
  expect(us?.over).toEqual({ median: 60, min: 50, max: 120, rounds: 3 })
  expect(us?.ratio).toEqual({ median: 0.6, min: 0.5, max: 6, rounds: 3 })
  expect(raw?.ratio.median).toBe(1)
})

it('leaves out rounds in which somebody is missing', () => {
  expect(compare([{ none: { cpu: 1 }, us: { cpu: 3 } }], 'cpu').us?.ratio.rounds).toBe(0)
  expect(compare([{ us: { cpu: 3 } }], 'cpu')).toEqual({})
})

it('takes the middle', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(median([])).toBeNaN()
})
