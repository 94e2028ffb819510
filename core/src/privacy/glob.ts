/** What one place of a pattern accepts; `skip` also lets that many following places be left out. */
type Place = { one: string } | { one: null } | { many: true } | { skip: number }

/**
 * Turns an address pattern into a test of the whole address, case-sensitive. `*` and `**` stand for any
 * characters including `/`; a `/**` at the end also for nothing; `/**` + `/` for any number of path
 * segments; `?` for one character. Everything else is literal.
 *
 * Not made a regular expression: those need exponential time for some patterns, and patterns come from afar.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const places = placesOf(pattern)
  const end = places.length

  const enter = (states: Set<number>, at: number): void => {
    if (states.has(at)) return
    states.add(at)
    const place = places[at]
    if (!place) return
    if ('many' in place) enter(states, at + 1)
    else if ('skip' in place) {
      enter(states, at + 1)
      enter(states, at + 1 + place.skip)
    }
  }

  return (text) => {
    let states = new Set<number>()
    enter(states, 0)
    for (const character of text) {
      const next = new Set<number>()
      for (const at of states) {
        const place = places[at]
        if (!place) continue
        if ('many' in place) enter(next, at)
        else if ('one' in place && (place.one === null || place.one === character)) enter(next, at + 1)
      }
      if (next.size === 0) return false
      states = next
    }
    return states.has(end)
  }
}

function placesOf(pattern: string): Place[] {
  const slash: Place = { one: '/' }
  return [...pattern.matchAll(/\/\*\*$|\/\*\*\/|\*+|[^*]/gsu)].flatMap(([token]): Place[] => {
    if (token === '/**') return [{ skip: 2 }, slash, { many: true }]
    if (token === '/**/') return [slash, { skip: 2 }, { many: true }, slash]
    if (token[0] === '*') return [{ many: true }]
    return [{ one: token === '?' ? null : token }]
  })
}
