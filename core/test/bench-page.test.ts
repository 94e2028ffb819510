import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CONTESTANTS } from '../bench/contestants.mjs'
import { missingFrom, PAGE, readResults, withTables } from '../bench/publish.mjs'

const NAMES = ['machine', 'budgets', 'runs', 'works', 'snapshot', 'masking', 'sizes', 'rest']
const EMPTY = NAMES.map((name) => `<!-- bench:${name} -->\n<!-- /bench:${name} -->`).join('\n\n')

/** What a contestant costs in each round over the page by itself, raw rrweb being 100. */
function inventedResult(costs: Record<string, number>) {
  const of = (measures: (cost: number) => Record<string, number>) => [
    Object.fromEntries(CONTESTANTS.map(({ name }) => [name, measures(costs[name] ?? 0)])),
  ]
  const size = { min: 90_000, gzip: 30_000, brotli: 25_000 }
  const total = { min: 300_000, gzip: 80_000, brotli: 70_000 }
  return {
    date: '2000-01-02',
    commit: 'abc1234',
    machine: { cpu: 'Abacus', cores: 3, memoryGb: 5, system: 'wood 1', chromium: '1.2', node: 'v3' },
    packages: { '@rrweb/record': '2.1.6', '@session-replay-kit/core': 'workspace:*' },
    entries: { 'kit-plugin': { ...size, gzip: 12_345 }, 'analytics-browser': size },
    sizes: Object.fromEntries(
      CONTESTANTS.filter(({ name }) => name !== 'none').map(({ name }) => [name, { first: size, total }]),
    ),
    rounds: {
      works: of((cost) => ({
        typing: 10 + cost,
        css: 10 + cost,
        list: 10 + cost,
        animation: 10 + cost,
        storm: 10 + cost,
        idle: 5,
        idleTimers: 0,
        idleTasks: 3,
        idleRequests: 0,
        heap: 1e6 + cost * 1e4,
        workerCpu: 7,
        bytes: cost * 1000,
        requests: cost / 10,
      })),
      'snapshot-small': of((cost) => ({ snapshot: 10 + cost, longestTask: 10 + cost })),
      'snapshot-medium': of((cost) => ({ snapshot: 10 + cost, longestTask: 10 + cost })),
      'snapshot-large': of((cost) => ({ snapshot: 10 + cost, longestTask: 10 + cost })),
      'masking-light': of((cost) => ({ snapshot: 10 + cost })),
      'masking-medium': of((cost) => ({ snapshot: 10 + cost })),
      'masking-conservative': of((cost) => ({ snapshot: 10 + cost })),
    },
  }
}

const COSTS = {
  raw: 100,
  us: 110,
  'us-main': 140,
  official: 200,
  'official-main': 210,
  sentry: 300,
  posthog: 400,
  datadog: 90,
}

describe('the tables of a result in the page', () => {
  const page = withTables(EMPTY, [inventedResult(COSTS)])

  it('compares with raw rrweb and with the others', () => {
    expect(page).toContain('| this kit, worker | 110 ms, 1.10 (1.10–1.10) |')
    expect(page).toContain('| raw `@rrweb/record` | 100 ms, 1.00 (1.00–1.00) |')
    expect(page).toContain('110 ms, 1.10 (1.10–1.10) | 120 (120–120) ms |')
    expect(page).toContain('2000-01-02, commit abc1234, 1 run, 1 round in all: Abacus, 3 cores')
    expect(page).not.toContain('workspace:')
  })

  it('says of each budget whether it is kept', () => {
    expect(page).toContain('| the plugin, before a session is chosen | ≤ 10 kB gzip | 12.3 | no |')
    expect(page).toContain('| table storm, worker | ≤ 1.25 × raw | 1.10 (1.10–1.10) | yes |')
    expect(page).toContain('| list churn, worker | ≤ 1 × raw | 1.10 (1.10–1.10) | no |')
    expect(page).toContain('| style animation, worker | less than Datadog | 110 of 90 | no |')
    expect(page).toMatch(/\| list churn, worker \| less than official plugin .+ \| 110 of 200 \| yes \|/)
    expect(page).toContain('| bytes sent | ≤ 0.9 × official plugin | 0.55 (0.55–0.55) | yes |')
    expect(page).toContain('| requests of an idle page | 0 | 0 (0–0) | yes |')
  })

  it('replaces those of an earlier result', () => {
    expect(withTables(page, [inventedResult({ ...COSTS, us: 120 })])).not.toContain('1.10 (')
    expect(withTables(page, [inventedResult(COSTS)])).toBe(page)
  })

  it('leaves nothing of an earlier result where the new one has nothing', () => {
    const result = inventedResult(COSTS)
    const { works } = result.rounds
    const partly = withTables(page, [{ ...result, sizes: {}, rounds: { works } }])
    expect(partly).toContain('<!-- bench:snapshot -->\n<!-- /bench:snapshot -->')
    expect(partly).toContain('<!-- bench:sizes -->\n<!-- /bench:sizes -->')
    expect(partly).toContain('| first snapshot of the large page, CPU | ≤ 1 × raw | – | – |')
  })

  it('says whether several runs agree', () => {
    const usual = inventedResult(COSTS)
    const alike = withTables(EMPTY, [usual, usual])
    expect(alike).toContain('2 runs, 2 rounds in all')
    expect(alike).toContain('| table storm | 1.10 (1.10–1.10) | 1.10 (1.10–1.10) |')
    expect(alike).toContain('56 figures that several runs have 56 agree')
    const differing = withTables(EMPTY, [usual, inventedResult({ ...COSTS, sentry: 310 })])
    expect(differing).toContain('48 agree')
    expect(differing).toContain('They do not in style animation of sentry, list churn of sentry,')
    expect(page).toContain('<!-- bench:runs -->\n<!-- /bench:runs -->')
  })

  it('compares ms where raw rrweb costs no more than chance', () => {
    const runs = [20, -10, -10].map((raw) => inventedResult({ ...COSTS, raw }))
    expect(withTables(EMPTY, runs)).toContain(
      '| typing and scrolling, worker | ≤ 1.3 × raw | 110 (110–110) ms, raw -10 (-10–20) ms | no |',
    )
  })

  it('calls level what differs by no more than chance', () => {
    const verdict = (...costs: number[]) => {
      const runs = costs.map((datadog) => inventedResult({ ...COSTS, datadog }))
      return / less than Datadog \| .+ \| (\w+) \|/.exec(withTables(EMPTY, runs))?.[1]
    }
    expect(verdict(120, 130, 140)).toBe('yes')
    expect(verdict(80, 90, 100)).toBe('no')
    expect(verdict(100, 140, 150)).toBe('level')
  })

  it('names what a result lacks', () => {
    const result = inventedResult(COSTS)
    expect(missingFrom(result)).toEqual([])
    const { works, ...others } = result.rounds
    const withoutOne = works.map(({ sentry: _, ...rest }) => rest)
    expect(missingFrom({ ...result, entries: {}, rounds: { ...others, works: withoutOne } })).toEqual([
      'sizes',
      'works of sentry',
    ])
  })
})

describe('core/docs/performance.md', () => {
  const page = readFileSync(PAGE, 'utf8')

  it('has a place for every table', () => {
    expect([...page.matchAll(/<!-- bench:(\w+) -->/g)].map(([, name]) => name).sort()).toEqual(
      [...NAMES].sort(),
    )
  })

  it('shows the figures of the runs that are committed, and no others', () => {
    expect(withTables(page, readResults())).toBe(page)
  })
})
