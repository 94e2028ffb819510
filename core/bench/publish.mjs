// Brings the tables of all runs in results/ into core/docs/performance.md.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONTESTANTS, WORK_TITLES } from './contestants.mjs'
import { circumstancesOf } from './runs.mjs'
import { tablesOf } from './tables.mjs'

export const PAGE = join(import.meta.dirname, '../docs/performance.md')

/** The runs that are published. */
export const RESULTS = join(import.meta.dirname, 'results')

/** @throws if they are of several commits or machines: their figures are never in one table. */
export function readResults() {
  const names = existsSync(RESULTS) ? readdirSync(RESULTS).filter((name) => name.endsWith('.json')) : []
  const results = names.sort().map((name) => JSON.parse(readFileSync(join(RESULTS, name), 'utf8')))
  const differing = new Set(results.map(circumstancesOf))
  if (differing.size > 1)
    throw new Error(
      `${RESULTS} has runs of ${[...differing].join(' and ')}. Delete those of earlier commits.`,
    )
  return results
}

/** Writes the tables of the runs that are in `results/` into the page; returns the page's path. */
export function publish() {
  const results = readResults()
  if (results.length === 0) throw new Error(`${RESULTS} has no run to publish.`)
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), results))
  return PAGE
}

/**
 * The page with these tables between its `<!-- bench:name -->` and `<!-- /bench:name -->`. A place whose table the
 * runs have not is emptied: no figure of earlier runs is left.
 */
export function withTables(page, results) {
  const tables = tablesOf(results)
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
