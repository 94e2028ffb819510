// Brings the tables of a result into core/docs/performance.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONTESTANTS, WORK_TITLES } from './contestants.mjs'
import { tablesOf } from './tables.mjs'

export const PAGE = join(import.meta.dirname, '../docs/performance.md')

/** Writes the tables of the result at `path`, as it is on disk, into the page; returns the page's path. */
export function publish(path) {
  const result = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), result))
  return PAGE
}

/**
 * The page with these tables between its `<!-- bench:name -->` and `<!-- /bench:name -->`. A place whose table the
 * result has not is emptied: figures of two results are never side by side. Undefined: no result.
 */
export function withTables(page, result) {
  const tables = tablesOf(result)
  return page.replace(/(<!-- bench:(\w+) -->\n)[\s\S]*?(<!-- \/bench:\2 -->)/g, (_, start, name, end) =>
    tables[name] === undefined ? start + end : `${start}\n${tables[name]}\n\n${end}`,
  )
}

/** What a result lacks that the page has a place for. */
export function missingFrom({ rounds, entries }) {
  const everybody = CONTESTANTS.map(({ name }) => name)
  const expected = {
    works: everybody,
    'snapshot-small': everybody,
    'snapshot-medium': everybody,
    'snapshot-large': everybody,
    'masking-light': ['us', 'official'],
    'masking-medium': ['us', 'official'],
    'masking-conservative': ['us', 'official'],
  }
  const missing = Object.entries(expected).flatMap(([kind, names]) => {
    const absent = names.filter((name) => !rounds[kind]?.some((round) => round[name]))
    return absent.map((name) => `${kind} of ${name}`)
  })
  const works = Object.keys(WORK_TITLES).filter(
    (work) => !rounds.works?.some(({ us }) => us?.[work] !== undefined),
  )
  return [...(Object.keys(entries).length > 0 ? [] : ['sizes']), ...works, ...missing]
}
