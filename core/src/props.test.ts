import { expect, it } from 'vitest'
import { blockProps, isFullMask, maskProps, mergePrivacy, unmaskProps } from './props.ts'

it('gives the attribute, or the level, or no key at all', () => {
  expect(maskProps()).toEqual({ 'data-amp-mask': '' })
  expect(maskProps('conservative')).toEqual({ 'data-amp-mask': 'conservative' })
  expect(unmaskProps()).toEqual({ 'data-amp-unmask': '' })
  expect(blockProps(true)).toEqual({ 'data-amp-block': '' })
  for (const props of [maskProps, unmaskProps, blockProps]) {
    expect(Object.keys(props(false))).toEqual([])
    expect(Object.keys(props(null))).toEqual([])
  }
})

it('takes the value of the bare attribute for a yes where it hides, and for a no where it shows', () => {
  expect(maskProps(maskProps()['data-amp-mask'])).toEqual(maskProps())
  expect(blockProps(blockProps()['data-amp-block'])).toEqual(blockProps())
  expect(unmaskProps('' as never)).toEqual({})
})

it.each([
  ['light', 'medium', 'medium'],
  ['conservative', 'light', 'conservative'],
  ['medium', '', ''],
  ['no level', 'light', ''],
  [false, undefined, ''],
  [undefined, 'light', 'light'],
  [null, undefined, undefined],
])('leaves of the masks %j and %j %j', (outer, own, expected) => {
  const masks = { 'data-amp-mask': own } as ReturnType<typeof maskProps>
  expect(mergePrivacy({ 'data-amp-mask': outer }, masks)['data-amp-mask']).toBe(expected)
})

it('joins marks of all kinds, and leaves other attributes out', () => {
  expect(mergePrivacy({ class: 'card', 'data-amp-unmask': true }, blockProps())).toEqual({
    ...unmaskProps(),
    ...blockProps(),
  })
  expect(mergePrivacy(null, {})).toEqual({})
})

it('knows which masks hide everything', () => {
  for (const mask of ['', 'conservative', 'no level', false]) expect(isFullMask(mask)).toBe(true)
  for (const mask of ['light', 'medium', undefined, null]) expect(isFullMask(mask)).toBe(false)
})
