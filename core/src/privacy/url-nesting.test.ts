import { expect, test } from 'vitest'
import { randomFrom } from '../../test/support/random.ts'
import { createUrlSanitizer } from './url.ts'

/*
 * Random addresses inside addresses, each coded anew or not at all, with a secret at the bottom. What comes out holds
 * neither half of the secret, however often it is decoded, and still says what stands beside it.
 */

const clean = createUrlSanitizer({})
const code = encodeURIComponent

/** Two halves, so that one of them is found where only the other is hidden. */
const HALVES = /first|second/
const BETWEEN = ['', '#', '&', '/', '==', ';', '?', ',', '+', ':', '%', '"', '\\', ' ', 'ä', '/?&=']

type Random = (below: number) => number

const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)] as T

function secretAddress(random: Random): string {
  const secret = `first${pick(random, BETWEEN)}second`
  const value = pick(random, [secret, code(secret), code(code(secret))])
  return pick(random, [
    () => `/cb?token=${value}`,
    () => `/cb?a=1&user[pin]=${value}`,
    () => `/cb?state=eyJmaXJzdCI6InNlY29uZCJ9&code=${value}`,
    () => `/cb#access_token=${value}`,
    () => `/cb#/route?key=${value}&b=2`,
    () => `access_token=${value}`,
    () => `/c;jsessionid=${code(secret)}`,
    () => `https://x.test/?token=${value}&b=2`,
    () => `https://me:${code(secret)}@x.test/p`,
    () => `https://me:${code(code(secret))}@x.test/p`,
    () => `//me:${code(secret)}@x.test/p`,
    () => `ws://first.${code(secret)}@x.test/p`,
    () => JSON.stringify({ a: 1, token: secret, b: [2] }),
    () => JSON.stringify({ a: [{ next: `/cb?token=${code(secret)}` }] }),
    () => JSON.stringify({ [`/cb?token=${code(secret)}`]: 1 }),
    () => `v1:${JSON.stringify({ token: secret })}`,
    () => `/users/first.second@example.com${pick(random, ['', '.png', '-old', '_1'])}`,
    () => `first+second@example.com`,
  ])()
}

function wrap(random: Random, inner: string): string {
  const coded = pick(random, [code(inner), code(inner), code(code(inner))])
  return pick(random, [
    () => `/in?next=${coded}`,
    () => `/in?page=shown&next=${coded}&z=2`,
    () => `/in?page=shown&${coded}`,
    () => `/in?${coded}=1`,
    () => `https://shop.test/go/${coded}/shown`,
    () => `/in#next=${coded}`,
    () => `/in#/route?page=shown&next=${coded}`,
    () => `/in?page=shown&state=${code(JSON.stringify({ page: 2, next: inner }))}`,
    () => `/in?page=shown&state=${code(JSON.stringify({ page: 2, next: coded }))}`,
  ])()
}

function isIn(text: string, words: RegExp): boolean {
  for (let coats = 0, rest = text; coats < 12; coats++) {
    if (words.test(rest)) return true
    rest = rest.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
      try {
        return decodeURIComponent(run)
      } catch {
        return run
      }
    })
  }
  return false
}

test.each([1, 2, 3, 4])('no secret inside %i addresses is left, and what is beside it stays', (depth) => {
  const random = randomFrom(depth)
  const leaks: string[] = []
  const lost: string[] = []
  const unsteady: string[] = []
  for (let i = 0; i < 500; i++) {
    let address = secretAddress(random)
    for (let at = 0; at < depth; at++) address = wrap(random, address)
    const open = clean(address, false)
    const told = `${address} → ${open}`
    if (isIn(open, HALVES) || isIn(clean(address, true), HALVES)) leaks.push(told)
    // What follows a secret inside another address cannot be told from it.
    if (/^[^%]*=shown/.test(address) && !open.includes('shown')) lost.push(told)
    if (clean(open, false) !== open) unsteady.push(told)
  }
  expect({ leaks, lost, unsteady }).toEqual({ leaks: [], lost: [], unsteady: [] })
})

test.each([1, 2, 3])('an address without secrets inside %i others is recorded as it is', (depth) => {
  const random = randomFrom(depth)
  const changed: string[] = []
  for (let i = 0; i < 200; i++) {
    let address = pick(random, [
      '/shop/a%20b?page=2&sort=name#top',
      '/search?q=50%25+off+%26+more&tags[]=new',
      'https://shop.test:8080/a/b;v=2/c?x=1&y#/route?tab=2',
      'page=2&sort=name',
      '{"page":2,"filters":[{"color":"red"}],"text":"It is 10:30, isn\'t it?"}',
      '/img/icon@2x.png?size=2',
      'rené & co',
    ])
    for (let at = 0; at < depth; at++) address = wrap(random, address)
    if (clean(address, false) !== address) changed.push(`${address} → ${clean(address, false)}`)
  }
  expect(changed).toEqual([])
})
