import { expect, test } from 'vitest'
import { type AttributeRules, rewriteAttribute } from './attributes.ts'
import type { Scope } from './decide.ts'
import type { Regime } from './levels.ts'
import { createSecretNames } from './secret-names.ts'
import { createUrlSanitizer } from './url.ts'

const isSecretName = createSecretNames()
const rules: AttributeRules = {
  url: createUrlSanitizer({ isSecretName }),
  isSecretName,
  maskAttributes: new Set(),
  fieldsWithin: () => [],
}
const scopeAt = (regime: Regime): Scope => ({
  blocked: false,
  masked: regime === 'masked',
  unmasked: false,
  floor: null,
  content: 'plain',
  regime,
  area: null,
})
const rewrite = (name: string, value: string, regime: Regime = 'medium', tag = 'div') =>
  rewriteAttribute(name, value, { tag, attribute: () => null, live: null }, scopeAt(regime), rules)

const part = { namespaceURI: 'http://www.w3.org/2000/svg' } as Element
const rewriteOfPart = (name: string, value: string, regime: Regime) =>
  rewriteAttribute(name, value, { tag: 'path', attribute: () => null, live: part }, scopeAt(regime), rules)

test.each([
  ['{"tokens":["one","two"],"page":1}', '{"tokens":"***","page":1}'],
  ['{"auth":{"value":"jane"}}', '{"auth":"***"}'],
  ['{"password":"it\\"jane"}', '{"password":"***"}'],
  ['[{"a":{"token":"jane"}}]', '[{"a":{"token":"***"}}]'],
  ['{ "page": 1, "size": 12345678901234567890 }', '{ "page": 1, "size": 12345678901234567890 }'],
  ['{page:1,token:"jane"}', '{page:1,token:"***"}'],
])('of the options %s in an attribute %s is kept', (value, expected) => {
  expect(rewrite('data-props', value)).toBe(expected)
})

test.each([
  ['sk_live_abcdefgh1234', '***'],
  ['ghp_abcdefghijklmnopqrst', '***'],
  ['AKIAABCDEFGHIJKL', '***'],
  ['my_sk_live_abcdefgh1234', 'my***'],
  ['%7B%22token%22%3A%22jane%22%7D', '%7B%22token%22%3A%22***%22%7D'],
  ['page%3D2%26token%3Djane', 'page%3D2%26token%3D***'],
  ['50%25 off, https://a.test/?token=jane', '50%25 off, https://a.test/?token=***'],
  ['100%', '100%'],
  ['a%20b', 'a%20b'],
  ['https://a.test/x?token=jane https://b.test/y', 'https://a.test/x?token=*** https://b.test/y'],
])('of the attribute %s of the page is kept %s', (value, expected) => {
  expect(rewrite('data-x', value)).toBe(expected)
})

test.each([
  ['href', 'code=jane'],
  ['action', 'a;token=jane'],
  ['href', '%3Fcode%3Djane'],
  ['src', 'user-jane@example.com'],
])('an address without a slash is one: %s="%s"', (name, value) => {
  expect(rewrite(name, value)).not.toContain('jane')
})

test.each(['conservative', 'masked'] as const)(
  'bare numbers of custom properties are hidden at %s',
  (regime) => {
    const style = '--pin:4711;--salary:85000;--gap:4px;width:47px'
    expect(rewrite('style', style, regime)).toBe('--pin:****;--salary:*****;--gap:4px;width:47px')
    expect(rewrite('style', style)).toBe(style)
  },
)

test('a sheet keeps its short numbers unless it stands below a mask', () => {
  const css = '.a{--opacity:1;--gap:4px}'
  expect(rewrite('_cssText', css, 'conservative', 'style')).toBe(css)
  expect(rewrite('_cssText', css, 'masked', 'style')).toBe('.a{--opacity:*;--gap:4px}')
})

test.each(['medium', 'conservative', 'masked'] as const)(
  'at %s a reference names a part of a drawing as its id does',
  (regime) => {
    const id = rewrite('id', 'grad-jane@example.com', regime)
    expect(id).toBe(regime === 'medium' ? 'grad-jane@example.com' : '*********************')
    expect(rewrite('href', '#grad-jane@example.com', regime, 'use')).toBe(`#${id}`)
    expect(rewrite('href', '/s.svg#grad-jane@example.com', regime, 'use')).toBe(`/s.svg#${id}`)
    expect(rewriteOfPart('fill', 'url(#grad-jane@example.com)', regime)).toBe(`url(#${id})`)
    expect(rewriteOfPart('fill', 'url("/s.svg#grad-jane@example.com")', regime)).toBe(`url("/s.svg#${id}")`)
    expect(rewrite('style', 'fill:url(#grad-jane@example.com)', regime)).toBe(`fill:url(#${id})`)
    expect(rewrite('_cssText', 'a{fill:url(#grad-jane@example.com)}', regime, 'style')).toBe(
      `a{fill:url(#${id})}`,
    )
  },
)

test.each(['medium', 'conservative'] as const)(
  'at %s what is no id loses its secrets in a sheet too',
  (regime) => {
    expect(rewrite('style', 'fill:url(#x?token=jane)', regime)).not.toContain('jane')
  },
)

test.each([
  ['/a.png?token=jane 1x, /b,c.png 2x', '/a.png?token=*** 1x, /b,c.png 2x'],
  [', ,/a.png,, /b.png 640w,', '/a.png, /b.png 640w'],
  ['/a.png (x, /b.png 2x', '/a.png'],
  [',', ''],
])('of the set of pictures %s is kept %s', (value, expected) => {
  expect(rewrite('srcset', value)).toBe(expected)
})

// In square time each of these would take half a minute and more.
test.each([',', ', ', 'a,', '( ', '(,', 'a ('])('a long set of pictures is read once: %s…', (unit) => {
  rewrite('srcset', `/a.png 1x${unit.repeat(200_000 / unit.length)}`)
})
