import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ReplayError } from '../errors.ts'
import type { TargetingRecord } from '../types.ts'
import { createTargeting, type TargetingDeps } from './targeting.ts'

const when = (selector: string[], op: string, value: string) => ({
  key: 'sr_targeting_config',
  segments: [
    { conditions: [[{ selector: ['context', ...selector], op, values: [value] }]], variant: 'on' },
    { variant: 'off' },
  ],
})

function setUp(flag: Record<string, unknown>, more: Partial<TargetingDeps> = {}) {
  const errors: ReplayError[] = []
  const records = new Map<unknown, TargetingRecord>()
  const page = { url: 'https://shop.example/' }
  const deps: TargetingDeps = {
    flag,
    sessionId: 1700000000000,
    userProperties: undefined,
    pageUrl: () => page.url,
    store: {
      get: async (sessionId) => records.get(sessionId),
      set: async (sessionId, record) => void records.set(sessionId, record),
    },
    report: (error) => errors.push(error),
    ...more,
  }
  return { targeting: createTargeting(deps), again: () => createTargeting(deps), errors, records, page }
}

const event = (event_type: string, more = {}) => ({ event: { event_type, time: 1, ...more } })

afterEach(() => {
  vi.useRealTimers()
})

describe('createTargeting', () => {
  it('knows nothing until it is asked', async () => {
    const { targeting } = setUp(when(['page', 'url'], 'contains', '/'))
    expect(targeting.verdict).toBe('pending')
    expect(await targeting.evaluate()).toBe('matched')
    expect(targeting.verdict).toBe('matched')
  })

  it.each<[string, Record<string, unknown>, Parameters<ReturnType<typeof createTargeting>['evaluate']>[0]]>([
    ['the page', when(['page', 'url'], 'contains', 'shop.example'), {}],
    [
      'a page that is named',
      when(['page', 'url'], 'contains', '/vip'),
      { page: { url: 'https://shop.example/vip' } },
    ],
    ['the type of an event', when(['event', 'event_type'], 'is', 'Order'), event('Order')],
    [
      'a property of an event',
      when(['event', 'event_properties', 'total'], 'greater', '10'),
      event('Order', { event_properties: { total: 11 } }),
    ],
    ['types seen', when(['event_types'], 'set contains any', 'Order'), event('Order')],
    [
      'a user property',
      when(['user', 'user_properties', 'plan'], 'is', 'free'),
      { userProperties: { plan: 'free' } },
    ],
    [
      'a user property by its bare name',
      when(['user', 'plan'], 'is', 'free'),
      { userProperties: { plan: 'free' } },
    ],
    ['the session', when(['session_id'], 'is', '1700000000000'), {}],
  ])('matches by %s', async (_, flag, news) => {
    expect(await setUp(flag).targeting.evaluate(news)).toBe('matched')
  })

  it('does not match otherwise, and may later', async () => {
    const { targeting, page } = setUp(when(['page', 'url'], 'contains', '/checkout'))
    expect(await targeting.evaluate()).toBe('not-matched')
    page.url = 'https://shop.example/checkout'
    expect(await targeting.evaluate()).toBe('matched')
  })

  it('stays matched until the session ends', async () => {
    const { targeting, page } = setUp(when(['page', 'url'], 'contains', '/checkout'))
    page.url = 'https://shop.example/checkout'
    await targeting.evaluate()
    page.url = 'https://shop.example/'
    expect(await targeting.evaluate()).toBe('matched')
  })

  it('remembers user properties and event types for later questions', async () => {
    const flag = {
      segments: [
        {
          conditions: [
            [
              { selector: ['context', 'user', 'plan'], op: 'is', values: ['free'] },
              { selector: ['context', 'event_types'], op: 'set contains', values: ['A', 'B'] },
            ],
          ],
          variant: 'on',
        },
      ],
    }
    const { targeting } = setUp(flag, { userProperties: { age: 3 } })
    expect(await targeting.evaluate({ userProperties: { plan: 'free' } })).toBe('not-matched')
    expect(await targeting.evaluate(event('A'))).toBe('not-matched')
    expect(await targeting.evaluate(event('B', { time: undefined }))).toBe('not-matched')
    expect(await targeting.evaluate(event('B'))).toBe('matched')
  })

  it('reuses a match and the types seen after a reload', async () => {
    const { targeting, again, records } = setUp(when(['event_types'], 'set contains', 'A'))
    await targeting.evaluate(event('A'))
    expect(records.get(1700000000000)).toEqual({ matched: true, eventTypes: ['A'] })
    expect(await again().evaluate()).toBe('matched')
    records.set(1700000000000, { matched: false, eventTypes: ['A'] })
    expect(await again().evaluate()).toBe('matched')
  })

  it('drops a question about a page that was left before it could be judged', async () => {
    const { targeting, page } = setUp(when(['page', 'url'], 'contains', '/secret'))
    page.url = 'https://shop.example/secret'
    const asked = targeting.evaluate()
    page.url = 'https://shop.example/'
    const next = targeting.evaluate()
    await asked
    expect(await next).toBe('not-matched')
  })

  it('counts an event where it happened, although the page was left and others followed', async () => {
    const { targeting, page } = setUp(when(['event', 'event_type'], 'is', 'Order'))
    const asked = targeting.evaluate(event('Order'))
    page.url = 'https://shop.example/thanks'
    void targeting.evaluate(event('Page Viewed'))
    expect(await asked).toBe('matched')
  })

  it('hands on the app’s own session ids as they are', async () => {
    const flag = when(['session_id'], 'is', 'order-1')
    expect(await setUp(flag, { sessionId: 'order-1' }).targeting.evaluate()).toBe('matched')
    const number = when(['session_id'], 'greater', '5')
    expect(await setUp(number, { sessionId: '1700000000000' }).targeting.evaluate()).toBe('matched')
  })

  it.each([
    ['no segments', { key: 'sr_targeting_config' }],
    ['an expression that cannot be read', when(['page', 'url'], 'regex match', '(')],
    ['an unknown operator', when(['page', 'url'], 'resembles', 'shop')],
    ['conditions of another shape', { segments: [{ conditions: 'all', variant: 'on' }] }],
    ['another variant', { segments: [{ variant: 'treatment' }] }],
  ])('matches nobody by %s', async (_, flag) => {
    expect(await setUp(flag).targeting.evaluate(event('A'))).toBe('not-matched')
  })

  it('reports rules that cannot be evaluated', async () => {
    const { targeting, errors } = setUp({})
    await targeting.evaluate()
    expect(errors.map((error) => error.code)).toEqual(['REMOTE_CONFIG'])
  })

  it('judges without storage: failing, throwing or silent', async () => {
    const flag = when(['page', 'url'], 'contains', '/')
    const fail = () => Promise.reject(new Error('no database'))
    const throwing = () => {
      throw new Error('no database')
    }
    expect(await setUp(flag, { store: { get: fail, set: fail } }).targeting.evaluate()).toBe('matched')
    expect(await setUp(flag, { store: { get: throwing, set: throwing } }).targeting.evaluate()).toBe(
      'matched',
    )
    vi.useFakeTimers()
    const silent = () => new Promise<never>(() => {})
    const asked = setUp(flag, { store: { get: silent, set: silent } }).targeting.evaluate()
    await vi.advanceTimersByTimeAsync(1000)
    expect(await asked).toBe('matched')
  })

  it('survives a stored record that is none', async () => {
    const { again, records } = setUp(when(['page', 'url'], 'contains', '/none'))
    records.set(1700000000000, { matched: 'yes', eventTypes: 5 } as unknown as TargetingRecord)
    expect(await again().evaluate()).toBe('not-matched')
  })
})
