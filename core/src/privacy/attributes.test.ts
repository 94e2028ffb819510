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
