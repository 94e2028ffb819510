import { expect, test } from 'vitest'
import { hideEmails } from './emails.ts'
import { maskText } from './mask.ts'

test.each([
  ['/users/jane@example.com/edit', '/users/***/edit'],
  ['/avatars/jane@example.com.png', '/avatars/***'],
  ['/avatars/jane@mail.example.museum.png', '/avatars/***'],
  ['/export/jane@example.com.tar.gz', '/export/***'],
  ['/u/jane@example.com-old', '/u/***'],
  ['/u/jane@example.com_1', '/u/***'],
  ['/u/jane@example.com.', '/u/***'],
  ['/u/jane.o+shop@example.co.uk', '/u/***'],
  ['/u/jane@exämple.de', '/u/***'],
  ['/u/jane@example.рф', '/u/***'],
  ['/u/jane@example.xn--p1ai', '/u/***'],
  ['/u/jane@163.com', '/u/***'],
  ['/u/jane%40example.com', '/u/***'],
  ['/u/jane%2540example.com.png', '/u/***'],
  ['a@b jane@example.com, joe@example.org', 'a@b ***, ***'],
  [`/u/${'j'.repeat(200)}@example.com`, '/u/***'],
])('the e-mail addresses in %s are hidden: %s', (text, expected) => {
  expect(hideEmails(text)).toBe(expected)
})

test.each([
  '/img/icon@2x.png',
  '/img/icon@2x.dark.png',
  '/img/icon%402x.png',
  '/logo@dark.min.svg',
  '/app@main.abc123.js',
  '/npm/pkg@1.2.3-beta.rc/dist/x.min.js',
  '/npm/pkg@v1.2.3-beta.rc',
  '/npm/@scope/pkg@latest/x.js',
  '/@jane/post',
  'md@lg',
])('%s is a name of a file, a version or a handle and stays', (text) => {
  expect(hideEmails(text)).toBe(text)
})

test('as part of an id it is masked as long as it is', () => {
  expect(hideEmails('#user-jane@example.com', maskText)).toBe('#*********************')
})
