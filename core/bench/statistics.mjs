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
 * What each contestant costs over the page by itself, and that as a multiple of `reference`: of the medians of all
 * rounds, because within one the difference of two large figures may be next to nothing. The least and the greatest
 * are of single rounds.
 */
export function compare(rounds, measure, reference = 'raw') {
  const over = (name) =>
    rounds.flatMap((round) => {
      const own = round[name]?.[measure]
      const base = round.none?.[measure]
      return own === undefined || base === undefined ? [] : [own - base]
    })
  const ratios = (name, whole) => {
    const single = rounds.flatMap((round) => {
      const [own, base, floor] = [name, 'none', reference].map((one) => round[one]?.[measure])
      return own !== undefined && base !== undefined && floor > base ? [(own - base) / (floor - base)] : []
    })
    if (single.length === 0 || !Number.isFinite(whole)) return spread([])
    return { ...spread([...single, whole]), median: whole, rounds: single.length }
  }
  const floor = median(over(reference))
  const names = [...new Set(rounds.flatMap((round) => Object.keys(round)))]
  return Object.fromEntries(
    names
      .map((name) => [name, over(name)])
      .filter(([, values]) => values.length > 0)
      .map(([name, values]) => [name, { over: spread(values), ratio: ratios(name, median(values) / floor) }]),
  )
}
