// `npm run bench`: what recorders cost a page, side by side. See core/docs/performance.md.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright'
import { findBrowser, NO_BROWSER } from '../../examples/setup/find-browser.mjs'
import { buildContestant, entrySizes, sizesOf } from './build.mjs'
import { CONTESTANTS } from './contestants.mjs'
import { visit, WORKS } from './measure.mjs'
import { missingFrom, publish, RESULTS, readResults } from './publish.mjs'
import { circumstancesOf } from './runs.mjs'
import { printTables } from './tables.mjs'

const HERE = import.meta.dirname
const KINDS = ['sizes', 'snapshot', 'works', 'masking']
const SIZES = ['small', 'medium', 'large']
const STORM_MINUTES = 10
const HELP = `npm run bench -- [options]

  --rounds 6             how often everybody's turn comes
  --only us,official     only these contestants; none and raw are always there
  --kinds snapshot,works of ${KINDS.join(', ')}; by name only: heap, after ${STORM_MINUTES} minutes of the table storm
  --works typing,storm   of ${WORKS.join(', ')}
  --sizes large          pages for the first snapshot, of ${SIZES.join(', ')}
  --into FILE            adds the rounds to this result. A run of everybody and everything has a file of its own in
                         core/bench/results, any other none
  --publish              measures nothing: writes the tables of all runs in core/bench/results into
                         core/docs/performance.md. A run of everybody and everything does so by itself
  --profile storm        a V8 profile of this work, or of snapshot, in core/bench/dist/; one round, readable code

Needs the built kit (npm run build), this package's dependencies and Chromium.`

const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    only: { type: 'string', default: '' },
    kinds: { type: 'string', default: KINDS.join() },
    works: { type: 'string', default: WORKS.join() },
    sizes: { type: 'string', default: SIZES.join() },
    into: { type: 'string' },
    publish: { type: 'boolean', default: false },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (given.help) {
  console.log(HELP)
  process.exit()
}

if (given.publish) {
  console.log(publish())
  process.exit()
}

const listed = (text) => text.split(',').filter(Boolean)
const only = listed(given.only)
for (const name of only) {
  if (!CONTESTANTS.some((one) => one.name === name)) fail(`Unknown contestant "${name}".`)
}
const kinds = listed(given.kinds)
const works = WORKS.filter((work) => listed(given.works).includes(work))
const sizes = SIZES.filter((size) => listed(given.sizes).includes(size))
const rounds = given.profile ? 1 : Number(given.rounds)
if (!(rounds >= 1)) fail(`--rounds ${given.rounds} is no number of rounds.`)
const contestants = CONTESTANTS.filter(
  ({ name }) => only.length === 0 || name === 'none' || name === 'raw' || only.includes(name),
)

const executablePath = findBrowser()
if (!executablePath) fail(NO_BROWSER)
if (!existsSync(join(HERE, '../dist/index.js'))) fail('Build the kit first: npm run build')

const files = new Map()
for (const { build } of contestants) {
  if (build && !files.has(build))
    files.set(build, await buildContestant(build, { readable: !!given.profile }))
}
const chromiumVersion = await withBrowser((browser) => browser.version())
const isWhole =
  only.length === 0 &&
  [...KINDS, ...SIZES, ...WORKS].every((one) => [...kinds, ...sizes, ...works].includes(one))
const path = pathOfResult()
const result = openResult()
if (kinds.includes('sizes')) await measureSizes()
for (let round = 1; round <= rounds; round++) {
  if (kinds.includes('works') && works.length > 0)
    await turn('works', round, { size: 'small', works, whole: round === 1, profile: given.profile })
  if (kinds.includes('snapshot')) {
    for (const size of sizes)
      await turn(`snapshot-${size}`, round, { size, trace: !given.profile, profile: given.profile })
  }
  if (kinds.includes('masking')) {
    for (const level of ['light', 'medium', 'conservative'])
      await turn(`masking-${level}`, round, { size: 'medium', level }, ['none', 'raw', 'us', 'official'])
  }
}
// Of the heap, not of time: everybody at once.
if (kinds.includes('heap')) {
  const plan = { size: 'small', stormMinutes: STORM_MINUTES }
  const measured = startRound('heap')
  const those = contestants.filter(({ name }) => name !== 'none')
  await withBrowser((browser) =>
    Promise.all(those.map((one) => measure(browser, 'heap', 1, one, plan, measured))),
  )
}
printTables([result])
if (path) {
  const missing = missingFrom(result)
  const isPublic = missing.length === 0 && dirname(path) === RESULTS
  if (isPublic) renameSync(partial(path), path)
  console.log(`\n${isPublic ? path : partial(path)}`)
  if (missing.length > 0) console.log(`Not published, because it has no ${missing.join(', no ')}.`)
  if (isPublic) console.log(publish())
}

