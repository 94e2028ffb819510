import { afterEach, expect, test, vi } from 'vitest'
import { maskText } from './mask.ts'
import { sanitizeMessage, sanitizeNetworkEntry, sanitizeRecord } from './records.ts'
import { createSecretNames } from './secret-names.ts'
import { createUrlSanitizer } from './url.ts'

const isSecretName = createSecretNames()
const open = { url: createUrlSanitizer({ isSecretName }), isSecretName, hide: false }
const strict = { ...open, hide: true }

afterEach(() => vi.unstubAllGlobals())

test.each([
  ['user 17 saved', 'user 17 saved'],
  ['GET https://a.test/x?token=abc&y=1 failed', 'GET https://a.test/x?token=***&y=1 failed'],
  ['{"password":"abc","name":"x"}', '{"password":"***","name":"x"}'],
  ['{\\"password\\":\\"abc\\"}', '{\\"password\\":\\"***\\"}'],
  ['failed with code: 404, key=Enter', 'failed with code: 404, key=Enter'],
  ['got eyJhbGciOi.eyJzdWIiOi.c2ln', 'got ***'],
  ['log eyJabcdef-sk_live_1234567890 x', 'log eyJabcdef-*** x'],
  ['log eyJabcdef_ghp_abcdefghijklmnopqrst', 'log eyJabcdef***'],
  ['log eyJabcdef-rest', 'log eyJabcdef-rest'],
  ['<a:password x="1">abc</a:password>', '<a:password x="1">***</a:password>'],
  ['user[password]=abc&x=1', 'user[password]=***&x=1'],
  ['authorization: Bearer abc.def', 'authorization: Bearer ***'],
  ['{"password":"correct horse battery","name":"x"}', '{"password":"***","name":"x"}'],
  ["password='it is long' next", "password='***' next"],
  ['{\\"password\\":\\"two words\\"}', '{\\"password\\":\\"***\\"}'],
  ['{"password":"it\\"jane","name":"x"} done', '{"password":"***","name":"x"} done'],
  ['{\\"password\\":\\"it\\\\\\"jane\\"}', '{\\"password\\":\\"***\\"}'],
  ['path: "C:\\tmp\\", password: "hunter2"', 'path: "C:\\tmp\\", password: "***"'],
  ["dir='C:\\tmp\\' token='abc'", "dir='C:\\tmp\\' token='***'"],
])('of the message %s is kept %s', (text, expected) => {
  expect(sanitizeMessage(text, open)).toBe(expected)
})

test('on a conservative page messages are masked', () => {
  expect(sanitizeMessage('hello Jane', strict)).toBe('***** ****')
})

test('payloads lose what stands under secret names', () => {
  expect(
    sanitizeRecord({ user: { email: 'a@b.c', age: 3 }, list: ['/x'], apiKey: 17, sessionId: 1 }, open),
  ).toEqual({
    user: { email: '***', age: 3 },
    list: ['/x'],
    apiKey: '***',
    sessionId: 1,
  })
})

test('what stands under a secret name is hidden whatever its form', () => {
  expect(
    sanitizeRecord({ tokens: ['a', 'b'], email: { work: 'x@y.z' }, password: null, auth: true }, open),
  ).toEqual({ tokens: '***', email: '***', password: null, auth: true })
})

test('addresses and tokens in names are made private as well', () => {
  expect(sanitizeRecord({ 'https://a.test/x?token=abc': 1, 'eyJhbGciOi.eyJzdWIiOi.c2ln': 2 }, open)).toEqual({
    'https://a.test/x?token=***': '***',
    '***': 2,
  })
})

test('on a conservative page numbers are hidden too', () => {
  expect(sanitizeRecord({ balance: 1234.5, open: true }, strict)).toEqual({ balance: '***', open: true })
})

test('a form as sent is cleaned like an address', () => {
  const entry = { requestBody: 'user=jane&code=123&next=%2Fa' }
  expect(sanitizeNetworkEntry(entry, open).requestBody).toBe('user=jane&code=***&next=%2Fa')
  expect(sanitizeNetworkEntry(entry, strict).requestBody).toBe('')
})

test('of requests, addresses, headers and bodies are made private', () => {
  const entry = {
    type: 'fetch',
    status: 200,
    url: 'https://a.test/x?key=1&p=2',
    requestHeaders: { Authorization: 'Bearer x', 'Content-Type': 'application/json', 'X-Internal': '1' },
    responseHeaders: { 'set-cookie': 'a=b' },
    requestBody: '{"password":"x","page":1}',
  }
  expect(sanitizeNetworkEntry(entry, open)).toEqual({
    type: 'fetch',
    status: 200,
    url: 'https://a.test/x?key=***&p=2',
    requestHeaders: { Authorization: '***', 'Content-Type': 'application/json', 'X-Internal': '***' },
    responseHeaders: { 'set-cookie': '***' },
    requestBody: '{"password":"***","page":1}',
  })
  expect(sanitizeNetworkEntry(entry, strict)).toMatchObject({
    url: 'https://a.test/x',
    requestBody: maskText(entry.requestBody),
  })
})

test('a rule for the page says nothing of coded words and forms', () => {
  vi.stubGlobal('document', { baseURI: 'https://app.example/users/12' })
  const ugcFilterRules = [
    { selector: 'https://app.example/users/*', replacement: 'https://app.example/users/hidden' },
  ]
  const ruled = { ...open, url: createUrlSanitizer({ isSecretName, ugcFilterRules }) }
  expect(sanitizeMessage('Progress 50%ab done', ruled)).toBe('Progress 50%ab done')
  expect(sanitizeRecord({ 'a%20b': 'page%3D2%26token%3Djane' }, ruled)).toEqual({
    'a%20b': 'page%3D2%26token%3D***',
  })
  expect(sanitizeNetworkEntry({ requestBody: 'page=2&code=jane#a' }, ruled).requestBody).toBe(
    'page=2&code=***#a',
  )
  expect(sanitizeMessage('at https://app.example/users/jane or %2Fusers%2Fjane', ruled)).toBe(
    'at https://app.example/users/hidden or https%3A%2F%2Fapp.example%2Fusers%2Fhidden',
  )
})
