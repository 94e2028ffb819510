import { expect, test } from 'vitest'
import { recordedText } from './recorded-text.ts'

const text = (id: number, textContent: string) => ({ type: 3, id, textContent })
const element = (id: number, tagName: string, attributes: object, ...childNodes: object[]) => ({
  type: 2,
  id,
  tagName,
  attributes,
  childNodes,
})
const snapshot = (...childNodes: object[]) => ({
  type: 2,
  timestamp: 1,
  data: { node: { type: 0, id: 1, childNodes } },
})
const mutation = (data: object) => ({ type: 3, timestamp: 2, data: { source: 0, ...data } })
const lines = (...events: Parameters<typeof recordedText>[0]) => recordedText(events).split('\n')

test('gives text, field values and labels of a snapshot', () => {
  const page = snapshot(
    element(2, 'h1', { class: 'big' }, text(3, 'Orders')),
    element(4, 'input', { type: 'text', value: 'Ada', placeholder: 'Name' }),
    element(5, 'img', { alt: 'A plant', src: '/plant.png' }),
  )
  expect(lines(page)).toEqual(['Orders', 'Ada', 'Name', 'A plant'])
})

test('leaves out code, but not the words that style sheets add', () => {
  const page = snapshot(
    element(2, 'style', {}, text(3, 'a::after { content: "new"; color: red }')),
    element(4, 'script', {}, text(5, 'SCRIPT_PLACEHOLDER')),
  )
  expect(lines(page)).toEqual(['new'])
  const restyle = mutation({ texts: [{ id: 3, value: 'a { color: blue }' }] })
  expect(lines(page, restyle)).toEqual(['new'])
})

test('gives what changes later: added nodes, texts, attributes, input, titles', () => {
  expect(
    lines(
      mutation({ adds: [{ parentId: 2, node: text(9, 'added') }] }),
      mutation({ texts: [{ id: 9, value: 'changed' }] }),
      mutation({ attributes: [{ id: 4, attributes: { title: 'tooltip', class: 'x' } }] }),
      { type: 3, timestamp: 3, data: { source: 5, text: 'typed', isChecked: false, id: 4 } },
      {
        type: 6,
        timestamp: 4,
        data: { plugin: 'amplitude/url-tracking@1', payload: { href: '/x', title: 'Basket' } },
      },
    ),
  ).toEqual(['added', 'changed', 'tooltip', 'typed', 'Basket'])
})
