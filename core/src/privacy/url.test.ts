import { expect, test, vi } from 'vitest'
import { compileGlob } from './glob.ts'
import { createSecretNames } from './secret-names.ts'
import { createUrlSanitizer } from './url.ts'

const clean = createUrlSanitizer({})

test.each([
  ['https://shop.test/a/b?page=2#top', 'https://shop.test/a/b?page=2#top'],
  ['/a?sort=name&page=2', '/a?sort=name&page=2'],
  ['https://me:pw@shop.test/a', 'https://shop.test/a'],
  ['//me@shop.test/a', '//shop.test/a'],
  ['https://shop.test/@me/post?x=1', 'https://shop.test/@me/post?x=1'],
  ['/cb?code=abc&state=1', '/cb?code=***&state=1'],
  ['/cb?ACCESS_TOKEN=abc', '/cb?ACCESS_TOKEN=***'],
  ['/cb?accessToken=abc&accesstoken=def', '/cb?accessToken=***&accesstoken=***'],
  ['/cb?user[password]=abc', '/cb?user[password]=***'],
  ['/cb?user%5Bemail%5D=abc', '/cb?user%5Bemail%5D=***'],
  ['/cb?who=jane%40example.com', '/cb?who=***'],
  ['/a#access_token=abc&x=1', '/a#access_token=***&x=1'],
  ['/a#/route?token=abc&x=1', '/a#/route?token=***&x=1'],
  ['/a#top', '/a#top'],
  ['/a;jsessionid=ABC/b?x=1', '/a;jsessionid=***/b?x=1'],
  ['/in?next=%2Fcb%3Fcode%3Dabc', '/in?next=%2Fcb%3Fcode%3D***'],
  ['/in?next=https://me:pw@a.test/', '/in?next=https%3A%2F%2Fa.test%2F'],
  ['/v/eyJhbGciOi.eyJzdWIiOi.c2ln/x', '/v/***/x'],
  ['/?zipcode=1&keyword=x&monkey=2', '/?zipcode=1&keyword=x&monkey=2'],
  ['/?token=', '/?token='],
  ['javascript:alert(1)', 'javascript:'],
  ['data:text/plain,hello', 'data:text/plain,hello'],
  ['%E0%A4%A', '%E0%A4%A'],
  ['/a?next=%252Fb%253Ftoken%253Djane', '/a?next=%2Fb%3Ftoken%3D***'],
  ['/go/https%3A%2F%2Fb.test%2F%3Ftoken%3Djane/x', '/go/https%3A%2F%2Fb.test%2F%3Ftoken%3D***/x'],
  ['/a/token=jane/b', '/a/token=***/b'],
  ['/#access_token=jane?x=1', '/#access_token=***?x=1'],
  ['/#/a;token=jane', '/#/a;token=***'],
  [
    '/a?state=%7B%22token%22%3A%22jane%22%2C%22page%22%3A2%7D',
    '/a?state=%7B%22token%22%3A%22***%22%2C%22page%22%3A2%7D',
  ],
  ['/a?state=eyJ0b2tlbiI6ImphbmUifQ', '/a?state=***'],
  [
    '/a?SAMLResponse=jane&JWTValue=jane&useremailaddress=jane',
    '/a?SAMLResponse=***&JWTValue=***&useremailaddress=***',
  ],
  ['/a?x=%&token%=jane', '/a?x=%&token%=***'],
  ['https:\\\\me:pw@shop.test/a', 'https:\\\\shop.test/a'],
  ['https:/me:pw@shop.test/a', 'https:/shop.test/a'],
  ['  https://me:pw@shop.test/a', 'https://shop.test/a'],
  ['java\nscript:alert(1)', 'javascript:'],
  ['/users/jane@example.com/edit', '/users/***/edit'],
  ['/users/jane%40example.com', '/users/***'],
  ['mailto:jane@example.com?subject=hello', 'mailto:***?subject=hello'],
  ['/img/icon@2x.png', '/img/icon@2x.png'],
  ['/npm/pkg@1.2.3-beta.rc/dist/x.min.js', '/npm/pkg@1.2.3-beta.rc/dist/x.min.js'],
  ['/logo@dark.min.svg?size=2', '/logo@dark.min.svg?size=2'],
  ['/a%20b/c%2Fd', '/a%20b/c%2Fd'],
  ['/pay/sk_live_abcdefgh1234', '/pay/***'],
  ['', ''],
  ['/a?token=abc;jane', '/a?token=***'],
  ['/a?token=abc;page=2', '/a?token=***;page=2'],
  ['/a?page=2;token=abc;jane&x=1', '/a?page=2;token=***&x=1'],
  ['/a?next=token%3Dabc%3Bjane', '/a?next=token%3D***'],
  // In an address inside another, what follows a secret may be a part of it.
  ['/in?next=%2Fcb%3Ftoken%3Dabc%2523def', '/in?next=%2Fcb%3Ftoken%3D***'],
  ['/in?next=%2Fcb%3Ftoken%3Dabc%2526def', '/in?next=%2Fcb%3Ftoken%3D***'],
  ['/in?next=%2Fcb%3Ftoken%3Dabc%26def', '/in?next=%2Fcb%3Ftoken%3D***'],
  ['/in?state=access_token%3Dab%2Fcd%3D%3D%26x%3D1', '/in?state=access_token%3D***'],
  ['/in?next=%2Fcb%3Ftoken%3D%26page%3D2', '/in?next=%2Fcb%3Ftoken%3D%26page%3D2'],
  ['/in?next=page%3D2%23top', '/in?next=page%3D2%23top'],
  ['/in?next=https%3A%2F%2Fuser%3Apa%2523ss%40example.com%2F', '/in?next=https%3A%2F%2Fexample.com%2F'],
  ['/in?next=//me:pw@a.test/', '/in?next=%2F%2Fa.test%2F'],
  ['/in?next=https:me:pw@a.test/', '/in?next=https%3Aa.test%2F'],
  ['https://user:pa#ss@example.com/', 'https://example.com/'],
  ['https://user:pa/ss@example.com/x', 'https://example.com/x'],
  ['https://shop.test:8080/@me?x=1', 'https://shop.test:8080/@me?x=1'],
  ['https://[::1]:80/a@b', 'https://[::1]:80/a@b'],
  // Parts of a query without a value, and names.
  ['/out?https%3A%2F%2Fshop.test%2Fcb%3Ftoken%3Dabc', '/out?https%3A%2F%2Fshop.test%2Fcb%3Ftoken%3D***'],
  ['/x?jane@example.com', '/x?***'],
  ['/x?a=1&jane%40example.com&b=2', '/x?a=1&***&b=2'],
  ['/x?jane@example.com=1', '/x?***=1'],
  ['/x#/route?jane@example.com', '/x#/route?***'],
  ['/x?flag&other=1', '/x?flag&other=1'],
  ['/x?user%255Bpin%255D=abc', '/x?user%255Bpin%255D=***'],
  ['/x#{"token":"abc"}', '/x#%7B%22token%22%3A%22***%22%7D'],
  ['/x?{"token":"abc&def"}', '/x?%7B%22token%22%3A%22***%22%7D'],
  ['/x?state={%22pin%22:%22abc%22}', '/x?state=%7B%22pin%22%3A%22***%22%7D'],
  ['/x?state={"u":"/a#b","pin":"abc"}', '/x?state={"u":"/a#***'],
  ['/x?state=j%3A%7B%22pin%22%3A%22abc%22%7D', '/x?state=***'],
  ['/x?filter=token:abc', '/x?filter=***'],
  ['/x?time=12:30', '/x?time=12:30'],
  // An order or a font rather than a secret.
  [
    'https://fonts.test/css2?family=Fira+Code:wght@400;500&display=swap',
    'https://fonts.test/css2?family=Fira+Code:wght@400;500&display=swap',
  ],
  ['/x?sort=code:asc&filter=key:value', '/x?sort=code:asc&filter=key:value'],
  ['/x?v=123&key:asc', '/x?v=123&key:asc'],
  ['/x?filter=access_code:abc', '/x?filter=***'],
  ['/x?state=eyJ0b2t/biI6ImphbmUifQ==', '/x?state=***'],
  // In base64.
  [`/unsubscribe?u=${btoa('jane@example.com')}`, '/unsubscribe?u=***'],
  ['/img?hash=AAECAwQFBgcICQoLDA0ODw==', '/img?hash=AAECAwQFBgcICQoLDA0ODw=='],
  [`/unsubscribe/${btoa('jane@example.com').replace(/=/g, '')}/done`, '/unsubscribe/***/done'],
  [`/in?next=${btoa('https://shop.test/cb?token=abc')}`, '/in?next=***'],
  [`/in?next=${btoa('https://shop.test/cb?tab=abcd')}`, `/in?next=${btoa('https://shop.test/cb?tab=abcd')}`],
  [`/in?state=${encodeURIComponent(btoa('{"token":"~~>>>"}'))}&page=2`, '/in?state=***&page=2'],
  ['/v/eyJ0b2tlbiI6ImphbmUifQ/x', '/v/***/x'],
  ['/docs/HowToChooseYourShoes/size-of-SHOES-2024', '/docs/HowToChooseYourShoes/size-of-SHOES-2024'],
  ['/x#access_token=ab?cd', '/x#access_token=***'],
  ['/a;token=ab,cd;ef/b', '/a;token=***/b'],
  ['/a;token=ab;page=2/b', '/a;token=***;page=2/b'],
  ['/x?who=jane+tag@example.com&q=a+b', '/x?who=***&q=a+b'],
  ['/x?who=ren%E9%40example.com', '/x?who=***'],
  ['/x?who=jane%2525252540example.com', '/x?who=***'],
  ['/x?token=abc\ud800&next=/cb?token=\ud800', '/x?token=***&next=%2Fcb%3Ftoken%3D***'],
])('of %s is recorded %s', (url, expected) => {
  expect(clean(url, false)).toBe(expected)
  expect(clean(clean(url, false), false)).toBe(expected)
})

