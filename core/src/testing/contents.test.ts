import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { findLeaks } from './leaks.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const formWith = (name: string, value: string | Blob) => {
  const form = new FormData()
  form.append(name, value)
  return form
}

test.each<[string, object]>([
  ['headers', new Headers({ 'x-user': 'jane@example.com' })],
  ['a map', new Map([['user', 'jane@example.com']])],
  ['an object as key of a map', new Map([[{ user: 'jane@example.com' }, 1]])],
  ['a set', new Set(['jane@example.com'])],
  ['parameters', new URLSearchParams({ user: 'jane@example.com' })],
  ['a form', formWith('user', 'jane@example.com')],
  ['an address', new URL('https://shop.example/?user=jane@example.com')],
  ['a text object', Object('jane@example.com')],
  ['an object without prototype', Object.assign(Object.create(null), { user: 'jane@example.com' })],
  ['a plain object of another realm', runInNewContext('({ user: "jane@example.com" })')],
  [
    'bytes of another realm',
    runInNewContext('Uint8Array.from(bytes).buffer', { bytes: utf8('jane@example.com') }),
  ],
])('%s is searched', (_, evidence) => {
  expect(findLeaks(evidence, ['jane@example.com'])).not.toEqual([])
  expect(findLeaks({ deep: [evidence] }, ['jane@example.com'])).not.toEqual([])
})

test('names what it finds as in plain objects', () => {
  const seen = [new Headers({ referrer: '/jane' }), new URL('https://shop.example/jane'), new Set(['jane'])]
  expect(findLeaks(seen, ['jane'])).toMatchObject([
    { place: 'url', path: '[0].referrer' },
    { place: 'url', path: '[1].href' },
    { place: 'other', path: '[2][0]' },
  ])
})

test('an error is searched with its stack, its cause and what was added to it', () => {
  const cause = Object.assign(new TypeError('for jane@example.com'), { user: 'Jane Doe' })
  const error = new AggregateError([new Error('4711')], 'failed', { cause })
  error.stack = 'Error: failed\n  at SECRET-file.ts'
  const secrets = ['jane@example.com', 'Jane Doe', '4711', 'SECRET-file']
  const found = findLeaks({ error }, secrets).map(({ secret }) => secret)
  expect(new Set(found)).toEqual(new Set(secrets))
  expect(findLeaks(new DOMException('jane@example.com'), ['jane@example.com'])).not.toEqual([])
})

test('a date is searched as it is written in JSON', () => {
  expect(findLeaks({ born: new Date('1990-02-03') }, ['1990-02-03'])).toMatchObject([{ path: 'born' }])
  expect(findLeaks({ born: new Date(Number.NaN) }, ['1990-02-03'])).toEqual([])
})

class Customer {
  name = 'Jane Doe'
}
test.each<[string, object]>([
  ['Blob', new Blob(['jane@example.com'])],
  ['File', new File(['jane@example.com'], 'a.txt')],
  ['File', formWith('file', new Blob(['jane@example.com']))],
  ['Response', new Response('jane@example.com')],
  ['Request', new Request('https://shop.example', { method: 'POST', body: 'jane@example.com' })],
  ['Promise', Promise.resolve('jane@example.com')],
  ['ReadableStream', new Blob(['jane@example.com']).stream()],
  ['WeakMap', new WeakMap()],
  ['SharedArrayBuffer', new SharedArrayBuffer(8)],
  ['Customer', new Customer()],
  ['Map Iterator', new Map([[1, 'jane@example.com']]).values()],
])('%s is refused, because it may look empty', (name, evidence) => {
  expect(() => findLeaks(evidence, ['jane@example.com'])).toThrow(`nobody can see into ${name}`)
  expect(() => findLeaks({ deep: [evidence] }, ['x'])).toThrow(`nobody can see into ${name} at deep[0]`)
})

test('an error that holds an instance of a class is refused with what to do', () => {
  const error = Object.assign(new Error('failed'), { customer: new Customer() })
  expect(() => findLeaks({ error }, ['Jane Doe'])).toThrow(
    /see into Customer at error\.customer.*`\[error\.message, error\.stack\]`/,
  )
})

test('nothing at all and functions that were not called are refused', () => {
  expect(() => findLeaks(undefined as never, ['x'])).toThrow('nothing to search in undefined')
  expect(() => findLeaks(null as never, ['x'])).toThrow('nothing to search in null')
  expect(() => findLeaks(() => ['x'], ['x'])).toThrow('a function, call it')
})
