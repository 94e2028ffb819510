import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { compile } from 'svelte/compiler'
import { expect, test } from 'vitest'
import * as actions from '../src/actions.ts'
import * as devtools from '../src/devtools/index.ts'
import * as main from '../src/index.ts'
import * as store from '../src/store.ts'

// The examples of the README are files that svelte-check reads with the rest of the package.
const FOLDER = join(import.meta.dirname, 'readme')
const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const blocks = [...readme.matchAll(/^```(svelte|ts)\n([\s\S]*?)^```$/gm)].map(([, , code = '']) => code)
const files = readdirSync(FOLDER).map((name) => ({ name, code: readFileSync(join(FOLDER, name), 'utf8') }))

test('every example of the README is a checked file, and every file is in the README', () => {
  expect(blocks.length).toBeGreaterThanOrEqual(10)
  expect([...blocks].sort()).toEqual(files.map(({ code }) => code).sort())
})

test.each(files.filter(({ name }) => extname(name) === '.svelte'))(
  '$name compiles without a warning',
  ({ name, code }) => {
    const { warnings } = compile(code, { filename: name })
    expect(warnings.map(({ code }) => code)).toEqual([])
  },
)

test('the README mentions every name that is exported', () => {
  const names = Object.keys({ ...main, ...store, ...actions, ...devtools })
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual([])
})
