import { expect, it } from 'vitest'
import { type Outcome, parseRetryAfter, readOutcome } from './outcome.ts'

const NOW = Date.parse('2026-01-01T00:00:00Z')

const cases: [number, { skip?: string; retryAfter?: string }, Outcome][] = [
  [200, {}, { kind: 'accepted' }],
  [204, {}, { kind: 'accepted' }],
  [200, { skip: '' }, { kind: 'accepted' }],
  [200, { skip: '429' }, { kind: 'throttled', pauseMs: 60_000 }],
  [200, { skip: ' 429 ', retryAfter: '5' }, { kind: 'throttled', pauseMs: 5_000 }],
  [200, { skip: '4004' }, { kind: 'killed', code: '4004' }],
  [200, { skip: '4005' }, { kind: 'killed', code: '4005' }],
  [200, { skip: '7777' }, { kind: 'skipped', code: '7777' }],
  [400, {}, { kind: 'poison', status: 400 }],
  [422, {}, { kind: 'poison', status: 422 }],
  [401, {}, { kind: 'refused', status: 401 }],
  [402, {}, { kind: 'refused', status: 402 }],
  [403, { retryAfter: '30' }, { kind: 'refused', status: 403, afterMs: 30_000 }],
  [404, {}, { kind: 'refused', status: 404 }],
  [410, {}, { kind: 'refused', status: 410 }],
  [304, {}, { kind: 'refused', status: 304 }],
  [413, {}, { kind: 'too-large' }],
  [408, {}, { kind: 'retry', status: 408 }],
  [425, {}, { kind: 'retry', status: 425 }],
  [429, { retryAfter: '7' }, { kind: 'retry', status: 429, afterMs: 7_000 }],
  [499, {}, { kind: 'retry', status: 499 }],
  [500, {}, { kind: 'retry', status: 500 }],
  [503, { retryAfter: 'Thu, 01 Jan 2026 00:00:20 GMT' }, { kind: 'retry', status: 503, afterMs: 20_000 }],
  [599, {}, { kind: 'retry', status: 599 }],
  [0, {}, { kind: 'unknown', reason: 'network' }],
  [Number.NaN, {}, { kind: 'unknown', reason: 'network' }],
]

it.each(cases)('%i %j means %j', (status, { skip = null, retryAfter = null }, expected) => {
  expect(readOutcome({ status, skipCode: skip, retryAfter }, NOW)).toEqual(expected)
})

it.each([
  [null, undefined],
  ['', undefined],
  ['soon', undefined],
  ['-5', undefined],
  ['0', 0],
  ['1.5', 1500],
  [' 120 ', 120_000],
  ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
])('Retry-After %j is %j ms', (value, expected) => {
  expect(parseRetryAfter(value, NOW)).toBe(expected)
})
