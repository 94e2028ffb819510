// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest'
import { findLeaks } from './leaks.ts'

beforeEach(() => {
  document.body.innerHTML = '<form style="--user: jane"><input name="user" value="jane"></form>'
})
const only = <Kind extends Element>(selector: string) => document.querySelector(selector) as Kind

test('what a page has stored is searched', () => {
  sessionStorage.setItem('user', 'jane')
  expect(findLeaks(sessionStorage, ['jane'])).toMatchObject([{ path: 'user' }])
})

test('the address of the page and its headers are searched', () => {
  history.replaceState(null, '', '?jane')
  expect(findLeaks({ location }, ['jane'])).toMatchObject([{ place: 'url', path: 'location.href' }])
  expect(findLeaks(new Headers({ user: 'jane' }), ['jane'])).toMatchObject([{ path: 'user' }])
})

test('bytes and forms are searched, though they are of another realm than the page', () => {
  expect(findLeaks(new TextEncoder().encode('jane'), ['jane'])).toHaveLength(1)
  expect(findLeaks(new FormData(only('form')), ['jane'])).toMatchObject([{ path: 'user' }])
})

test('elements and styles are refused, because they hold more than they give', () => {
  const { style } = only<HTMLElement>('form')
  expect(() => findLeaks(style, ['jane'])).toThrow('nobody can see into')
  expect(() => findLeaks(only('form'), ['jane'])).toThrow('see into HTMLFormElement')
  expect(() => findLeaks(document.querySelectorAll('input'), ['jane'])).toThrow('HTMLInputElement at [0]')
})
