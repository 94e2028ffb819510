import { describe, expect, it } from 'vitest'
import { mergeEvents } from '../../test/support/merge-events.ts'
import type { ReplayEvent } from '../types.ts'

interface Parts {
  removes?: unknown[]
  adds?: unknown[]
  texts?: unknown[]
  attributes?: unknown[]
  [extra: string]: unknown
}

const mutation = (timestamp: number, parts: Parts = {}): ReplayEvent => ({
  type: 3,
  timestamp,
  data: { source: 0, removes: [], adds: [], texts: [], attributes: [], ...parts },
})

const rules = (timestamp: number, data: object): ReplayEvent => ({
  type: 3,
  timestamp,
  data: { source: 8, id: 4, ...data },
})
const [comes, goes] = [{ adds: [{ rule: 'a{}' }] }, { removes: [{ index: 0 }] }]

const add = (id: number) => ({
  parentId: 1,
  nextId: null,
  node: { id, type: 2, tagName: 'b', attributes: {}, childNodes: [] },
})

const merge = (...events: ReplayEvent[]) => mergeEvents(events).map(({ event }) => event)

describe('joins', () => {
  it('changes of texts and attributes, under the first timestamp', () => {
    const first = mutation(100, { texts: [{ id: 2, value: 'a' }] })
    const second = mutation(130, { attributes: [{ id: 3, attributes: { class: 'x' } }] })
    expect(mergeEvents([first, second])).toEqual([
      {
        event: mutation(100, {
          texts: [{ id: 2, value: 'a' }],
          attributes: [{ id: 3, attributes: { class: 'x' } }],
        }),
        from: [first, second],
      },
    ])
  })

  it('changes of one node to its newest state', () => {
    const [joined] = merge(
      mutation(1, {
        texts: [{ id: 2, value: 'a' }],
        attributes: [{ id: 3, attributes: { class: 'x', title: 't' } }],
      }),
      mutation(2, { texts: [{ id: 2, value: 'b' }], attributes: [{ id: 3, attributes: { class: null } }] }),
      mutation(3, { attributes: [{ id: 3, attributes: { class: 'z', id: 'i' } }] }),
    )
    expect(joined?.data).toMatchObject({
      texts: [{ id: 2, value: 'b' }],
      attributes: [{ id: 3, attributes: { class: 'z', title: 't', id: 'i' } }],
    })
  })

  it.each([
    {
      what: 'parts of a style, later ones last',
      steps: [
        { style: { margin: '1px', top: '1px' }, title: 't' },
        { style: { margin: '2px', left: false } },
      ],
      expected: [{ style: { top: '1px', margin: '2px', left: false }, title: 't' }],
    },
    {
      what: 'a whole style over parts',
      steps: [{ style: { top: '1px' } }, { style: 'left: 0' }],
      expected: [{ style: 'left: 0' }],
    },
    {
      what: 'not parts that build on a whole style',
      steps: [{ style: 'left: 0' }, { style: { top: '1px' } }, { style: { top: '2px' } }],
      expected: [{ style: 'left: 0' }, { style: { top: '2px' } }],
    },
  ])('$what', ({ steps, expected }) => {
    const [joined, ...others] = merge(
      ...steps.map((attributes, at) => mutation(at, { attributes: [{ id: 3, attributes }] })),
    )
    expect(others).toEqual([])
    // As text, since the order of a style's properties counts.
    expect(JSON.stringify(joined?.data)).toContain(
      JSON.stringify(expected.map((attributes) => ({ id: 3, attributes }))),
    )
  })

  it('rules that come to a sheet, in their order', () => {
    const joined = merge(
      rules(1, { adds: [{ rule: 'a{}', index: 0 }] }),
      rules(2, { adds: [{ rule: 'b{}' }] }),
    )
    expect(joined).toEqual([rules(1, { adds: [{ rule: 'a{}', index: 0 }, { rule: 'b{}' }] })])
  })

  it('rules that go', () => {
    const joined = merge(rules(1, { removes: [{ index: 4 }] }), rules(2, { removes: [{ index: [0, 3] }] }))
    expect(joined).toEqual([rules(1, { removes: [{ index: 4 }, { index: [0, 3] }] })])
  })

  it('leaves the captured events as they were', () => {
    const events = [1, 2].map((at) =>
      mutation(at, { attributes: [{ id: 3, attributes: { class: String(at), style: { top: '1px' } } }] }),
    )
    const before = structuredClone(events)
    merge(...events)
    expect(events).toEqual(before)
  })
})

describe('keeps apart', () => {
  const plain = mutation(1, { texts: [{ id: 2, value: 'a' }] })
  const cases: Record<string, [ReplayEvent, ReplayEvent]> = {
    'events more than 50 ms apart': [plain, mutation(52)],
    'a later event with an earlier time': [mutation(10), mutation(9)],
    'what adds nodes': [plain, mutation(2, { adds: [add(5)] })],
    'what follows added nodes': [mutation(1, { adds: [add(5)] }), mutation(2)],
    'what removes nodes': [plain, mutation(2, { removes: [{ id: 9, parentId: 8 }] })],
    'an attached frame': [plain, mutation(2, { isAttachIframe: true })],
    'stylesheet text in an attribute': [
      plain,
      mutation(2, { attributes: [{ id: 3, attributes: { _cssText: 'a{}' } }] }),
    ],
    'what is no mutation': [plain, { type: 3, timestamp: 2, data: { source: 1 } }],
    'what has another shape': [plain, { type: 3, timestamp: 2, data: { source: 0 } }],
    'rules that come and rules that go': [rules(1, comes), rules(2, goes)],
    'rules that go and rules that come': [rules(1, goes), rules(2, comes)],
    'what does both': [rules(1, comes), rules(2, { ...comes, ...goes })],
    'rules of two sheets': [rules(1, comes), rules(2, { ...comes, id: 5 })],
    'rules of two adopted sheets': [
      rules(1, { ...comes, id: -1, styleId: 1 }),
      rules(2, { ...comes, id: -1, styleId: 2 }),
    ],
    'a sheet that is replaced': [rules(1, comes), rules(2, { replaceSync: 'a{}' })],
    'rules more than 50 ms apart': [rules(1, comes), rules(52, comes)],
    'a rule and a text': [rules(1, comes), plain],
    'what has no data': [plain, { type: 3, timestamp: 2, data: null }],
  }
  it.each(Object.entries(cases))('%s', (_, events) => {
    expect(merge(...events)).toEqual(events)
  })
})
