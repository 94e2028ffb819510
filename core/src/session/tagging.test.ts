import { describe, expect, it } from 'vitest'
import type { AnalyticsEvent } from '../types.ts'
import {
  areOwnProperties,
  DEBUG_PROPERTY,
  javaHash,
  planTagging,
  REPLAY_ID_PROPERTY,
  replayProperties,
  tagEvent,
  userPropertiesOf,
} from './tagging.ts'

const event = (event_type: string, more: Partial<AnalyticsEvent> = {}): AnalyticsEvent => ({
  event_type,
  session_id: 100,
  ...more,
})

describe('planTagging with the sessions of the Browser SDK', () => {
  const facts = { liveSessionId: 100, customSessionId: undefined }

  it.each(['session_start', 'Page Viewed', '$exposure', '[Amplitude] Element Clicked'])('tags %s', (type) => {
    const seen = event(type)
    expect(planTagging(seen, facts)).toEqual({ sessionId: 100, targeting: { event: seen }, tag: true })
  })

  it.each(['$groupidentify', 'revenue_amount'])('tags %s but does not show it to targeting', (type) => {
    expect(planTagging(event(type), facts)).toEqual({ sessionId: 100, targeting: {}, tag: true })
  })

  it('shows targeting the properties that $identify sets', () => {
    const identify = event('$identify', { user_properties: { $set: { plan: 'free' }, $unset: { age: '-' } } })
    expect(planTagging(identify, facts)).toEqual({
      sessionId: 100,
      targeting: { userProperties: { plan: 'free' } },
      tag: true,
    })
  })

  it.each([
    ['session_end of the session before', event('session_end', { session_id: 99 })],
    ['an event sent late', event('Late', { session_id: 5 })],
    ['an event without session', { event_type: 'No session' }],
    ['an event outside of sessions', event('Out', { session_id: -1 })],
  ])('leaves %s alone and follows the live session all the same', (_, late) => {
    expect(planTagging(late, facts)).toEqual({ sessionId: 100, targeting: undefined, tag: false })
  })

  it('tags nothing before there is a session', () => {
    expect(planTagging({ event_type: 'a' }, { ...facts, liveSessionId: undefined }).tag).toBe(false)
    expect(planTagging(event('a', { session_id: 0 }), { ...facts, liveSessionId: 0 }).tag).toBe(false)
  })
})

describe('planTagging with sessions named by the app', () => {
  const facts = {
    liveSessionId: 100,
    customSessionId: ({ event_type }: AnalyticsEvent) => (event_type === 'Order' ? 'order-1' : undefined),
  }

  it('tags an event with a name, whatever its own session, and does not ask targeting', () => {
    expect(planTagging(event('Order', { session_id: 5 }), facts)).toEqual({
      sessionId: 'order-1',
      targeting: undefined,
      tag: true,
    })
  })

  it('leaves an event without a name alone, and the session as it is', () => {
    expect(planTagging(event('Other'), facts)).toEqual({
      sessionId: undefined,
      targeting: undefined,
      tag: false,
    })
    expect(planTagging(event('Empty'), { ...facts, customSessionId: () => '' }).tag).toBe(false)
  })
})

describe('userPropertiesOf', () => {
  it('collects what gives a value and nothing else', () => {
    const user_properties = {
      $set: { a: 1 },
      $setOnce: { b: 2 },
      $add: { c: 3 },
      $append: { d: 4 },
      $prepend: { e: 5 },
      $postInsert: { f: 6 },
      $unset: { g: '-' },
      $clearAll: '-',
      $remove: { h: 8 },
    }
    expect(userPropertiesOf(event('$identify', { user_properties }))).toEqual({
      a: 1,
      b: 2,
      c: 3,
      d: 4,
      e: 5,
      f: 6,
    })
    expect(userPropertiesOf(event('$identify'))).toEqual({})
  })
})

describe('tagEvent', () => {
  const properties = { [REPLAY_ID_PROPERTY]: 'device/100', [DEBUG_PROPERTY]: '{}' }

  it('adds to the properties of the event and wins over them', () => {
    const tagged = tagEvent(
      event('a', { event_properties: { kept: 1, [REPLAY_ID_PROPERTY]: 'mine' } }),
      properties,
    )
    expect(tagged.event_properties).toEqual({ kept: 1, ...properties })
  })

  it('keeps the debug property alone on $identify', () => {
    expect(tagEvent(event('$identify'), properties).event_properties).toEqual({ [DEBUG_PROPERTY]: '{}' })
  })

  it('leaves the event untouched when nothing is recorded', () => {
    const untouched = event('a')
    expect(tagEvent(untouched, {})).toEqual(event('a'))
  })
})

describe('replayProperties', () => {
  const identity = { deviceId: 'device', sessionId: 1700000000000 }

  it('is the replay id', () => {
    expect(replayProperties(identity, 'KEY', false)).toEqual({ [REPLAY_ID_PROPERTY]: 'device/1700000000000' })
  })

  it('adds the hash of the key in debug mode', () => {
    expect(replayProperties(identity, 'APIKEY1234567890', true)[DEBUG_PROPERTY]).toBe(
      '{"appHash":"-13656480"}',
    )
  })
})

describe('javaHash', () => {
  it.each([
    ['', 0],
    ['a', 97],
    ['APIKEY1234567890', -13656480],
  ])('of %j is %d', (text, hash) => {
    expect(javaHash(text)).toBe(hash)
  })
})

describe('areOwnProperties', () => {
  const properties = { [REPLAY_ID_PROPERTY]: 'device-1/100' }

  it.each([
    ['of the same device and session', 'device-1', 100, true],
    ['of an earlier session', 'device-1', 99, false],
    ['of an earlier device', 'device-0', 100, false],
    ['of a device that it does not name', undefined, 99, true],
  ])('an event %s', (_, deviceId, sessionId, own) => {
    expect(areOwnProperties(properties, { deviceId, sessionId })).toBe(own)
  })

  it('has nothing against no properties at all', () => {
    expect(areOwnProperties({}, { deviceId: 'device-1', sessionId: 100 })).toBe(true)
  })
})
