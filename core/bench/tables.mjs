// The tables of a result, as Markdown.
import { budgetsOf, replaySize, withSpread } from './budgets.mjs'
import { CONTESTANTS, WORK_TITLES } from './contestants.mjs'
import { figuresOfRuns, pool } from './runs.mjs'
import { compare, spread } from './statistics.mjs'

/** All tables of these runs by name; those that they have nothing for are left out. Without a run: the budgets alone. */
export function tablesOf(results) {
  const result = pool(results)
  const tables = { budgets: budgets(result) }
  if (!result) return tables
  const { rounds, sizes: found } = result
  tables.machine = machine(result, results.length)
  const figures = figuresOfRuns(results)
  if (figures.length > 0) tables.runs = runs(figures)
  if (rounds.works) tables.works = works(result)
  if (rounds['snapshot-large']) tables.snapshot = snapshot(result)
  if (rounds['masking-light']) tables.masking = masking(result)
  if (Object.keys(found).length > 0) tables.sizes = sizes(result)
  if (rounds.works) tables.rest = rest(result)
  return tables
}

export function printTables(results) {
  for (const [name, table] of Object.entries(tablesOf(results))) console.log(`\n## ${name}\n\n${table}`)
}

function budgets(result) {
  const rows = budgetsOf(result).map(
    ({ title, limit, measured = '–', isHeld }) =>
      `| ${title} | ${limit} | ${measured} | ${isHeld === undefined ? (measured === '–' ? '–' : 'level') : isHeld ? 'yes' : 'no'} |`,
  )
  return ['| what | budget | measured | kept |', '| --- | --- | --: | --- |', ...rows].join('\n')
}

function machine({ date, commit, machine, packages, rounds }, runs) {
  const { cpu, cores, memoryGb, system, chromium, node } = machine
  const versions = Object.entries(packages)
    .filter(([, version]) => !version.startsWith('workspace'))
    .map(([name, version]) => `\`${name}\` ${version}`)
  const counts = Object.values(rounds).map(({ length }) => length)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const span = least === most ? most : `${least} to ${most}`
  const turns =
    counts.length === 0
      ? 'sizes alone'
      : `${runs} ${runs === 1 ? 'run' : 'runs'}, ${span} ${span === 1 ? 'round' : 'rounds'} in all`
  return `${date}, commit ${commit}, ${turns}: ${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, Chromium ${chromium}, Node ${node}. ${versions.join(', ')}.`
}

const rowsOf = (make) =>
  CONTESTANTS.filter(({ name }) => name !== 'none').flatMap((one) => {
    const cells = make(one.name)
    return cells ? [`| ${[one.title, ...cells].join(' | ')} |`] : []
  })

const tableOf = (heads, rows) =>
  [`| ${heads.join(' | ')} |`, `| --- |${' --: |'.repeat(heads.length - 1)}`, ...rows].join('\n')

/** `120 ms, 1.20 (1.10–1.40)`; where a multiple says nothing `12 ms (8–15)`. */
function costCell(found) {
  if (!found) return '–'
  const { ratio, over } = found
  const ms = `${over.median.toFixed(0)} ms`
  return ratio.rounds === 0
    ? `${ms} (${over.min.toFixed(0)}–${over.max.toFixed(0)})`
    : `${ms}, ${withSpread(ratio, 2)}`
}

/** What the kit's figures were in each run, and in which of everybody's they do not agree. */
function runs(figures) {
  const ours = figures.filter(({ name }) => name === 'us')
  const count = Math.max(...figures.map(({ estimates }) => estimates.length))
  const numbers = Array.from({ length: count }, (_, n) => `run ${n + 1}`)
  const cell = ({ min, max, median }, unit) => `${withSpread({ median, min, max }, unit ? 0 : 2)}${unit}`
  const table = tableOf(
    ['this kit, worker', ...numbers],
    ours.map(
      ({ title, estimates, unit }) =>
        `| ${[title, ...estimates.map((one) => cell(one, unit))].join(' | ')} |`,
    ),
  )
  const differing = figures.filter(({ agree }) => !agree).map(({ title, name }) => `${title} of ${name}`)
  const held = figures.length - differing.length
  const told = `Of everybody's ${figures.length} figures that several runs have ${held} agree between the runs: their spreads overlap.`
  return `${table}\n\n${[told, ...(differing.length > 0 ? [`They do not in ${differing.join(', ')}.`] : [])].join(' ')}`
}

function works({ rounds }) {
  const among = rounds.works ?? []
  const compared = Object.fromEntries(Object.keys(WORK_TITLES).map((work) => [work, compare(among, work)]))
  const names = Object.values(WORK_TITLES)
  const rows = rowsOf((name) =>
    Object.values(compared).some((one) => one[name])
      ? Object.values(compared).map((one) => costCell(one[name]))
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
          ...totals.map((one) => costCell(one[name])),
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
    found.some((one) => one[name]) ? found.map((one) => costCell(one[name])) : null,
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
