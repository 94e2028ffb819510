import { expect, test } from 'vitest'
import { recordedVisit } from '../test/recording.ts'
import { pageAt, readActivity, readMarkers } from './markers.ts'

const input = (timestamp: number) => ({ type: 3, timestamp, data: { source: 5, text: '**' } })

test('pages and clicks become markers, in order', () => {
  expect(readMarkers(recordedVisit(0)).map(({ kind, at }) => [kind, at])).toEqual([
    ['page', 0],
    ['click', 1200],
    ['page', 2500],
    ['page', 9000],
    ['click', 11_000],
  ])
})

test('keystrokes in a row are one marker, a later one is another', () => {
  const markers = readMarkers([input(0), input(300), input(1500), input(4000)])
  expect(markers.map(({ at }) => at)).toEqual([0, 4000])
})

test('what is not of the shape that rrweb writes is passed by', () => {
  const odd = [
    { type: 4, timestamp: 0, data: { href: {} } },
    { type: 6, timestamp: 1, data: { plugin: 5 } },
    {
      type: 6,
      timestamp: 2,
      data: { plugin: 'rrweb/console@1', payload: { level: 'error', payload: 'text' } },
    },
  ]
  expect(readMarkers([...odd, input(3)])).toMatchObject([{ kind: 'input', at: 3 }])
})

test('the address is that of the last page before the moment', () => {
  const markers = readMarkers(recordedVisit(0))
  expect(pageAt(markers, 2499)).toBe('http://127.0.0.1:4401/')
  expect(pageAt(markers, 2500)).toBe('http://127.0.0.1:4401/#/basket')
})

test('activity is 1 where most happens and 0 where nothing does', () => {
  const levels = readActivity([input(0), input(1), input(2), input(99)], 0, 100, 4)
  expect(levels[0]).toBe(1)
  expect(levels.slice(1, 3)).toEqual([0, 0])
  expect(levels[3]).toBeCloseTo(Math.sqrt(1 / 3))
})
