import type { ReplayRouteMeta } from '@session-replay-kit/core'

/** As much of a route as is needed. */
export interface RouteLike {
  readonly fullPath: string
  /** From the outermost record to the innermost. */
  readonly matched: readonly {
    readonly meta: Readonly<Record<PropertyKey, unknown>>
    /** By the name of the view that shows it. */
    readonly instances?: Readonly<Record<string, unknown>>
  }[]
}

const LEVELS = ['light', 'medium', 'conservative'] as const

/** The most private of what the records of these routes say in `meta.replay`; a parent counts as much as a child. */
export function readMeta(...routes: (RouteLike | null)[]): ReplayRouteMeta | null {
  let strictest = -1
  for (const route of routes) {
    for (const { meta } of route?.matched ?? []) strictest = Math.max(strictest, rank(meta.replay))
  }
  if (strictest === LEVELS.length) return 'deny'
  const mask = LEVELS[strictest]
  return mask === undefined ? null : { mask }
}

/** A misspelt word or level denies: what nobody can understand is private. */
function rank(replay: unknown): number {
  if (replay === undefined || replay === null) return -1
  if (typeof replay !== 'object' || Object.keys(replay).some((key) => key !== 'mask')) return LEVELS.length
  const { mask } = replay as { mask?: unknown }
  if (mask === undefined || mask === null) return -1
  const level = LEVELS.indexOf(mask as (typeof LEVELS)[number])
  return level < 0 ? LEVELS.length : level
}
