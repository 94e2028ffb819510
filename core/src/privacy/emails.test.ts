import { expect, test } from 'vitest'
import { randomFrom } from '../../test/support/random.ts'
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
  ['/export/jane@example.com.pdf', '/export/***'],
  ['/avatars/jane@example.co.uk.png', '/avatars/***'],
  ['/avatars/jane@example.com-old.png', '/avatars/***'],
  ['/avatars/jane@example.de_1.png', '/avatars/***'],
  ['/avatars/Jane@Example.De.png', '/avatars/***'],
  ['/avatars/jane@example.рф.png', '/avatars/***'],
  ['/avatars/jane@example.xn--p1ai.png', '/avatars/***'],
  ['/themes/jane@example.com.css', '/themes/***'],
  ['/themes/jane@mail.example.de.css', '/themes/***'],
  ['/q/jane@example.com+joe', '/q/***'],
  ['/q/lunch@home+jane@example.com', '/q/***'],
  ['/q/lunch%40home+jane%2540example.com', '/q/***'],
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
  '/_app/immutable/assets/_page@app.khMYSJZm.css',
  '/_app/immutable/assets/_page@app.kh-YSJ_m.css.map',
  '/_app/immutable/assets/icon@dark.khMYSJZm.png',
  '/img/hero@mobile.large.png',
  '/vendor/vue@next.global.prod.js',
  '/.pnpm/foo@https+++codeload.github.com+x+tar.gz+abc/node_modules/foo/a.css',
  '/.pnpm/foo@1.2.3_@types+node@20.1.0_react@18.2.0/a.css',
  '/@jane/post',
  'md@lg',
])('%s is a name of a file, a version or a handle and stays', (text) => {
  expect(hideEmails(text)).toBe(text)
})

test('as part of an id it is masked as long as it is', () => {
  expect(hideEmails('#user-jane@example.com', maskText)).toBe('#*********************')
})

test('hashed style sheets and scripts are not lost', () => {
  const random = randomFrom(7)
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  for (let i = 0; i < 5000; i++) {
    const hash = Array.from({ length: 8 }, () => letters[random(letters.length)]).join('')
    const name = `/assets/_page@app.${hash}.${i % 2 ? 'css' : 'js'}`
    expect(hideEmails(name)).toBe(name)
  }
})

// In square time each of these would take half a minute and more.
test.each(['a@', 'a@b+', 'a@b.c-', 'a%40'])('a long text is read once: %s…', (unit) => {
  hideEmails(unit.repeat(200_000 / unit.length))
})
