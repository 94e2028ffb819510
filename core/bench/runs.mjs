// Several runs of the benchmark: one result of all their rounds, and whether they say the same.
import { CONTESTANTS, WORK_TITLES } from './contestants.mjs'
import { compare } from './statistics.mjs'

/** What has to be the same of results whose figures stand in one table. */
export const circumstancesOf = ({ commit, machine, packages }) =>
  JSON.stringify({ commit, machine, packages })

/** All rounds of these results as one; undefined if there are none. */
export function pool(results) {
  if (results.length === 0) return undefined
  const kinds = new Set(results.flatMap(({ rounds }) => Object.keys(rounds)))
  const merged = (name) => Object.assign({}, ...results.map((result) => result[name]))
  const roundsOf = (kind) => results.flatMap(({ rounds }) => rounds[kind] ?? [])
  return {
    ...results.at(-1),
    entries: merged('entries'),
    sizes: merged('sizes'),
    rounds: Object.fromEntries([...kinds].map((kind) => [kind, roundsOf(kind)])),
  }
}

const SNAPSHOTS = { small: 'small page', medium: 'medium page', large: 'large page' }

/**
 * Each figure of the tables of work and first snapshot that several runs have: `title`, `name` of the contestant, its
 * `estimates` in the order of the runs, and whether they `agree`: the spreads of all of them have something in common.
 * Multiples of raw rrweb, or ms where those say nothing.
 */
export function figuresOfRuns(results) {
  const measures = [
    ...Object.entries(WORK_TITLES).map(([work, title]) => ({ title, kind: 'works', measure: work })),
    ...Object.entries(SNAPSHOTS).map(([size, title]) => ({
      title: `first snapshot, ${title}`,
      kind: `snapshot-${size}`,
      measure: 'snapshot',
    })),
  ]
  return measures.flatMap(({ title, kind, measure }) => {
    const runs = results
      .filter(({ rounds }) => rounds[kind])
      .map(({ rounds }) => compare(rounds[kind], measure))
    if (runs.length < 2) return []
    const hasRatios = runs.every(({ raw }) => raw?.ratio.rounds > 0)
    const those = CONTESTANTS.filter(({ name }) => name !== 'none' && runs.every((run) => run[name]))
    return those
      .filter(({ name }) => !(hasRatios && name === 'raw'))
      .map(({ name }) => {
        const estimates = runs.map((run) => (hasRatios ? run[name].ratio : run[name].over))
        const agree =
          Math.max(...estimates.map(({ min }) => min)) <= Math.min(...estimates.map(({ max }) => max))
        return { title, name, unit: hasRatios ? '' : ' ms', estimates, agree }
      })
  })
}