/**
 * Everybody once, in turn, in one browser, beginning each round with another one: nobody always has the warmest
 * machine. Each round has a browser of its own: all pages of a browser are forked from one process, and what that has
 * drawn by chance (the layout of its memory) is theirs, too.
 */
async function turn(kind, round, plan, among) {
  const those = contestants.filter(({ name }) => !among || among.includes(name))
  const measured = startRound(kind)
  await withBrowser(async (browser) => {
    for (let n = 0; n < those.length; n++)
      await measure(browser, kind, round, those[(n + round) % those.length], plan, measured)
  })
}

async function withBrowser(use) {
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  })
  try {
    return await use(browser)
  } finally {
    await browser.close()
  }
}

function startRound(kind) {
  const measured = {}
  result.rounds[kind] = [...(result.rounds[kind] ?? []), measured]
  return measured
}

async function measure(browser, kind, round, one, plan, measured) {
  const { scripts, problems, profiles, ...figures } = await visit(
    browser,
    one,
    files.get(one.build) ?? new Map(),
    plan,
  )
  measured[one.name] = figures
  if (kind === 'works' && round === 1 && one.build && !given.profile)
    result.sizes[one.name] = loadedSizes(scripts, one)
  for (const [work, profile] of Object.entries(profiles)) writeProfile(one.name, work, profile)
  const shown = Object.entries(figures).map(([name, value]) => `${name} ${Math.round(value)}`)
  // At once: a long run may be ended by hand.
  save()
  console.log(
    `${kind} round ${round} ${one.name}: ${shown.join(', ')}${problems.map((one) => `\n  ${one}`).join('')}`,
  )
}

/** Of everything that a recorded page has loaded. */
function loadedSizes(scripts, { worker }) {
  const texts = scripts.map(([, text]) => text)
  const entry = scripts.filter(([path]) => path.endsWith('/entry.js')).map(([, text]) => text)
  return {
    worker: worker ?? null,
    first: sizesOf(entry),
    total: sizesOf(texts),
    files: scripts.map(([path]) => path),
  }
}

/** What a page loads of the vendors' SDKs without replay, and of ours before a session is chosen. */
async function measureSizes() {
  const imports = {
    'analytics-browser': `import * as amplitude from '@amplitude/analytics-browser'; amplitude.add({}); amplitude.init('')`,
    'sentry-browser': `import * as Sentry from '@sentry/browser'; Sentry.init({ defaultIntegrations: false })`,
    'kit-plugin': `export { sessionReplayPlugin } from '@session-replay-kit/core'`,
    'kit-controller': `export { createSessionReplay } from '@session-replay-kit/core'`,
    'kit-standalone': `export { init, setSessionId, getSessionReplayProperties, flush, shutdown } from '@session-replay-kit/core'`,
    'official-plugin': `export { sessionReplayPlugin } from '@amplitude/plugin-session-replay-browser'`,
  }
  for (const [name, source] of Object.entries(imports)) result.entries[name] = await entrySizes(source)
}

/** Undefined: nothing is written. */
function pathOfResult() {
  if (given.profile) return undefined
  if (given.into) return resolve(given.into)
  if (!isWhole) return undefined
  // Else it turns out after the run that it cannot stand beside them.
  readResults()
  const day = new Date().toISOString().slice(0, 10)
  for (let n = 1; ; n++) {
    const free = join(RESULTS, `${day}-${n}.json`)
    if (!existsSync(free) && !existsSync(partial(free))) return free
  }
}

/** Where a run that is to be published is until it has everything: it may be ended by hand. */
function partial(path) {
  return dirname(path) === RESULTS && !existsSync(path) ? `${path}.partial` : path
}

function openResult() {
  const fresh = emptyResult()
  if (!path || !existsSync(partial(path))) return fresh
  const found = JSON.parse(readFileSync(partial(path), 'utf8'))
  if (circumstancesOf(found) !== circumstancesOf(fresh))
    throw new Error(`${path} was measured at ${found.commit}, or with another machine, browser or packages.`)
  return found
}

function emptyResult() {
  const packages = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8')).dependencies
  const git = (...args) => execFileSync('git', args, { cwd: HERE, encoding: 'utf8' }).trim()
  const isChanged = git('diff', '--name-only', 'HEAD', '--', '../src', '.', ':!results') !== ''
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: `${git('rev-parse', '--short', 'HEAD')}${isChanged ? ', changed' : ''}`,
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      system: `${process.platform} ${release().split('-')[0]}`,
      chromium: chromiumVersion,
      node: process.version,
    },
    packages,
    entries: {},
    sizes: {},
    rounds: {},
  }
}

function save() {
  if (!path) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(partial(path), `${JSON.stringify(result, rounded, 1)}\n`)
}

function rounded(_, value) {
  return typeof value === 'number' ? Math.round(value * 10) / 10 : value
}

function writeProfile(name, work, profile) {
  const folder = join(HERE, 'dist')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}-${work}.cpuprofile`)
  writeFileSync(path, JSON.stringify(profile))
  console.log(path)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
