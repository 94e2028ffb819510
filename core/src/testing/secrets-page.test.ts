import { expect, test } from 'vitest'
import { secretsPage } from './secrets-page.ts'

test('every secret is unique, also between pages', () => {
  const all = [secretsPage(), secretsPage({ prefix: 'later' })].flatMap(({ secrets }) => secrets)
  const values = all.map(({ secret }) => secret)
  expect(new Set(values).size).toBe(values.length)
  const inside = values.filter((value) => values.some((other) => other !== value && other.includes(value)))
  expect(inside).toEqual([])
})

test('every secret is on the page', () => {
  const { html, secrets } = secretsPage()
  expect(secrets.filter(({ secret }) => !html.includes(secret))).toEqual([])
})

test('below a block everything is to be hidden, at every level', () => {
  const { secrets } = secretsPage()
  for (const { expected, placement } of secrets) {
    if (placement !== 'blocked') continue
    expect(Object.values(expected)).toEqual(['hide', 'hide', 'hide'])
  }
})

test('a stricter level never shows more', () => {
  const { toShow, toHide } = secretsPage()
  expect(toShow('light')).toEqual(expect.arrayContaining(toShow('medium')))
  expect(toShow('medium')).toEqual(expect.arrayContaining(toShow('conservative')))
  expect(toHide('conservative')).toEqual(expect.arrayContaining(toHide('light')))
})

test('takes no prefix that would have to be encoded', () => {
  expect(() => secretsPage({ prefix: 'a b' })).toThrow('letters and digits')
})