test.each([
  ['https://shop.test/a/b?page=2#top', 'https://shop.test/a/b'],
  ['https://me:pw@shop.test/a?x', 'https://shop.test/a'],
  ['#section', ''],
  ['?x=1', ''],
  ['data:image/png;base64,AAAA', 'data:,'],
  ['mailto:jane@example.com', 'mailto:'],
  ['tel:+123', 'tel:'],
  ['blob:https://a.test/1-2', 'blob:https://a.test/1-2'],
  [' mailto:jane@example.com', 'mailto:'],
  ['skype:jane?call', 'skype:'],
  ['shop-app://orders/1?q=jane', 'shop-app://orders/1'],
  ['/go/https%3A%2F%2Fb.test%2F%3Fq%3Djane', '/go/https%3A%2F%2Fb.test%2F'],
  ['/go/https%3A%2F%2Fuser%3Apa%2523ss%40b.test%2F', '/go/https%3A%2F%2Fb.test%2F'],
  ['https://user:pa#ss@b.test/x', 'https://b.test/x'],
  ['/avatars/jane@example.com.png?size=2', '/avatars/***'],
])('without its query %s is %s', (url, expected) => {
  expect(clean(url, true)).toBe(expected)
})

test('the first matching rule rewrites the address, and secrets go all the same', () => {
  const ruled = createUrlSanitizer({
    ugcFilterRules: [
      { selector: 'https://shop.test/users/*', replacement: 'https://shop.test/users/user?token=x' },
      { selector: 'https://shop.test/**', replacement: 'never' },
      { selector: '/orders/*', replacement: '/orders/order' },
    ],
  })
  expect(ruled('https://shop.test/users/jane', false)).toBe('https://shop.test/users/user?token=***')
  expect(ruled('https://other.test/orders/17?a=1', false)).toBe('https://other.test/orders/order')
  expect(ruled('/orders/17', false)).toBe('/orders/order')
  expect(ruled('https://other.test/x', false)).toBe('https://other.test/x')
})

