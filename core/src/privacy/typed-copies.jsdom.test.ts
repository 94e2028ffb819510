// @vitest-environment jsdom
import { expect, test } from 'vitest'
import type { Scope } from './decide.ts'
import { fieldFacts } from './fields.ts'
import { isTypedAddress } from './typed-copies.ts'

const scope: Scope = {
  blocked: false,
  masked: false,
  unmasked: false,
  floor: null,
  content: 'plain',
  regime: 'medium',
  area: null,
}

function isTyped(text: string, address: string): boolean {
  const input = document.createElement('input')
  input.value = text
  return isTypedAddress('formaction', address, fieldFacts(input), scope, () => [])
}

test.each([
  ['hi @jane', '/search?q=hi+%40jane'],
  ['hi @jane', '/search?q=hi+@jane'],
  ['hi @jane', '/search?q=hi%20@jane'],
  ['hi @jane', '/in?next=%2Fsearch%3Fq%3Dhi%2B%2540jane'],
  ['lunch money@home', '/search?q=lunch+money%40home'],
  ['jane+tag@example.com', '/search?q=jane+tag@example.com'],
  ['jane+tag@example.com', '/search?q=jane+tag%40example.com'],
  ['mail jane+tag@home', '/search?q=mail+jane%2Btag%40home'],
])('what was typed, %s, is found in the address %s', (text, address) => {
  expect(isTyped(text, address)).toBe(true)
})

test('other words are not taken for what was typed', () => {
  expect(isTyped('hi @jane', '/search?q=hello+%40jane')).toBe(false)
})
