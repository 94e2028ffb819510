import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const CORE = join(import.meta.dirname, '..')
const page = readFileSync(join(CORE, 'docs/delivery.md'), 'utf8')

it('draws the way of an event with files that exist', () => {
  const [, diagram = ''] = /```\n([^`]*recorded event[^`]*)```/.exec(page) ?? []
  let folder = ''
  const files: string[] = []
  for (const [, named, file] of diagram.matchAll(/(?:(pack|store|upload|pipeline)\/)?([a-z-]+\.ts)/g)) {
    // A name without a folder lies beside the one before it.
    folder = named ?? folder
    files.push(join('src', folder, file ?? ''))
  }
  expect(files.length).toBeGreaterThan(20)
  expect(files.filter((file) => !existsSync(join(CORE, file)))).toEqual([])
})

it('names no file that does not exist', () => {
  const names = [...page.matchAll(/`((?:core|src|test)\/[\w./-]+\.ts)`/g)].map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(0)
  expect(names.filter((name) => !existsSync(join(CORE, name.replace(/^core\//, ''))))).toEqual([])
})
