const TICKS = 4

/**
 * Settles like `work`, or rejects with what `silent` makes once `limitMs` passed without an answer.
 *
 * The time is counted in four ticks: after a long task one overdue timer fires before the answer that was
 * waiting behind it, and a busy page must not be mistaken for silent storage. Infinity is no limit.
 */
export function withWatchdog<Result>(
  work: Promise<Result>,
  limitMs: number,
  silent: () => Error,
): Promise<Result> {
  if (limitMs === Number.POSITIVE_INFINITY) return work // As a timer's delay it would count as 0.
  return new Promise((resolve, reject) => {
    let ticks = 0
    let timer = setTimeout(tick, limitMs / TICKS)
    function tick(): void {
      ticks += 1
      if (ticks === TICKS) reject(silent())
      else timer = setTimeout(tick, limitMs / TICKS)
    }
    work.then(
      (result) => {
        clearTimeout(timer)
        resolve(result)
      },
      (cause) => {
        clearTimeout(timer)
        reject(cause)
      },
    )
  })
}
