import { afterEach, describe, expect, it } from 'vitest'
import { randomFrom, randomJson } from '../../test/support/random.ts'
import { bodyElement, serializeEvent, utf8Bytes } from './serialize.ts'

describe('serializeEvent', () => {
  it('writes type, timestamp and data in this order, whatever order they were set in', () => {
    expect(serializeEvent({ data: { b: 1, a: 2 }, timestamp: 5, type: 3 })).toBe(
      '{"type":3,"timestamp":5,"data":{"b":1,"a":2}}',
    )
  })

  it('writes delay between timestamp and data, if there is one', () => {
    expect(serializeEvent({ data: 1, delay: 0, timestamp: 5, type: 3 })).toBe(
      '{"type":3,"timestamp":5,"delay":0,"data":1}',
    )
    const none = { type: 3, timestamp: 5, delay: null as unknown as undefined, data: 1 }
    expect(serializeEvent(none)).toBe('{"type":3,"timestamp":5,"data":1}')
  })

  it('leaves out what rrweb does not know', () => {
    expect(serializeEvent({ type: 4, timestamp: 5, data: {}, extra: 1 } as never)).toBe(
      '{"type":4,"timestamp":5,"data":{}}',
    )
  })

  it('writes interactions as they are', () => {
    const click = { x: 1, y: 2, timestamp: 5, type: 'click', count: 1 }
    expect(serializeEvent(click)).toBe(JSON.stringify(click))
  })

  it('throws on a cycle', () => {
    const data: Record<string, unknown> = {}
    data.self = data
    expect(() => serializeEvent({ type: 3, timestamp: 5, data })).toThrow()
  })
})

describe('on a page that gave its objects a toJSON', () => {
  const owners = [Array.prototype, String.prototype, Object.prototype] as { toJSON?: unknown }[]
  afterEach(() => {
    for (const owner of owners) delete owner.toJSON
  })

  it('writes the same, and leaves the page its own', () => {
    const toJSON = () => '"mine"'
    for (const owner of owners) owner.toJSON = toJSON
    expect(serializeEvent({ type: 3, timestamp: 5, data: ['a', { b: 'c' }] })).toBe(
      '{"type":3,"timestamp":5,"data":["a",{"b":"c"}]}',
    )
    expect(bodyElement('replay', 'a"')).toBe('"a\\""')
    for (const owner of owners) expect(owner.toJSON).toBe(toJSON)
  })
})

describe('bodyElement', () => {
  it('makes replay events strings and leaves interactions objects', () => {
    expect(bodyElement('replay', '{"type":3}')).toBe('"{\\"type\\":3}"')
    expect(bodyElement('interaction', '{"type":"click"}')).toBe('{"type":"click"}')
  })
})

describe('utf8Bytes', () => {
  it('counts what an encoder would write', () => {
    for (let seed = 1; seed < 50; seed++) {
      const text = randomJson(randomFrom(seed), 3000)
      expect(utf8Bytes(text)).toBe(new TextEncoder().encode(text).length)
    }
  })
})