test.each<[unknown, unknown]>([
  [
    { user: { token: 'jane' }, page: 2 },
    { user: { token: '***' }, page: 2 },
  ],
  [{ a: [{ token: 'jane' }] }, { a: [{ token: '***' }] }],
  [{ token: { v: { x: 1 }, w: 'jane' } }, { token: '***' }],
  [{ tokens: ['jane', ['jane']] }, { tokens: '***' }],
  [
    { password: 'it"jane', page: 1 },
    { password: '***', page: 1 },
  ],
  [{ token: 'a&jane;jane=1' }, { token: '***' }],
  [{ next: '/cb?code=jane' }, { next: '/cb?code=***' }],
  [{ inner: JSON.stringify({ token: 'jane' }) }, { inner: '{"token":"***"}' }],
])('in an address %j becomes %j', (value, expected) => {
  const coded = (state: unknown) => encodeURIComponent(JSON.stringify(state)).replace(/%2A/g, '*')
  expect(clean(`/a?state=${coded(value)}`, false)).toBe(`/a?state=${coded(expected)}`)
  const nested = clean(`/in?next=${encodeURIComponent(`/a?state=${coded(value)}&x=1`)}`, false)
  expect(nested).not.toContain('jane')
  expect(nested).toContain('x%3D1')
})

