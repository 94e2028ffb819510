import { expect, test } from 'vitest'
import { read } from './markdown.ts'

// The page is complete: every code, and every reason to pause, as the code of the kit has them.

const page = read('core/docs/guides/troubleshooting.md')

function wordsOf(file: string, type: string): string[] {
  const [, words = ''] =
    new RegExp(`export type ${type} =([^\\n]*(?:\\n {2}\\|[^\\n]*)*)`).exec(read(file)) ?? []
  return [...words.matchAll(/'([^']+)'/g)].map(([, word = '']) => word)
}

test('every code is explained', () => {
  const codes = wordsOf('core/src/errors.ts', 'ReplayErrorCode')
  expect(codes.length).toBeGreaterThan(20)
  expect(codes.filter((code) => !page.includes(`| \`${code}\` |`))).toEqual([])
})

test('every reason to pause is explained', () => {
  const kinds = wordsOf('core/src/controller/types.ts', 'HoldKind')
  expect(kinds.length).toBeGreaterThan(8)
  expect(kinds.filter((kind) => !page.includes(`paused by ${kind}`))).toEqual([])
})

test('sentences are those that a test of the recorder has seen', () => {
  const seen = read('core/src/entry/explain.browser.test.ts')
  for (const sentence of [
    'waiting for the Browser SDK to set the plugin up (is amplitude.init() called?)',
    'capture off in remote config',
    'no remote config: ',
    'not recorded: not started',
    'paused by consent',
    'paused by route (/',
    'no Browser SDK client was found;',
  ]) {
    expect(page).toContain(sentence)
    expect(seen).toContain(sentence)
  }
})
