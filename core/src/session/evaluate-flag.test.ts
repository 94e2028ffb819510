import { describe, expect, it } from 'vitest'
import { evaluateFlag } from './evaluate-flag.ts'
import { murmurHash32 } from './murmur-hash.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

const holds = (op: string, values: string[], value: unknown) =>
  evaluateFlag(
    { segments: [{ conditions: [[{ selector: ['context', 'value'], op, values }]], variant: 'on' }] },
    { value },
  ) === 'on'

describe('conditions', () => {
  // Operator, values of the rule, what matches, what does not. Checked against Amplitude's own engine.
  it.each<[string, string[], unknown[], unknown[]]>([
    ['is', ['a'], ['a'], ['A', 'ab', undefined, null, ['a']]],
    ['is', ['true'], ['true', 'True', true], [false, 1, 'yes']],
    ['is', ['TRUE', 'A'], [true, 'A'], ['a']],
    ['is', ['1'], [1, '1'], ['1.0', 1.5, true]],
    ['is', ['(none)'], [undefined, null, '', 0, false, Number.NaN, '(none)'], ['a', []]],
    ['is', [], [], ['a', undefined]],
    ['is not', ['a'], ['A', undefined, 0, ['a']], ['a']],
    ['is not', ['(none)'], ['a', 1], [undefined, null, '']],
    ['contains', ['B'], ['abc', ['a', 'b']], ['ac', undefined]],
    ['contains', ['(none)'], [undefined], ['a']],
    ['does not contain', ['B'], ['ac', undefined], ['abc']],
    ['does not contain', ['B', '(none)'], ['ac'], ['abc', undefined]],
    ['less', ['9'], [1, '1.9'], [9, '10', 'a', undefined]],
    ['less or equal', ['9'], [9], [9.1, '1.2.3']],
    ['greater', ['9'], ['10'], [9, 'a', true]],
    ['greater or equal', ['b'], [], ['a', 'b', 'c']],
    ['greater', ['(none)'], [undefined], ['1']],
    ['version less', ['1.10.0'], ['1.9', '1.2.3', '1.10.0-beta'], ['1.10.0', '1.10.1', undefined]],
    ['version less or equal', ['1.2.3'], ['1.2.3', '1.2'], ['1.2.4', '1.10.0']],
    ['version greater', ['1.2.3-alpha'], ['1.2.3-beta', '1.2.3'], ['1.2.3-alpha', '1.2.2']],
    ['version greater or equal', ['1.9'], ['1.10.0', '1.9.0'], ['1.2']],
    ['version less', ['9', '1.0'], ['0.9'], ['1.5']],
    ['version less', ['b'], ['a'], ['c']],
    [
      'set is',
      ['a', 'b'],
      [
        ['a', 'b'],
        ['b', 'a', 'a'],
      ],
      [['a'], 'a', undefined],
    ],
    ['set is not', ['a', 'b'], [['a'], []], [['a', 'b'], 'a', undefined]],
    ['set contains', ['a', 'b'], [['a', 'b', 'c']], [['a'], 'a', undefined]],
    ['set does not contain', ['a', 'b'], [['a'], undefined], [['a', 'b'], 'a']],
    ['set contains any', ['a', 'z'], [['a', 'b']], [['b'], undefined]],
    ['set contains any', ['(none)'], [undefined, null, ''], [['a'], []]],
    ['set contains any', ['2'], [[1, 2]], [[1]]],
    ['set does not contain any', ['a'], [['b'], [], undefined], [['a']]],
    ['regex match', ['^a', 'c$'], ['abc', 'bc'], ['b', undefined]],
    ['regex does not match', ['^a'], ['b'], ['abc', undefined]],
  ])('"%s" %j', (op, values, matching, others) => {
    expect(matching.filter((value) => !holds(op, values, value))).toEqual([])
    expect(others.filter((value) => holds(op, values, value))).toEqual([])
  })

  it.each(['glob match', 'is now', 'constructor', 'version constructor', 'set'])('throws on "%s"', (op) => {
    expect(() => holds(op, ['a'], 'a')).toThrow('unknown operator')
  })

  it('throws on an expression that cannot be read', () => {
    expect(() => holds('regex match', ['('], 'a')).toThrow()
  })

  it('follows own properties only', () => {
    const conditions = [[{ selector: ['context', 'constructor'], op: 'is not', values: ['(none)'] }]]
    expect(evaluateFlag({ segments: [{ conditions, variant: 'on' }] }, {})).toBeUndefined()
  })
})

