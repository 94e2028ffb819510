// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as devtools from '../src/devtools.ts'
import * as main from '../src/index.ts'
import * as nuxt from '../src/nuxt.ts'
import * as router from '../src/router.ts'

// The examples of the README are files that vue-tsc reads with the rest of the package; the test among them runs in Chromium.
const FOLDER = join(import.meta.dirname, 'readme')
const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const blocks = [...readme.matchAll(/^```(?:vue|ts)\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)

test('every example of the README is a checked file, and every file is in the README', () => {
  const files = readdirSync(FOLDER).map((name) => readFileSync(join(FOLDER, name), 'utf8'))
  expect(blocks.length).toBeGreaterThanOrEqual(10)
  expect(blocks.sort()).toEqual(files.sort())
})

test('the README mentions every name that is exported', () => {
  const names = Object.keys({ ...main, ...router, ...nuxt, ...devtools })
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual([])
})
