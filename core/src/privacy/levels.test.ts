import { expect, test } from 'vitest'
import { type Channel, HIDDEN_FROM, isHidden, REGIMES, strictest } from './levels.ts'

// unmasked, light, medium, conservative, masked; x: hidden
const table: Record<Channel, string> = {
  text: '---xx',
  editableText: '--xxx',
  options: '--xxx',
  field: '--xxx',
  contactField: '-xxxx',
  secretField: 'xxxxx',
  choiceValue: '--xxx',
  choiceState: '---xx',
  buttonLabel: '---xx',
  readableAttribute: '---xx',
  otherAttribute: '---xx',
  addressQuery: '---xx',
  linkAddress: '----x',
  cssString: '---xx',
  pixels: '---xx',
  pointer: '----x',
  record: '---xx',
}

test.each(Object.entries(table))('%s is hidden as promised: %s', (channel, expected) => {
  expect(REGIMES.map((regime) => (isHidden(channel as Channel, regime) ? 'x' : '-')).join('')).toBe(expected)
})

test('every channel has a promise', () => {
  expect(Object.keys(table).sort()).toEqual(Object.keys(HIDDEN_FROM).sort())
})

test('the strictest wins', () => {
  expect(strictest('light', 'medium')).toBe('medium')
  expect(strictest('masked', 'unmasked')).toBe('masked')
})
