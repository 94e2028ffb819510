import { expect, it } from 'vitest'
import { type ViolationTarget, watchPolicy } from './policy.ts'

const URL_OF_OURS = 'https://api-sr.amplitude.com/sessions/v2/track'

function createPage() {
  const target = Object.assign(new EventTarget(), {
    baseURI: 'https://shop.test/page',
  }) as unknown as ViolationTarget & EventTarget
  let calls = 0
  const { isForbidden, stop } = watchPolicy(
    URL_OF_OURS,
    target,
    (error) => {
      throw error
    },
    () => {
      calls += 1
    },
  )
  const violate = (blockedURI: string, effectiveDirective = 'connect-src', disposition = 'enforce'): void => {
    target.dispatchEvent(
      Object.assign(new Event('securitypolicyviolation'), { blockedURI, effectiveDirective, disposition }),
    )
  }
  return { calls: () => calls, isForbidden, stop, violate }
}

it.each([`${URL_OF_OURS}?device_id=1`, 'https://api-sr.amplitude.com/'])(
  'calls once when the policy blocks requests to %s',
  (blockedURI) => {
    const page = createPage()
    page.violate(blockedURI)
    page.violate(blockedURI)
    expect(page.calls()).toBe(1)
    expect(page.isForbidden()).toBe(true)
  },
)

it.each([
  ['another host', 'https://other.test/', 'connect-src', 'enforce'],
  ['another path of our host', 'https://api-sr.amplitude.com/config/key', 'connect-src', 'enforce'],
  ['an inline script', 'inline', 'script-src-elem', 'enforce'],
  ['a policy that only reports', URL_OF_OURS, 'connect-src', 'report'],
  ['an image from our host', URL_OF_OURS, 'img-src', 'enforce'],
])('keeps silent about %s', (_, uri, directive, disposition) => {
  const page = createPage()
  page.violate(uri, directive, disposition)
  expect(page.calls()).toBe(0)
  expect(page.isForbidden()).toBe(false)
})

it('stops', () => {
  const page = createPage()
  page.stop()
  page.violate(URL_OF_OURS)
  expect(page.calls()).toBe(0)
})

it('does nothing where there is no page', () => {
  const { isForbidden, stop } = watchPolicy(
    URL_OF_OURS,
    undefined,
    () => {},
    () => {},
  )
  expect(isForbidden()).toBe(false)
  expect(stop).not.toThrow()
})
