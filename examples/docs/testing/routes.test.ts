import { createRouteMatcher } from '@session-replay-kit/core/routes'
import { expect, test } from 'vitest'

const decide = createRouteMatcher({
  deny: ['/checkout/**'],
  rules: [{ match: '/account/**', mask: 'conservative' }],
})

test('the checkout is never recorded, however its address is written', () => {
  expect(decide('/checkout/pay').allowed).toBe(false)
  expect(decide('/%63heckout/./pay/').allowed).toBe(false)
  expect(decide('/account/orders')).toMatchObject({ allowed: true, mask: 'conservative' })
})
