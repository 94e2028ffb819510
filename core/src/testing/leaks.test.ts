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

  test.each([
    ['an address', '/u?e=jane+tag%40example.com', 'jane+tag@example.com'],
    ['a form', new URLSearchParams({ e: 'jane+tag@example.com' }).toString(), 'jane+tag@example.com'],
    ['a form, spaces too', new URLSearchParams({ tel: '+31 20 1234' }).toString(), '+31 20 1234'],
    ['a form in an address', encodeURIComponent('tel=%2B31+20+1234'), '+31 20 1234'],
    ['text', 'call +31 20 1234 (new)', '+31 20 1234 (new)'],
  ])('a plus in %s', (_, text, secret) => {
    expect(findLeaks({ text }, [secret])).toHaveLength(1)
    expect(findLeaks({ text }, [secret.replace('+', '-')])).toEqual([])
  })

  test('a space is no plus', () => {
    expect(findLeaks({ text: 'Google Maps, c%20d' }, ['Google+', 'C++'])).toEqual([])
  })

  test.each([
    ['percent-encoding in base64', base64(encodeURIComponent(SECRET))],
    ['base64 in base64', base64(`token=${base64(SECRET)}`)],
    ['base64 in a path', `/users/${base64(SECRET)}/orders`],
    ['JSON in base64', base64(JSON.stringify(JSON.stringify({ name: 'Jane\nMüller 4711' })))],
    ['base64 of other letters', base64(SECRET.toUpperCase())],
    ['hex in percent-encoding', encodeURIComponent(`{${Buffer.from(SECRET).toString('hex')}}`)],
    ['percent-encoding in hex', `0${Buffer.from(encodeURIComponent(SECRET)).toString('hex')}`],
  ])('%s', (_, text) => {
    expect(findLeaks({ text }, [SECRET])).toHaveLength(1)
  })

  test.each([
    ['an address', 'token=Pj4%2BPz8%2FPj4%2BPz8%2F'],
    ['JSON', 'Pj4+Pz8\\/Pj4+Pz8\\/'],
    ['markup', 'Pj4&#x2B;Pz8&#47;Pj4&#x2B;Pz8&#47;'],
  ])('base64 whose signs are written otherwise in %s', (_, text) => {
    expect(findLeaks({ text }, ['>>>???>>>???'])).toMatchObject([{ form: 'base64' }])
  })

  test.each(['Zoë!', '山田', 'Łódź', 'Jane!'])(
    'five bytes are enough to be found in base64: %s',
    (secret) => {
      for (const before of ['', '\0', '\0\0']) {
        expect(findLeaks({ text: base64(`${before}${secret}\0`) }, [secret])).toMatchObject([
          { form: 'base64' },
        ])
      }
    },
  )

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

  describe('text that is spread over neighbours', () => {
    const span = (...pieces: string[]) => ({
      type: 2,
      id: 1,
      tagName: 'p',
      attributes: {},
      childNodes: pieces.map((textContent, index) => ({ type: 3, id: index + 2, textContent })),
    })
    const forms = (secret: string, ...pieces: string[]) =>
      findLeaks([snapshot(span(...pieces))], [secret]).map(({ form }) => form)
    const long = 'word '.repeat(100_000)

    test('at the edges of long texts', () => {
      expect(forms(SECRET, `${long}Jane `, 'Müller', ` 4711${long}`)).toEqual(['split'])
      expect(forms(SECRET, `${long}Jane\n${' '.repeat(500)}`, `Müller 4711${long}`)).toEqual(['split'])
      expect(forms(SECRET, `Jane ${long}`, 'Müller 4711')).toEqual([])
    })

    test('encoded, between long texts', () => {
      const coded = encodeURIComponent(SECRET)
      expect(forms(SECRET, long + coded.slice(0, 9), coded.slice(9) + long)).toEqual(['split'])
    })

    test('without the blanks of the secret', () => {
      expect(forms('4111 1111 1111 1111', '4111', '1111', '1111', '1111')).toEqual(['split'])
    })

    test('beside nodes that lie inside themselves', () => {
      const ring = { ...span(), childNodes: [] as object[] }
      ring.childNodes.push(ring)
      const split = { ...span(), childNodes: [...span('Jane ', 'Müller 4711').childNodes, ring] }
      expect(findLeaks([snapshot(split)], [SECRET])).toMatchObject([{ form: 'split' }])
    })
  })

  describe('text that is spread over nodes which are added', () => {
    const text = (id: number, textContent: string) => ({ type: 3, id, textContent })
    const element = (id: number, ...childNodes: object[]) => ({
      type: 2,
      id,
      tagName: 'b',
      attributes: {},
      childNodes,
    })
    const added = (...adds: [parentId: number, nextId: number | null, node: object][]) =>
      incremental({ source: 0, adds: adds.map(([parentId, nextId, node]) => ({ parentId, nextId, node })) })

    test.each([
      // As rrweb writes them: the last of all siblings first, each without its children.
      [
        'to a known node',
        added([1, null, text(4, ' 4711')], [1, 4, element(2)], [2, null, text(3, 'Jane Müller')]),
      ],
      ['before a known node', added([1, 9, text(3, 'Müller 4711')], [1, 3, text(2, 'Jane ')])],
      [
        'to added nodes',
        added(
          [1, null, element(2)],
          [2, null, element(5)],
          [5, null, text(6, 'Müller 4711')],
          [2, 5, element(3)],
          [3, null, text(4, 'Jane ')],
        ),
      ],
      [
        'with and without their children',
        added([1, null, text(4, ' 4711')], [1, 4, element(2, text(3, 'Jane Müller'))]),
      ],
    ])('%s', (_, event) => {
      expect(findLeaks([event], [SECRET])).toMatchObject([
        { form: 'split', place: 'text', path: '[0].data.adds', excerpt: SECRET },
      ])
    })

    test.each([
      [
        'inside themselves',
        added([2, null, element(2)], [1, 9, text(3, 'Müller 4711')], [1, 3, text(4, 'Jane ')]),
      ],
      [
        'inside each other',
        added(
          [2, null, element(3)],
          [3, null, element(2)],
          [1, 9, text(4, 'Müller 4711')],
          [1, 4, text(5, 'Jane ')],
        ),
      ],
      [
        'whose children are no list',
        added(
          [1, 9, text(4, 'Müller 4711')],
          [1, 4, { ...element(5), childNodes: {} }],
          [5, null, text(6, 'Jane ')],
        ),
      ],
      [
        'whose children are nothing',
        added(
          [1, 9, text(4, 'Müller 4711')],
          [1, 4, { ...element(5), childNodes: [null] }],
          [5, 7, text(6, 'Jane ')],
        ),
      ],
    ])('%s', (_, event) => {
      expect(findLeaks([event], [SECRET])).toMatchObject([{ form: 'split' }])
    })

    test('not in the order of writing, not between parents, not twice', () => {
      expect(
        findLeaks([added([1, null, text(3, 'Jane ')], [1, 3, text(2, 'Müller 4711')])], [SECRET]),
      ).toEqual([])
      expect(
        findLeaks([added([1, null, text(3, 'Jane ')], [2, null, text(4, 'Müller 4711')])], [SECRET]),
      ).toEqual([])
      expect(findLeaks([added([1, null, text(3, SECRET)], [1, 3, text(2, 'me')])], [SECRET])).toHaveLength(1)
    })
  })

  test.each<[string, Buffer]>([
    ['UTF-8', Buffer.from(`${SECRET}\0`)],
    ['UTF-8 after other bytes', Buffer.from(`\xff${SECRET}`, 'latin1')],
    ['UTF-8 after bytes that are none', Buffer.concat([Buffer.from([0xff]), Buffer.from(SECRET)])],
    ['Latin-1', Buffer.from(SECRET, 'latin1')],
    ['UTF-16', Buffer.from(SECRET, 'utf16le')],
    ['UTF-16 at an odd offset', Buffer.concat([Buffer.from('x'), Buffer.from(SECRET, 'utf16le')])],
    ['big-endian UTF-16', Buffer.from(SECRET, 'utf16le').swap16()],
    [
      'big-endian UTF-16 at an odd offset',
      Buffer.concat([Buffer.from('x'), Buffer.from(SECRET, 'utf16le').swap16()]),
    ],
  ])('bytes of %s', (_, bytes) => {
    expect(findLeaks(bytes, [SECRET])).toHaveLength(1)
  })

  test.each([
    ['blanks around the secret', 'Jane Müller 4711', '\n  Jane Müller 4711 '],
    ['no blanks in the text', 'JaneMüller4711', SECRET],
    ['some blanks in the text', '4111 11111111 1111', '4111 1111 1111 1111'],
    ['zero width spaces', 'Jane Mü\u200bller\u200b 4711', SECRET],
    ['soft hyphens', 'Jane Mül\u00adler 4711', SECRET],
    ['marks of direction', '\u200eJane\u200e Müller 4711', SECRET],
    ['an invisible character before an accent', 'Jane Mu\u200b\u0308ller 4711', SECRET],
    ['invisible characters in the secret', SECRET, 'Jane Mül\u00adler 4711'],
  ])('%s', (_, text, secret) => {
    expect(findLeaks({ text }, [secret])).toHaveLength(1)
  })

  test.each([
    ['4111111111111111', '4111 1111 1111 1111'],
    ['card-DE89370400440532013000.', 'DE89 3704 0044 0532 0130 00'],
    ['card4111111111111111', '4111 1111 1111 1111'],
    ['%2B31201234567', '+31 20 123 4567'],
    ['"JaneMüller4711"', SECRET],
    ['user_JaneMüller4711_x', SECRET],
  ])('no blanks at all: %s', (text, secret) => {
    expect(findLeaks({ text }, [secret])).toHaveLength(1)
  })

  test.each<[object, string]>([
    [{ text: 'Joanna and Hanna' }, 'Ann A'],
    [{ timestamp: 1700012345 }, '12 34'],
    [{ class: 'mainstreet' }, 'Main Street'],
    [{ text: '94111111111111111' }, '4111 1111 1111 1111'],
  ])('in %j the words of %s are parts of others', (evidence, secret) => {
    expect(findLeaks(evidence, [secret])).toEqual([])
  })

  test('blanks where the secret has none are other words', () => {
    expect(findLeaks({ text: 'is land' }, ['island'])).toEqual([])
  })
})

test('refuses to search gzipped bytes, because nothing would be found', () => {
  expect(() => findLeaks(gzipSync(SECRET), [SECRET])).toThrow('gzipped')
})

test('refuses an empty secret, because it would be found everywhere', () => {
  expect(() => findLeaks({}, [' '])).toThrow('empty secret')
})

test('refuses to look for nothing, or in nothing', () => {
  expect(() => findLeaks({ text: SECRET }, [])).toThrow('name at least one secret')
  expect(() => findLeaks([], [SECRET])).toThrow('an empty list. Was the page recorded?')
  expect(findLeaks({ rows: [] }, [SECRET])).toEqual([])
})

test('refuses functions that were not called', () => {
  expect(() => findLeaks({ events: () => [SECRET] }, [SECRET])).toThrow(
    'a function at events, search what it returns',
  )
})

test('survives circular evidence', () => {
  const ring: Record<string, unknown> = { name: SECRET }
  ring.self = ring
  expect(findLeaks(ring, [SECRET])).toHaveLength(1)
})
