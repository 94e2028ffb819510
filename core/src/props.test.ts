import { expect, it } from 'vitest'
import { blockProps, maskProps, unmaskProps } from './props.ts'

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
