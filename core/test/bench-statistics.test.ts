import { expect, it } from 'vitest'
import { compare, difference, median, type Spread } from '../bench/statistics.mjs'
import { randomFrom } from './support/random.ts'

it('compares over the page by itself, the medians of all rounds', () => {
  const rounds = [
    { none: { cpu: 100 }, raw: { cpu: 200 }, us: { cpu: 150 } },
    { none: { cpu: 200 }, raw: { cpu: 400 }, us: { cpu: 320 } },
    // The machine was busy while the page was measured by itself.
    { none: { cpu: 210 }, raw: { cpu: 200 }, us: { cpu: 250 } },
  ]
  const { us, raw } = compare(rounds, 'cpu')
  expect(us?.over.median).toBe(50)
  expect(raw?.over.median).toBe(0)
  // Raw rrweb may cost nothing at all, so a multiple of it says nothing.
  expect(raw?.over.min).toBeLessThanOrEqual(0)
  expect(us?.ratio.rounds).toBe(0)
})

/** `cost` and up to a tenth more or less, by chance. */
const around = (cost: number, random: (below: number) => number): number =>
  cost * (0.9 + random(2001) / 10_000)

it('states a spread that holds what is true', () => {
  const random = randomFrom(1)
  const run = () =>
    compare(
      Array.from({ length: 6 }, () => ({
        none: { cpu: around(50, random) },
        raw: { cpu: around(250, random) },
        us: { cpu: around(350, random) },
      })),
      'cpu',
    ).us?.ratio as Spread
  const runs = Array.from({ length: 100 }, run)
  const hasTruth = runs.filter(({ min, max }) => min <= 1.5 && max >= 1.5)
  expect(hasTruth.length).toBeGreaterThanOrEqual(92)
  // And it says something: nobody is helped by a spread that holds everything.
  expect(median(runs.map(({ min, max }) => max - min))).toBeLessThan(0.5)
})

it('compares within rounds: who is always a little cheaper is cheaper', () => {
  const rounds = [100, 200, 150, 300, 120, 260].map((cpu) => ({ us: { cpu }, peer: { cpu: cpu + 10 } }))
  expect(difference(rounds, 'cpu', 'us', 'peer').max).toBeLessThan(0)
  expect(difference([...rounds, { us: { cpu: 999 } }] as never, 'cpu', 'us', 'peer').rounds).toBe(6)
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
