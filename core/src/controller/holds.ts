import type { HoldInfo, HoldKind, Release } from './types.ts'

/** The reasons to stay paused: a multiset, so that two reasons never fight. */
export interface Holds {
  /** Adds one token and returns its release. */
  add(kind: HoldKind, detail?: string): Release
  /** Sets or takes back the one token of a kind that is not counted. */
  latch(kind: HoldKind, on: boolean, detail?: string): void
  has(kind: HoldKind): boolean
  readonly size: number
  /** One entry per kind and detail. The same array until something changes. */
  list(): readonly HoldInfo[]
}

/** What every list without reasons is, so that it compares equal. */
export const NO_HOLDS: readonly HoldInfo[] = Object.freeze([])

export function createHolds(onChange: () => void): Holds {
  const counts = new Map<string, HoldInfo>()
  const latched = new Map<HoldKind, { release: Release; detail: string | undefined }>()
  let listed: readonly HoldInfo[] | null = null

  const put = (key: string, info: HoldInfo) => {
    if (info.count > 0) counts.set(key, info)
    else counts.delete(key)
    listed = null
  }

  const take = (kind: HoldKind, detail: string | undefined): Release => {
    const key = `${kind} ${detail ?? ''}`
    const info = detail === undefined ? { kind } : { kind, detail }
    const count = (step: number) => put(key, { ...info, count: (counts.get(key)?.count ?? 0) + step })
    let released = false
    count(1)
    const release = () => {
      if (released) return
      released = true
      count(-1)
      onChange()
    }
    return Object.defineProperty(release, 'released', { get: () => released }) as Release
  }

  return {
    add(kind, detail) {
      const release = take(kind, detail)
      onChange()
      return release
    },
    latch(kind, on, detail) {
      const current = latched.get(kind)
      if (!on) {
        latched.delete(kind)
        current?.release()
        return
      }
      if (current !== undefined && current.detail === detail) return
      // The new token first: a changed detail must not look like a moment without hold.
      latched.set(kind, { release: take(kind, detail), detail })
      if (current) current.release()
      else onChange()
    },
    has: (kind) => [...counts.values()].some((info) => info.kind === kind),
    get size() {
      return counts.size
    },
    list() {
      if (counts.size === 0) return NO_HOLDS
      listed ??= Object.freeze([...counts.values()].map((info) => Object.freeze(info)))
      return listed
    },
  }
}
