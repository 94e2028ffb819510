import { describe, expect, it } from 'vitest'
import { decideMinDuration, type MinDurationFacts } from './min-duration.ts'

const facts: MinDurationFacts = {
  minSessionDurationMs: 5000,
  sessionId: 1700000000000,
  startedAt: 10_000,
  lastEventAt: 12_000,
  currentSessionId: 1700000000000,
  now: 13_000,
}

describe('decideMinDuration', () => {
  it.each([
    ['holds back what belongs to a young session that goes on', {}, 'wait'],
    ['lets everything go once the session is old enough, quiet or not', { now: 15_000 }, 'yes'],
    ['believes the events when the clock was set back', { now: 1000, lastEventAt: 15_000 }, 'yes'],
    ['gives up a session that ended below the minimum', { currentSessionId: 2, now: 99_000 }, 'never'],
    ['gives it up when no session goes on', { currentSessionId: undefined }, 'never'],
    ['sends an ended session that was long enough', { lastEventAt: 15_001, currentSessionId: 2 }, 'yes'],
    ['has no minimum at 0', { minSessionDurationMs: 0 }, 'yes'],
    ['throws nothing away when the start is not known', { startedAt: undefined, currentSessionId: 2 }, 'yes'],
    ['does not tell a number from its text', { currentSessionId: '1700000000000' }, 'wait'],
  ] as const)('%s', (_, more, verdict) => {
    expect(decideMinDuration({ ...facts, ...more })).toBe(verdict)
  })
})
