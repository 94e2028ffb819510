// The tables of a result, as Markdown. `node core/bench/tables.mjs` writes them into core/docs/performance.md.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONTESTANTS } from './contestants.mjs'
import { compare, spread } from './statistics.mjs'

export const PAGE = join(import.meta.dirname, '../docs/performance.md')
const RESULTS = join(import.meta.dirname, 'results')

/** The newest committed result. */
export function readResult() {
  const newest = readdirSync(RESULTS)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .at(-1)
  return JSON.parse(readFileSync(join(RESULTS, newest), 'utf8'))
}

const WORK_TITLES = {
  animation: 'style animation',
  list: 'list churn',
  storm: 'table storm',
  typing: 'typing and scrolling',
  css: 'CSS-in-JS',
}

/** All tables by name. */
export function tablesOf(result) {
  const tables = { machine: machine(result), works: works(result), snapshot: snapshot(result) }
  if (result.rounds['masking-light']) tables.masking = masking(result)
  if (Object.keys(result.sizes).length > 0) tables.sizes = sizes(result)
  if (result.rounds.works) tables.rest = rest(result)
  return tables
}

export function printTables(result) {
  for (const [name, table] of Object.entries(tablesOf(result))) console.log(`\n## ${name}\n\n${table}`)
}

/** The page with these tables between its `<!-- bench:name -->` and `<!-- /bench:name -->`. */
export function withTables(page, result) {
  const tables = tablesOf(result)
  return page.replace(/(<!-- bench:(\w+) -->\n)[\s\S]*?(<!-- \/bench:\2 -->)/g, (_, start, name, end) => {
    if (tables[name] === undefined) throw new Error(`the result has no table ${name}`)
    return `${start}\n${tables[name]}\n\n${end}`
  })
}

function machine({ date, commit, machine, packages }) {
  const { cpu, cores, memoryGb, system, chromium, node } = machine
  const versions = Object.entries(packages)
    .filter(([, version]) => !version.startsWith('workspace'))
    .map(([name, version]) => `\`${name}\` ${version}`)
  return `${date}, commit ${commit}: ${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, Chromium ${chromium}, Node ${node}. ${versions.join(', ')}.`
}

const rowsOf = (make) =>
  CONTESTANTS.filter(({ name }) => name !== 'none').flatMap((one) => {
    const cells = make(one.name)
    return cells ? [`| ${[one.title, ...cells].join(' | ')} |`] : []
  })

const tableOf = (heads, rows) =>
  [`| ${heads.join(' | ')} |`, `| --- |${' --: |'.repeat(heads.length - 1)}`, ...rows].join('\n')

/** `1.2 (1.1–1.4)`; of the ratio where it means something. */
function ratioCell(found) {
  if (!found) return '–'
  const { ratio, over } = found
  if (ratio.rounds === 0) return `${over.median.toFixed(0)} ms`
  return `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`
}

function works({ rounds }) {
  const among = rounds.works ?? []
  const compared = Object.fromEntries(Object.keys(WORK_TITLES).map((work) => [work, compare(among, work)]))
  const names = Object.values(WORK_TITLES)
  const rows = rowsOf((name) =>
    Object.values(compared).some((one) => one[name])
      ? Object.values(compared).map((one) =>
          name === 'raw' && one.raw ? `${one.raw.over.median.toFixed(0)} ms` : ratioCell(one[name]),
        )
      : null,
  )
  return tableOf(['main-thread CPU, raw = 1', ...names], rows)
}

function snapshot({ rounds }) {
  const sizes = ['small', 'medium', 'large']
  const totals = sizes.map((size) => compare(rounds[`snapshot-${size}`] ?? [], 'snapshot'))
  const longest = spreadBy(rounds['snapshot-large'] ?? [], 'longestTask')
  const rows = rowsOf((name) =>
    totals.some((one) => one[name])
      ? [
          ...totals.map((one) =>
            one[name] ? `${one[name].over.median.toFixed(0)} ms, ${ratioCell(one[name])}` : '–',
          ),
          longest[name]
            ? `${longest[name].median.toFixed(0)} ms (${longest[name].min.toFixed(0)}–${longest[name].max.toFixed(0)})`
            : '–',
        ]
      : null,
  )
  return tableOf(['first snapshot', ...sizes.map((size) => `${size} page`), 'longest task, large page'], rows)
}

function masking({ rounds }) {
  const levels = ['light', 'medium', 'conservative']
  const found = levels.map((level) => compare(rounds[`masking-${level}`] ?? [], 'snapshot'))
  const rows = rowsOf((name) =>
    found.some((one) => one[name])
      ? found.map((one) =>
          one[name] ? `${one[name].over.median.toFixed(0)} ms, ${ratioCell(one[name])}` : '–',
        )
      : null,
  )
  return tableOf(['5 000 nodes', ...levels], rows)
}

function sizes({ sizes, entries }) {
  const kb = ({ min, gzip, brotli }) =>
    [min, gzip, brotli].map((bytes) => (bytes / 1000).toFixed(1)).join(' / ')
  const sdk = { us: 'analytics-browser', official: 'analytics-browser', sentry: 'sentry-browser' }
  const rows = rowsOf((name) => {
    const found = sizes[name]
    if (!found || name.endsWith('-main')) return null
    const without = entries[sdk[name]] ?? { gzip: 0 }
    return [kb(found.first), kb(found.total), ((found.total.gzip - without.gzip) / 1000).toFixed(1)]
  })
  const table = tableOf(
    [
      'min / gzip / brotli, kB',
      'loaded at once',
      'a recorded page, all in all',
      'of it for the replay, gzip',
    ],
    rows,
  )
  const doors = Object.entries(entries).map(([name, size]) => `| ${name} | ${kb(size)} |`)
  return doors.length > 0
    ? `${table}\n\n${tableOf(['before a session is chosen, kB', 'min / gzip / brotli'], doors)}`
    : table
}

function rest({ rounds }) {
  const by = (measure) => spreadBy(rounds.works, measure)
  const raw = by('heap').raw?.median ?? 0
  const [heap, worker, bytes, requests] = ['heap', 'workerCpu', 'bytes', 'requests'].map(by)
  const idle = compare(rounds.works, 'idle')
  const [timers, tasks] = ['idleTimers', 'idleTasks'].map(by)
  const number = (found, digits = 0) => (found ? found.median.toFixed(digits) : '–')
  const rows = CONTESTANTS.flatMap(({ name, title }) =>
    heap[name]
      ? [
          `| ${[
            title,
            number(idle[name]?.over, 1),
            `${number(timers[name])} / ${number(tasks[name])}`,
            ((heap[name].median - raw) / 1e6).toFixed(1),
            number(worker[name]),
            bytes[name]?.median ? (bytes[name].median / 1000).toFixed(1) : '–',
            requests[name]?.median ? number(requests[name]) : '–',
          ].join(' | ')} |`,
        ]
      : [],
  )
  return tableOf(
    [
      'the same visit',
      'idle CPU over baseline, ms',
      'idle timers / tasks',
      'heap over raw, MB',
      'worker CPU, ms',
      'sent, kB',
      'requests',
    ],
    rows,
  )
}

function spreadBy(rounds, measure) {
  const names = new Set(rounds.flatMap((round) => Object.keys(round)))
  const found = {}
  for (const name of names) {
    const values = rounds.map((round) => round[name]?.[measure]).filter((value) => value !== undefined)
    if (values.length > 0) found[name] = spread(values)
  }
  return found
}

// As a command.
if (process.argv[1] === import.meta.filename) {
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), readResult()))
}
