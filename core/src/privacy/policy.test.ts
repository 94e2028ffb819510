import { expect, test } from 'vitest'
import { joinPrivacyConfig } from './policy.ts'

test('without remote settings the local ones hold as given', () => {
  const local = { maskSelector: ['.a'], unmaskSelector: ['.a'] }
  expect(joinPrivacyConfig(local, undefined)).toBe(local)
  expect(joinPrivacyConfig(undefined, undefined)).toEqual({})
})

test('the same selector: remote wins; different ones are all kept', () => {
  expect(
    joinPrivacyConfig(
      { blockSelector: '.x', maskSelector: ['.a', '.b'], unmaskSelector: ['.c'] },
      { maskSelector: ['.c'], unmaskSelector: ['.a'], blockSelector: ['.y'] },
    ),
  ).toEqual({ blockSelector: ['.x', '.y'], maskSelector: ['.b', '.c'], unmaskSelector: ['.a'] })
})

test('the same selector twice on one side: the last of block, mask, unmask', () => {
  expect(joinPrivacyConfig({ blockSelector: ['.a'], unmaskSelector: ['.a'] }, {})).toEqual({
    unmaskSelector: ['.a'],
  })
})

test('the remote level replaces the local one; rules for addresses come first from remote', () => {
  const a = { match: 'a', maskLevel: 'light' } as const
  const b = { match: 'b', maskLevel: 'medium' } as const
  const joined = joinPrivacyConfig(
    { defaultMaskLevel: 'light', urlMaskLevels: [a], maskAttributes: ['title', 'alt'] },
    { defaultMaskLevel: 'conservative', urlMaskLevels: [b], maskAttributes: ['alt', 'href'] },
  )
  expect(joined).toEqual({
    defaultMaskLevel: 'conservative',
    urlMaskLevels: [b, a],
    maskAttributes: ['title', 'alt', 'href'],
  })
})

test('empty lists and one value in place of a list do no harm', () => {
  expect(joinPrivacyConfig({ blockSelector: [] }, { maskSelector: '.a' as never })).toEqual({
    maskSelector: ['.a'],
  })
})

test('secret parameters of both sides count, and what one side could not read fails closed', () => {
  expect(
    joinPrivacyConfig(
      { secretParameters: ['order'], failedClosed: true },
      { secretParameters: ['ref', 'order'], defaultMaskLevel: 'light' },
    ),
  ).toEqual({ secretParameters: ['order', 'ref'], failedClosed: true, defaultMaskLevel: 'light' })
})
