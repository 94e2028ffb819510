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

const RESAMPLES = 2000
const OUTSIDE = 0.025

/**
 * What `of` makes of the medians of some samples, and where it lies in 95 of 100 cases: it is made anew of samples
 * that are drawn from the given ones, a value as often as chance has it, and the outer ends of what comes out are cut
 * off (Efron, "Bootstrap methods", 1979, percentiles). Chance is the same in each call, so tables can be compared.
 */
function estimate(samples, of) {
  const random = sequence()
  const draw = (values) => values.map(() => values[Math.floor(random() * values.length)])
  const drawn = Array.from({ length: RESAMPLES }, () => of(...samples.map((values) => median(draw(values)))))
  drawn.sort((one, other) => one - other)
  return {
    median: of(...samples.map(median)),
    min: drawn[Math.floor(RESAMPLES * OUTSIDE)],
    max: drawn[Math.ceil(RESAMPLES * (1 - OUTSIDE)) - 1],
    rounds: samples[0].length,
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

/**
 * What each contestant costs over the page by itself, and that as a multiple of `reference`. `ratio.rounds` is 0 where
 * a multiple says nothing, because the reference costs no more than chance.
 */
export function compare(rounds, measure, reference = 'raw') {
  const valuesOf = (name) => rounds.map((round) => round[name]?.[measure]).filter(Number.isFinite)
  const [page, floor] = [valuesOf('none'), valuesOf(reference)]
  if (page.length === 0) return {}
  const over = (own) => estimate([own, page], (value, base) => value - base)
  const isKnown = floor.length > 0 && over(floor).min > 0
  const ratio = (name, own) => {
    if (!isKnown) return spread([])
    if (name === reference) return { ...spread([1]), rounds: own.length }
    return estimate([own, page, floor], (value, base, least) => (value - base) / (least - base))
  }
  return Object.fromEntries(
    [...new Set(rounds.flatMap((round) => Object.keys(round)))]
      .map((name) => [name, valuesOf(name)])
      .filter(([, own]) => own.length > 0)
      .map(([name, own]) => [name, { over: over(own), ratio: ratio(name, own) }]),
  )
}
