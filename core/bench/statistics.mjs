/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values) {
  const sorted = values.filter(Number.isFinite).sort((one, other) => one - other)
  if (sorted.length === 0) return Number.NaN
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Median with the least and the greatest value: what a reader needs to know of a handful of rounds. */
export function spread(values) {
  const known = values.filter(Number.isFinite)
  return { median: median(known), min: Math.min(...known), max: Math.max(...known), rounds: known.length }
}

/**
 * What each contestant costs over the page by itself, and that as a multiple of `reference`. Both are taken within
 * one round, so that a machine that slows down between rounds cancels out.
 */
export function compare(rounds, measure, reference = 'raw') {
  const names = new Set(rounds.flatMap((round) => Object.keys(round)))
  const result = {}
  for (const name of names) {
    const over = []
    const ratio = []
    for (const round of rounds) {
      const own = round[name]?.[measure]
      const base = round.none?.[measure]
      const floor = round[reference]?.[measure]
      if (own === undefined || base === undefined) continue
      over.push(own - base)
      if (floor !== undefined && floor > base) ratio.push((own - base) / (floor - base))
    }
    if (over.length > 0) result[name] = { over: spread(over), ratio: spread(ratio) }
  }
  return result
}
