import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fullTable, readPart, replacePart, shortTable } from './support/levels-table.ts'

// The tables of what is hidden at which level come from the decision itself. `UPDATE_DOCS=1` writes them anew.

const DOCUMENTS = [
  ['core/docs/privacy.md', 'levels', fullTable],
  ['README.md', 'privacy', shortTable],
] as const

it.each(DOCUMENTS)('the table in %s is the one that the engine follows', async (path, part, make) => {
  const file = join(import.meta.dirname, '../..', path)
  const document = await readFile(file, 'utf8')
  if (process.env.UPDATE_DOCS === '1') await writeFile(file, replacePart(document, part, make()))
  else expect(readPart(document, part)).toBe(make())
})

it('the comparison with other recorders has been counted and finds nothing in ours', async () => {
  const document = await readFile(join(import.meta.dirname, '../docs/privacy.md'), 'utf8')
  const lines = readPart(document, 'compared').split('\n')
  const rows = lines.filter((line) => /^\| [^-]/.test(line))
  expect(rows[1]).toMatch(/^\| this kit [^|]+\| [\d ]+ \| 0 \| 0 \|$/)
  expect(rows).toHaveLength(4)
})
