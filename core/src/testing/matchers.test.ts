import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createTestCollector } from './collector.ts'
import { type ReplayMatchers, replayMatchers } from './matchers.ts'

declare module 'vitest' {
  interface Matchers<T> extends ReplayMatchers<T> {}
}
expect.extend(replayMatchers)

const events = [
  { type: 4, timestamp: 1, data: { href: 'https://shop.example/orders' } },
  { type: 2, timestamp: 2, data: { node: { type: 3, id: 1, textContent: 'Your  orders' } } },
]

test('pass when the replay shows and hides what it should', () => {
  expect(events).toShowText('your orders')
  expect(events).toShowText('\n  Your orders ')
  expect(events).toHideText('jane@example.com')
  expect(events).not.toShowText('basket')
  expect(events).not.toHideText('orders')
})

test('say what is wrong', () => {
  expect(() => expect(events).toShowText('basket')).toThrow(
    /does not show "basket". It shows:\nYour {2}orders/,
  )
  expect(() => expect(events).toHideText('orders')).toThrow(/"orders" in url \(plain\) at \[0\]\.data\.href/)
})

test('take every one of several texts alike, with not too', () => {
  expect(events).not.toShowText('basket', 'checkout')
  expect(() => expect(events).not.toShowText('basket', 'orders')).toThrow('not to show "orders".')
  expect(() => expect(events).not.toShowText('orders', 'basket')).toThrow('not to show "orders".')
  expect(() => expect(events).toShowText('orders', 'basket')).toThrow('does not show "basket".')

  expect(events).not.toHideText('orders', 'shop.example')
  expect(() => expect(events).not.toHideText('orders', 'jane')).toThrow('to give away "jane"')
  expect(() => expect(events).not.toHideText('jane', 'orders')).toThrow('to give away "jane"')
  expect(() => expect(events).toHideText('jane', 'orders')).toThrow('gives away secrets in 2 places')
})

test('can be called without an expect', () => {
  const { toHideText, toShowText } = replayMatchers
  expect([toHideText(events, 'jane').pass, toShowText(events, 'orders', 'basket').pass]).toEqual([
    true,
    false,
  ])
})

test('search the headers of a collector too', async () => {
  const collector = createTestCollector()
  const body = JSON.stringify({ version: 1, events: events.map((event) => JSON.stringify(event)) })
  await collector.transport.handleSendEvents({
    url: 'https://api-sr.amplitude.com/sessions/v2/track?device_id=d&session_id=1&type=replay',
    method: 'POST',
    headers: { authorization: 'Bearer KEY', 'x-client-url': 'https://shop.example/?mail=jane%40example.com' },
    body: new Uint8Array(gzipSync(body)),
  })
  expect(collector).toShowText('your orders')
  expect(collector).not.toHideText('jane@example.com')
})

test('never pass on nothing', () => {
  expect(() => expect([]).toHideText('secret')).toThrow('nothing can be proved')
  expect(() => expect(events).toHideText()).toThrow('name at least one')
  expect(() => expect(events).toShowText('')).toThrow('an empty text is everywhere')
  expect(() => expect(events).toHideText('secret', ' ')).toThrow('an empty text is everywhere')
  expect(() => expect(undefined).toShowText('x')).toThrow('Expected replay events')
})
