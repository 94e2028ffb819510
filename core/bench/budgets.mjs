// What the kit sets itself, and whether a result keeps it. A budget that is missed stays in the table.
import { WORK_TITLES } from './contestants.mjs'
import { compare, difference, spread } from './statistics.mjs'

/** With the worker, as multiples of raw rrweb; without it 1.6, but for the animation. */
const WORK_LIMITS = { animation: 0.15, list: 1, storm: 1.25, typing: 1.3, css: 1.5 }
const WITHOUT_WORKER = { animation: 0.3 }
const WITHOUT_WORKER_LIMIT = 1.6

/**
 * Each has a title, its limit in words, what a result says of it, and whether that keeps it: undefined where nothing was
 * measured, or the spread does not decide.
 */
export function budgetsOf(result) {
  const { entries = {}, rounds = {} } = result ?? {}
  const works = rounds.works ?? []
  const large = rounds['snapshot-large'] ?? []
  const titles = Object.entries(WORK_TITLES)
  return [
    budget('the plugin, before a session is chosen', '≤ 10 kB gzip', () =>
      atMost(10, kb(entries['kit-plugin']?.gzip), 1),
    ),
    budget('all that a recorded page loads for the replay', '≤ 40 kB gzip', () =>
      atMost(40, replaySize(result, 'us'), 1),
    ),
    budget('the same', 'less than official plugin and Sentry', () =>
      below(
        replaySize(result, 'us'),
        ['official', 'sentry'].map((name) => replaySize(result, name)),
        1,
      ),
    ),
    ...titles.map(([work, title]) =>
      budget(`${title}, worker`, `≤ ${WORK_LIMITS[work]} × raw`, () =>
        timesRaw(WORK_LIMITS[work], compare(works, work), 'us'),
      ),
    ),
    ...titles.map(([work, title]) => {
      const limit = WITHOUT_WORKER[work] ?? WITHOUT_WORKER_LIMIT
      return budget(`${title}, no worker`, `≤ ${limit} × raw`, () =>
        timesRaw(limit, compare(works, work), 'us-main'),
      )
    }),
    ...titles.map(([work, title]) =>
      budget(`${title}, worker`, 'less than official plugin in its better mode, Sentry and PostHog', () =>
        lessThanPeers(works, work, ['official', 'official-main', 'sentry', 'posthog']),
      ),
    ),
    budget('style animation, worker', 'less than Datadog', () =>
      lessThanPeers(works, 'animation', ['datadog']),
    ),
    budget('first snapshot of the large page, CPU', '≤ 1 × raw', () =>
      timesRaw(1, compare(large, 'snapshot'), 'us'),
    ),
    budget('longest task of it', '≤ 100 ms', () => atMost(100, ofRounds(large, 'us', 'longestTask'), 0)),
    budget('bytes sent', '≤ 0.9 × official plugin', () =>
      atMost(0.9, compare(works, 'bytes', 'official').us?.ratio),
    ),
    budget('requests sent', '≤ 1 × official plugin', () =>
      atMost(1, compare(works, 'requests', 'official').us?.ratio),
    ),
    budget('heap after ten minutes of the table storm, over raw', '≤ 10 MB', () => {
      const both = (rounds.heap ?? []).filter(({ us, raw }) => us && raw)
      const over = both.map(({ us, raw }) => (us.heap - raw.heap) / 1e6)
      return over.length > 0 ? atMost(10, spread(over), 1) : undefined
    }),
    budget('timers on an idle page, over no recorder', '0', () =>
      atMost(0, compare(works, 'idleTimers').us?.over, 0),
    ),
    budget('requests of an idle page', '0', () => atMost(0, ofRounds(works, 'us', 'idleRequests'), 0)),
    budget('CPU of an idle page, over no recorder', 'no more than the spread', () => {
      const over = compare(works, 'idle').us?.over
      return over && { measured: `${withSpread(over, 1)} ms`, isHeld: over.min <= 0 }
    }),
  ]
}

/** Gzipped kB of a recorded page, without the vendor's analytics where its SDK can be had without replay. */
export function replaySize(result, name) {
  const total = result?.sizes?.[name]?.total.gzip
  return total === undefined ? undefined : kb(total - (result.entries[SDK[name]]?.gzip ?? 0))
}

const SDK = { us: 'analytics-browser', official: 'analytics-browser', sentry: 'sentry-browser' }

/** `1.20 (1.10–1.31)`: median, least and greatest. */
export function withSpread({ median, min, max }, digits) {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
}

const kb = (bytes) => (bytes === undefined ? undefined : bytes / 1000)

const budget = (title, limit, verdict) => ({ title, limit, ...verdict() })

/** Of a number, or of the median of several. */
function atMost(limit, found, digits = 2) {
  if (found === undefined) return undefined
  if (typeof found === 'number') return { measured: found.toFixed(digits), isHeld: found <= limit }
  if (found.rounds === 0) return undefined
  return { measured: withSpread(found, digits), isHeld: found.median <= limit }
}

/** Where raw rrweb costs no more than chance there is no multiple, and ms are compared. */
function timesRaw(limit, found, name) {
  const { ratio, over } = found[name] ?? {}
  const raw = found.raw?.over
  if (!ratio || !raw) return undefined
  if (ratio.rounds > 0) return atMost(limit, ratio)
  const measured = `${withSpread(over, 0)} ms, raw ${withSpread(raw, 0)} ms`
  // Whatever raw rrweb may have cost.
  return { measured, isHeld: over.min > limit * raw.max ? false : undefined }
}

function below(own, others, digits) {
  if (own === undefined || others.includes(undefined)) return undefined
  const least = Math.min(...others)
  return { measured: `${own.toFixed(digits)} of ${least.toFixed(digits)}`, isHeld: own < least }
}

/** Kept, if the difference to each of them is larger than chance; missed, if it is so to the other side. */
function lessThanPeers(rounds, work, peers) {
  const found = compare(rounds, work)
  const verdict = below(
    found.us?.over.median,
    peers.map((name) => found[name]?.over.median),
    0,
  )
  if (!verdict) return undefined
  const differences = peers.map((name) => difference(rounds, work, 'us', name))
  const isLevel = differences.some(({ min, max }) => min <= 0 && max >= 0)
  const isMissed = differences.some(({ min }) => min > 0)
  return { ...verdict, isHeld: isMissed ? false : isLevel ? undefined : verdict.isHeld }
}

function ofRounds(rounds, name, measure) {
  const values = rounds.map((round) => round[name]?.[measure]).filter(Number.isFinite)
  return values.length > 0 ? spread(values) : undefined
}
