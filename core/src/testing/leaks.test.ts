import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { findLeaks } from './leaks.ts'

const SECRET = 'Jane Müller 4711'
const incremental = (data: object) => ({ type: 3, timestamp: 1, data })
const snapshot = (node: object) => ({ type: 2, timestamp: 1, data: { node } })
const nodeWith = (attributes: object, tagName = 'p') =>
  snapshot({ type: 2, id: 1, tagName, attributes, childNodes: [] })
const places = (evidence: object | string) => findLeaks(evidence, [SECRET]).map(({ place }) => place)

test('finds nothing where there is nothing', () => {
  expect(
    findLeaks([nodeWith({ title: '**** ****** ****' }), incremental({ source: 5, text: '***' })], [SECRET]),
  ).toEqual([])
})

test('says what leaked, where, and in which form', () => {
  expect(findLeaks([nodeWith({ title: `Hello ${SECRET}!` })], [SECRET])).toEqual([
    {
      secret: SECRET,
      place: 'attribute',
      form: 'plain',
      path: '[0].data.node.attributes.title',
      excerpt: `Hello ${SECRET}!`,
    },
  ])
})

describe('places', () => {
  test.each([
    ['text', snapshot({ type: 3, id: 1, textContent: SECRET })],
    ['text', incremental({ source: 0, texts: [{ id: 1, value: SECRET }] })],
    ['attribute', nodeWith({ 'data-user': SECRET })],
    ['attribute', incremental({ source: 0, attributes: [{ id: 1, attributes: { title: SECRET } }] })],
    ['input', nodeWith({ value: SECRET }, 'input')],
    ['input', incremental({ source: 5, id: 1, text: SECRET, isChecked: false })],
    [
      'url',
      { type: 4, timestamp: 1, data: { href: `https://shop.example/?name=${encodeURIComponent(SECRET)}` } },
    ],
    ['url', nodeWith({ href: `/?name=${SECRET}` }, 'a')],
    ['css', nodeWith({ _cssText: `a::after{content:"${SECRET}"}` }, 'link')],
    ['css', nodeWith({ style: `--user:"${SECRET}"` })],
    ['css', incremental({ source: 8, adds: [{ rule: `a::after{content:"${SECRET}"}`, index: 0 }] })],
    ['css', incremental({ source: 13, set: { property: '--user', value: SECRET } })],
    [
      'console',
      {
        type: 6,
        timestamp: 1,
        data: { plugin: 'rrweb/console@1', payload: { level: 'log', payload: [SECRET] } },
      },
    ],
    ['network', { type: 5, timestamp: 1, data: { tag: 'fetch-request', payload: { body: SECRET } } }],
    ['custom', { type: 5, timestamp: 1, data: { tag: 'metadata', payload: { user: SECRET } } }],
    ['selector', { type: 'click', timestamp: 1, selector: `#${SECRET}` }],
    ['raw', `anything with ${SECRET} in it`],
    ['raw', new TextEncoder().encode(`anything with ${SECRET} in it`)],
  ])('%s', (place, evidence) => {
    expect(places(typeof evidence === 'string' ? evidence : [evidence].flat())).toContain(place)
  })

  test('names of properties count too', () => {
    expect(places({ headers: { [SECRET]: 1 } })).toEqual(['other'])
  })

  test('numbers count too', () => {
    expect(findLeaks({ card: 4111111111111111 }, ['4111111111111111'])).toHaveLength(1)
  })
})

describe('forms', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  test.each([
    ['plain', 'JANE  müller\n4711'],
    ['plain', SECRET.normalize('NFD')],
    ['percent', encodeURIComponent(SECRET)],
    ['percent', new URLSearchParams({ name: SECRET }).toString()],
    ['percent', encodeURIComponent(encodeURIComponent(SECRET))],
    ['entity', 'Jane M&#252;ller&nbsp;4711'],
    ['entity', 'Jane M&#xFC;ller 4711'],
    ['escaped', 'Jane M\\u00fcller 4711'],
    ['escaped', 'Jane M\\fc ller 4711'],
    ['base64', base64(SECRET)],
    ['base64', `data:text/plain;base64,${base64(`x${SECRET}yz`)}`],
    ['base64', base64(`xy${SECRET}`).replaceAll('+', '-').replaceAll('/', '_')],
    ['hex', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ])('%s: %s', (form, text) => {
    expect(findLeaks({ text }, [SECRET])).toMatchObject([{ form }])
  })

  test('text that is spread over neighbouring nodes', () => {
    const split = snapshot({
      type: 2,
      id: 1,
      tagName: 'p',
      attributes: {},
      childNodes: [
        { type: 3, id: 2, textContent: 'Jane ' },
        {
          type: 2,
          id: 3,
          tagName: 'b',
          attributes: {},
          childNodes: [{ type: 3, id: 4, textContent: 'Müller' }],
        },
        { type: 3, id: 5, textContent: ' 4711' },
      ],
    })
    expect(findLeaks([split], [SECRET])).toMatchObject([{ form: 'split', place: 'text' }])
  })

  test('UTF-16 bytes, as some databases keep text', () => {
    expect(findLeaks(Buffer.from(SECRET, 'utf16le'), [SECRET])).toHaveLength(1)
  })
})

test('refuses to search gzipped bytes, because nothing would be found', () => {
  expect(() => findLeaks(gzipSync(SECRET), [SECRET])).toThrow('gzipped')
})

test('refuses an empty secret, because it would be found everywhere', () => {
  expect(() => findLeaks({}, [' '])).toThrow('empty secret')
})

test('survives circular evidence', () => {
  const ring: Record<string, unknown> = { name: SECRET }
  ring.self = ring
  expect(findLeaks(ring, [SECRET])).toHaveLength(1)
})
