import { expect, it } from 'vitest'
import { type BodyPolicy, bodyText, captureText, isSkippedType } from './network-body.ts'

const policy = (
  overrides: Partial<BodyPolicy['rules']> = {},
  rest: Partial<BodyPolicy> = {},
): BodyPolicy => ({
  rules: { allowlist: [], excludelist: [], ...overrides },
  maxBodySizeBytes: 10_240,
  isSecretName: (name) => /password|token/i.test(name),
  ...rest,
})

const order = JSON.stringify({
  id: 7,
  user: { name: 'Jane', address: { city: 'Ulm', zip: '1' } },
  items: [
    { sku: 'a', price: 1 },
    { sku: 'b', price: 2 },
  ],
})

it.each([
  ['one value', { allowlist: ['id'] }, { id: 7 }],
  ['a subtree', { allowlist: ['user/address'] }, { user: { address: { city: 'Ulm', zip: '1' } } }],
  ['any one step', { allowlist: ['items/*/price'] }, { items: [{ price: 1 }, { price: 2 }] }],
  ['any number of steps', { allowlist: ['**/city'] }, { user: { address: { city: 'Ulm' } } }],
  [
    'what is not excluded',
    { excludelist: ['user', 'items/*/sku'] },
    { id: 7, items: [{ price: 1 }, { price: 2 }] },
  ],
  [
    'what is allowed and not excluded',
    { allowlist: ['user/**'], excludelist: ['user/address'] },
    { user: { name: 'Jane' } },
  ],
])('keeps %s of a JSON body', (_title, rules, expected) => {
  expect(JSON.parse(captureText(order, policy(rules)).body as string)).toEqual(expected)
})

it('hides secrets in JSON and in form pairs, whatever is allowed', () => {
  const json = captureText(
    '{"password":"p1","a":{"accessToken":{"raw":"t1"}}}',
    policy({ allowlist: ['**'] }),
  )
  expect(json.body).toBe('{"password":"***","a":{"accessToken":"***"}}')
  expect(captureText('user=jane&password=p1', policy()).body).toBe('user=jane&password=***')
})

it('leaves out what the lists cannot be applied to', () => {
  expect(captureText('name=Jane', policy({ allowlist: ['id'] }))).toEqual({ status: 'error' })
  expect(captureText(`{"a":"${'x'.repeat(600_000)}"}`, policy())).toEqual({ status: 'truncated' })
})

it('cuts at bytes, never inside a character', () => {
  const cut = captureText('ééééé', policy({}, { maxBodySizeBytes: 5 }))
  expect(cut).toEqual({ body: 'éé', status: 'truncated' })
  expect(captureText('ééééé', policy({}, { maxBodySizeBytes: 10 }))).toEqual({
    body: 'ééééé',
    status: 'captured',
  })
})

it('names files without reading them', () => {
  const form = new FormData()
  form.append('name', 'Jane')
  form.append('photo', new File(['x'], 'passport.png'))
  expect(bodyText(form)).toBe('{"name":"Jane","photo":"[File]"}')
  expect(bodyText(new Uint8Array(3))).toBeUndefined()
})

it.each([
  ['image/png', true],
  ['application/octet-stream', true],
  ['text/event-stream; charset=utf-8', true],
  ['application/json', false],
  [null, false],
])('of type %s: skipped is %s', (type, expected) => {
  expect(isSkippedType(type)).toBe(expected)
})
