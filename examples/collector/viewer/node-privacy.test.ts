// @vitest-environment jsdom
import { afterEach, describe, expect, test } from 'vitest'
import { explainNode, type ReplayPolicy, readPolicy } from './node-privacy.ts'

afterEach(() => document.body.replaceChildren())

const NO_POLICY: ReplayPolicy = { level: null, maskSelectors: [], blockSelectors: [] }
const metadata = (payload: object) => [{ type: 5, timestamp: 1, data: { tag: 'metadata', payload } }]

/** Explains the element with id `it`; `blocked` makes rrweb's mirror say that it was blocked. */
function explain(html: string, policy = NO_POLICY, blocked = false) {
  document.body.innerHTML = html
  const element = document.querySelector('#it')
  if (!element) throw new Error('no #it')
  const mirror = { getMeta: () => (blocked ? { attributes: { rr_width: '1px' } } : { attributes: {} }) }
  return explainNode(element, mirror, policy)
}

describe('the rule that hides a node', () => {
  test.each([
    ['<p id="it">Hello</p>', 'visible', 'nothing hides it'],
    ['<p id="it"></p>', 'visible', 'nothing hides it'],
    ['<p id="it" class="amp-mask">*** **</p>', 'masked', '.amp-mask'],
    [
      '<div class="amp-mask box"><p id="it">***</p></div>',
      'masked',
      '.amp-mask on <div class="amp-mask box">',
    ],
    ['<input id="it" type="email" value="***">', 'masked', 'email fields are hidden at every level'],
    ['<input id="it" placeholder="***">', 'masked', 'mask level medium (the default)'],
  ])('%s', (html, visibility, rule) => {
    expect(explain(html)).toEqual({ visibility, rule })
  })

  test('selectors and level of the policy are named', () => {
    const policy = { level: 'conservative', maskSelectors: ['not[valid', '.price'], blockSelectors: ['.ad'] }
    expect(explain('<p id="it" class="price">**</p>', policy).rule).toBe('.price')
    expect(explain('<p id="it">**</p>', policy).rule).toBe('mask level conservative')
    expect(explain('<p id="it" class="ad"></p>', policy, true)).toEqual({
      visibility: 'blocked',
      rule: '.ad',
    })
  })

  test('a mark on the host counts inside its shadow tree', () => {
    document.body.innerHTML = '<div id="host" data-amp-mask></div>'
    const shadow = document.querySelector('#host')?.attachShadow({ mode: 'open' })
    if (!shadow) throw new Error('no shadow')
    shadow.innerHTML = '<p>***</p>'
    const inner = shadow.querySelector('p')
    expect(inner && explainNode(inner, { getMeta: () => null }, NO_POLICY).rule).toBe(
      '[data-amp-mask] on <div id="host">',
    )
  })
})

test('the policy is read from the recorder’s own metadata and from Amplitude’s', () => {
  expect(readPolicy(metadata({ maskLevel: 'light' }))).toEqual({ ...NO_POLICY, level: 'light' })
  const privacyConfig = { defaultMaskLevel: 'conservative', maskSelector: ['.a'], blockSelector: '.b' }
  expect(readPolicy(metadata({ joinedConfig: { privacyConfig } }))).toEqual({
    level: 'conservative',
    maskSelectors: ['.a'],
    blockSelectors: ['.b'],
  })
  expect(readPolicy([])).toEqual(NO_POLICY)
})
