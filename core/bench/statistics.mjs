/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values) {
  const sorted = values.filter(Number.isFinite).sort((one, other) => one - other)
  if (sorted.length === 0) return Number.NaN
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Median with the least and the greatest value, of figures that hardly vary. */
export function spread(values) {
  const known = values.filter(Number.isFinite)
  return { median: median(known), min: Math.min(...known), max: Math.max(...known), rounds: known.length }
}

const RESAMPLES = 1000
/**
 * How much is cut off at each end of the resamples of so many rounds, or more, so that 95 of 100 cases stay: the expanded
 * percentile interval (Hesterberg, "What teachers should know about the bootstrap", 2015), without which that of a few
 * rounds is too narrow. Normal distribution at -sqrt(n / (n - 1)) times the quantile 0.975 of Student's t.
 */
const CUT_OFF = [
  [24, 0.0173],
  [18, 0.015],
  [12, 0.0108],
  [8, 0.0057],
  [6, 0.0024],
  [5, 0.001],
  [0, 0],
]

/**
 * What `of` makes of some rounds, and where it lies in 95 of 100 cases: it is made anew of as many rounds that are
 * drawn from the given ones, each as often as chance has it (Efron, "Bootstrap methods", 1979), and the outer ends of
 * what comes out are cut off. Chance is the same in each call.
 */
function estimate(rounds, of) {
  const random = sequence()
  const draw = () => rounds.map(() => rounds[Math.floor(random() * rounds.length)])
  const drawn = Array.from({ length: RESAMPLES }, () => of(draw())).filter(Number.isFinite)
  drawn.sort((one, other) => one - other)
  const [, cut = 0] = CUT_OFF.find(([least]) => rounds.length >= least) ?? []
  const first = Math.floor(drawn.length * cut)
  return {
    median: of(rounds),
    min: drawn[first] ?? Number.NaN,
    max: drawn[drawn.length - 1 - first] ?? Number.NaN,
    rounds: rounds.length,
  }
}

/** Numbers from 0 to 1 that look random: a linear congruential generator with the constants of Numerical Recipes. */
function sequence() {
  let state = 1
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const medianOf = (rounds, name, measure) => median(rounds.map((round) => round[name]?.[measure]))

/** How much more the one costs than the other. */
export function difference(rounds, measure, one, other) {
  const those = rounds.filter((round) => Number.isFinite(round[one]?.[measure] - round[other]?.[measure]))
  return estimate(those, (drawn) => medianOf(drawn, one, measure) - medianOf(drawn, other, measure))
}

/**
 * What each contestant costs over the page by itself, and that as a multiple of `reference`. `ratio.rounds` is 0 where
 * a multiple says nothing, because the reference costs no more than chance. Rounds in which one of them is missing do
 * not count.
 */
export function compare(rounds, measure, reference = 'raw') {
  const isKnown = difference(rounds, measure, reference, 'none').min > 0
  const ratio = (name) => {
    if (!isKnown) return spread([])
    const those = rounds.filter((round) =>
      [name, 'none', reference].every((one) => Number.isFinite(round[one]?.[measure])),
    )
    return estimate(those, (drawn) => {
      const [own, page, least] = [name, 'none', reference].map((one) => medianOf(drawn, one, measure))
      return (own - page) / (least - page)
    })
  }
  return Object.fromEntries(
    [...new Set(rounds.flatMap((round) => Object.keys(round)))]
      .map((name) => [name, difference(rounds, measure, name, 'none')])
      .filter(([, over]) => over.rounds > 0)
      .map(([name, over]) => [name, { over, ratio: ratio(name) }]),
  )
}
