import { expect, it } from 'vitest'
import type { ReplayError } from '../errors.ts'
import { type ViolationTarget, watchPolicy } from './csp.ts'

const URL_OF_OURS = 'https://api-sr.amplitude.com/sessions/v2/track'

function createPage() {
  const target = Object.assign(new EventTarget(), {
    baseURI: 'https://shop.test/page',
  }) as unknown as ViolationTarget & EventTarget
  const told: ReplayError[] = []
  const { isForbidden, stop } = watchPolicy(URL_OF_OURS, target, (error) => told.push(error))
  const violate = (blockedURI: string, effectiveDirective = 'connect-src', disposition = 'enforce'): void => {
    target.dispatchEvent(
      Object.assign(new Event('securitypolicyviolation'), { blockedURI, effectiveDirective, disposition }),
    )
  }
  return { told, isForbidden, stop, violate }
}

it('names our host and the remedy when the policy blocks it', () => {
  const page = createPage()
  page.violate(`${URL_OF_OURS}?device_id=1`)
  expect(page.told.map(({ code }) => code)).toEqual(['TRANSPORT_BLOCKED'])
  expect(page.told[0]?.message).toContain('https://api-sr.amplitude.com')
  expect(page.told[0]?.message).toContain('connect-src')
  expect(page.told[0]?.message).toContain('createReplayProxy')
  expect(page.isForbidden()).toBe(true)
})

it.each([
  ['another host', 'https://other.test/', 'connect-src', 'enforce'],
  ['an inline script', 'inline', 'script-src-elem', 'enforce'],
  ['a policy that only reports', URL_OF_OURS, 'connect-src', 'report'],
  ['an image from our host', URL_OF_OURS, 'img-src', 'enforce'],
])('keeps silent about %s', (_, uri, directive, disposition) => {
  const page = createPage()
  page.violate(uri, directive, disposition)
  expect(page.told).toEqual([])
  expect(page.isForbidden()).toBe(false)
})

it('stops', () => {
  const page = createPage()
  page.stop()
  page.violate(URL_OF_OURS)
  expect(page.told).toEqual([])
})
