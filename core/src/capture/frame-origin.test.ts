import { expect, it } from 'vitest'
import { isTrustedOrigin } from './frame-origin.ts'

it.each([
  ['the same origin', 'https://shop.example.com', 'https://shop.example.com', true],
  ['another port of the same host', 'http://localhost:3000', 'http://localhost:4000', true],
  ['a sibling host', 'https://pay.example.com', 'https://shop.example.com', true],
  ['the parent domain', 'https://example.com', 'https://shop.example.com', true],
  ['another scheme', 'http://pay.example.com', 'https://shop.example.com', false],
  ['another domain', 'https://example.org', 'https://example.com', false],
  ['a look-alike', 'https://notexample.com', 'https://example.com', false],
  ['a sibling below a country code domain', 'https://a.shop.co.uk', 'https://b.shop.co.uk', true],
  ['a neighbour below a country code domain', 'https://evil.co.uk', 'https://shop.co.uk', false],
  ['a neighbour on a shared host', 'https://evil.github.io', 'https://me.github.io', false],
  ['a neighbour on another shared host', 'https://evil.vercel.app', 'https://me.vercel.app', false],
  ['a neighbour on a cloud', 'https://x.s3.amazonaws.com', 'https://y.s3.amazonaws.com', false],
  ['a machine with a similar number', 'http://10.0.0.1', 'http://11.0.0.1', false],
  ['a sandboxed frame', 'null', 'https://example.com', false],
  ['a sandboxed frame in a sandboxed frame', 'null', 'null', false],
  ['nonsense', 'what', 'https://example.com', false],
])('without a list, %s: %s for %s is %s', (_title, origin, own, expected) => {
  expect(isTrustedOrigin(origin, own)).toBe(expected)
})

it('with a list, trusts exactly what is in it', () => {
  const list = ['https://pay.example.com/', 'not an origin']
  expect(isTrustedOrigin('https://pay.example.com', 'https://shop.example.com', list)).toBe(true)
  expect(isTrustedOrigin('https://other.example.com', 'https://shop.example.com', list)).toBe(false)
  expect(isTrustedOrigin('null', 'https://shop.example.com', ['null'])).toBe(false)
  expect(isTrustedOrigin('https://shop.example.com', 'https://shop.example.com', [])).toBe(false)
})