test.each([
  ['{"token":"jane', '***'],
  ['{token: jane}', '***'],
  ['[object Object]', '[object Object]'],
  ['{"big": 12345678901234567890}', '{"big": 12345678901234567890}'],
])('of the value %s, which is no JSON or names no secret, %s is kept', (value, expected) => {
  const coded = expected === '***' ? '***' : encodeURIComponent(expected)
  expect(clean(`/a?state=${encodeURIComponent(value)}`, false)).toBe(`/a?state=${coded}`)
})

test('names given by the app are secret too', () => {
  const more = createUrlSanitizer({ isSecretName: createSecretNames(['Customer']) })
  expect(more('/?customer=jane&page=1', false)).toBe('/?customer=***&page=1')
})

/** What an image server is asked for stands in the path, as the address of a picture has to hold it. */
const edited = (edits: object) =>
  `https://d1.test/${btoa(JSON.stringify({ bucket: 'b', key: 'a.jpg', ...edits }))}`

test.each([{}, { edits: { resize: { width: 100 }, overlayWith: { key: 'b.png', alpha: '~~>>>' } } }])(
  'a picture whose edits %j stand in its path is kept',
  (edits) => {
    const address = edited(edits)
    for (const one of [address, address.replaceAll('=', '%3D'), `/i?src=${encodeURIComponent(address)}`])
      expect(clean(one, false)).toBe(one)
    expect(clean(address, true)).toBe(address)
  },
)

test.each([
  { token: 'jane' },
  { edits: { user: 'jane@example.com' } },
  { code: '123' },
  { session: '123' },
  { next: '/cb?code=jane' },
])('with %j in them it is hidden', (edits) => {
  expect(clean(edited(edits), false)).toBe('https://d1.test/***')
})

test('what cannot be JSON is not tried as such', () => {
  const parse = vi.spyOn(JSON, 'parse')
  expect(clean(`/x?${'[a&'.repeat(1000)}`, false)).toBe(`/x?${'[a&'.repeat(1000)}`)
  expect(parse).not.toHaveBeenCalled()
  parse.mockRestore()
})

// In square time each of these would take half a minute and more.
test.each([
  ['/x?', 'Ab1_'],
  ['/x?n=%2Fy%3F', 'Ab1_'],
  ['/x?a=', ';b'],
  ['/x@/', 'Ab1_'],
  ['/x;a=', ';b=c'],
  ['/', 'eyJ-'],
  ['https://a:', 'a:'],
  ['/x#', '://a'],
  ['/x?n={"a":"', '\\"'],
])('a long address is read once: %s%s…', (start, unit) => {
  clean(start + unit.repeat(200_000 / unit.length), false)
})

test.each([
  ['https://a.test/**', 'https://a.test', true],
  ['https://a.test/**', 'https://a.test/x/y?z', true],
  ['https://a.test/**', 'https://a.testing', false],
  ['https://a.test/**/edit', 'https://a.test/edit', true],
  ['https://a.test/**/edit', 'https://a.test/1/2/edit', true],
  ['https://a.test/*', 'https://a.test/x/y', true],
  ['https://a.test/?', 'https://a.test/x', true],
  ['https://a.test/?', 'https://a.test/xy', false],
  ['https://a.test/a?b=1', 'https://a.test/a?b=1', true],
  ['https://a.test/(x)[y]{z}', 'https://a.test/(x)[y]{z}', true],
  ['https://A.test/', 'https://a.test/', false],
  ['https://aXtest/', 'https://a.test/', false],
  ['*', 'https://a.test/', true],
])('the pattern %s on %s: %s', (pattern, url, expected) => {
  expect(compileGlob(pattern)(url)).toBe(expected)
})

test('a pattern of many stars is not slow', () => {
  // In exponential time it would not end.
  expect(compileGlob(`${'*a'.repeat(30)}b`)('a'.repeat(500))).toBe(false)
})

test('a replacement may hold the whole address', () => {
  const ruled = createUrlSanitizer({ ugcFilterRules: [{ selector: '/a/**', replacement: '[$&]' }] })
  expect(ruled('/a/b', false)).toBe('[/a/b]')
})

test('a rule reaches addresses inside addresses', () => {
  const ruled = createUrlSanitizer({
    ugcFilterRules: [{ selector: 'https://shop.test/users/*', replacement: 'https://shop.test/users/user' }],
  })
  expect(ruled('/in?next=https%3A%2F%2Fshop.test%2Fusers%2Fjane', false)).toBe(
    '/in?next=https%3A%2F%2Fshop.test%2Fusers%2Fuser',
  )
})
