// The tables of a result, as Markdown.
import { budgetsOf, replaySize, withSpread } from './budgets.mjs'
import { CONTESTANTS, WORK_TITLES } from './contestants.mjs'
import { compare, spread } from './statistics.mjs'

/** All tables by name; those that the result has nothing for are left out. Without a result: the budgets alone. */
export function tablesOf(result) {
  const tables = { budgets: budgets(result) }
  if (!result) return tables
  const { rounds, sizes: found } = result
  tables.machine = machine(result)
  if (rounds.works) tables.works = works(result)
  if (rounds['snapshot-large']) tables.snapshot = snapshot(result)
  if (rounds['masking-light']) tables.masking = masking(result)
  if (Object.keys(found).length > 0) tables.sizes = sizes(result)
  if (rounds.works) tables.rest = rest(result)
  return tables
}

export function printTables(result) {
  for (const [name, table] of Object.entries(tablesOf(result))) console.log(`\n## ${name}\n\n${table}`)
}

function budgets(result) {
  const rows = budgetsOf(result).map(
    ({ title, limit, measured = '–', isHeld }) =>
      `| ${title} | ${limit} | ${measured} | ${isHeld === undefined ? '–' : isHeld ? 'yes' : 'no'} |`,
  )
  return ['| what | budget | measured | kept |', '| --- | --- | --: | --- |', ...rows].join('\n')
}

function machine({ date, commit, machine, packages, rounds }) {
  const { cpu, cores, memoryGb, system, chromium, node } = machine
  const versions = Object.entries(packages)
    .filter(([, version]) => !version.startsWith('workspace'))
    .map(([name, version]) => `\`${name}\` ${version}`)
  const counts = Object.values(rounds).map(({ length }) => length)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const span = least === most ? most : `${least} to ${most}`
  const turns = counts.length === 0 ? 'sizes alone' : `${span} ${span === 1 ? 'round' : 'rounds'}`
  return `${date}, commit ${commit}, ${turns}: ${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, Chromium ${chromium}, Node ${node}. ${versions.join(', ')}.`
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
  return withSpread(ratio, 2)
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
          longest[name] ? `${withSpread(longest[name], 0)} ms` : '–',
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

function sizes(result) {
  const { sizes, entries } = result
  const kb = ({ min, gzip, brotli }) =>
    [min, gzip, brotli].map((bytes) => (bytes / 1000).toFixed(1)).join(' / ')
  const rows = rowsOf((name) => {
    const found = sizes[name]
    if (!found || name.endsWith('-main')) return null
    return [kb(found.first), kb(found.total), replaySize(result, name).toFixed(1)]
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
  const number = (found, digits = 0) =>
    found && Number.isFinite(found.median) ? found.median.toFixed(digits) : '–'
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