describe('segments', () => {
  const is = (name: string, value: string) => ({ selector: ['context', name], op: 'is', values: [value] })

  it('need one group of conditions whose members all hold', () => {
    const segments = [{ conditions: [[is('a', '1'), is('b', '2')], [is('c', '3')]], variant: 'on' }]
    expect(evaluateFlag({ segments }, { a: 1, b: 2 })).toBe('on')
    expect(evaluateFlag({ segments }, { c: 3 })).toBe('on')
    expect(evaluateFlag({ segments }, { a: 1 })).toBeUndefined()
  })

  it('decide in order, and without conditions always', () => {
    const segments = [{ conditions: [[is('a', '1')]], variant: 'off' }, { variant: 'on' }]
    expect(evaluateFlag({ segments }, { a: 1 })).toBe('off')
    expect(evaluateFlag({ segments }, { a: 2 })).toBe('on')
    expect(evaluateFlag({ segments: [] }, {})).toBeUndefined()
  })

  it('throw when there are none to read', () => {
    expect(() => evaluateFlag({}, {})).toThrow()
  })
})

describe('buckets', () => {
  const MAX = 42_949_673
  const share = (percent: number, id: unknown, more: object = {}) =>
    evaluateFlag(
      {
        segments: [
          {
            bucket: {
              selector: ['context', 'session_id'],
              salt: 'salt',
              allocations: [{ range: [0, percent], distributions: [{ variant: 'on', range: [0, MAX] }] }],
            },
            ...more,
          },
        ],
      },
      { session_id: id },
    )

  it('use the published hash', () => {
    // Check values of MurmurHash3_x86_32 with seed 0.
    expect(murmurHash32(utf8(''))).toBe(0)
    expect(murmurHash32(utf8('a'))).toBe(0x3c2569b2)
    expect(murmurHash32(utf8('hello'))).toBe(0x248bfa47)
    expect(murmurHash32(utf8('hello, world'))).toBe(0x149bbb7f)
    expect(murmurHash32(utf8('The quick brown fox jumps over the lazy dog'))).toBe(0x2e4ff723)
  })

  it('include everybody, nobody, or a share', () => {
    let included = 0
    for (let id = 1; id <= 10_000; id++) {
      expect(share(100, id)).toBe('on')
      expect(share(0, id)).toBeUndefined()
      if (share(10, id)) included++
    }
    expect(included).toBeGreaterThan(900)
    expect(included).toBeLessThan(1100)
  })

  it('leave who is outside to the variant of the segment', () => {
    expect(share(0, 1, { variant: 'off' })).toBe('off')
  })

  it('leave who has no value to the variant of the segment', () => {
    for (const id of [undefined, null, '', 0, Number.NaN]) {
      expect(share(100, id)).toBeUndefined()
      expect(share(100, id, { variant: 'off' })).toBe('off')
    }
  })

  it('split an allocation by the rest of the hash', () => {
    const hash = murmurHash32(utf8('salt/7'))
    const at = Math.floor(hash / 100)
    const segments = [
      {
        bucket: {
          selector: ['context', 'id'],
          salt: 'salt',
          allocations: [
            {
              range: [hash % 100, (hash % 100) + 1],
              distributions: [
                { variant: 'before', range: [0, at] },
                { variant: 'hit', range: [at, at + 1] },
                { variant: 'after', range: [at + 1, MAX] },
              ],
            },
          ],
        },
      },
    ]
    expect(evaluateFlag({ segments }, { id: 7 })).toBe('hit')
  })
})
