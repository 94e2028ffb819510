import type { MaskLevel, ReplayController, ReplayRouteMeta } from '@session-replay-kit/core'
import { isDevelopment, warnOnce } from './development.ts'

/** What the whole chain of matched routes says. */
export interface RouteWish {
  readonly denied: boolean
  readonly mask: MaskLevel | null
}

const LEVELS: readonly unknown[] = ['light', 'medium', 'conservative']

/** The most private word in the chain wins; one that cannot be understood denies. */
export function readRouteReplay(chain: readonly unknown[]): RouteWish {
  let denied = false
  let mask = -1
  for (const said of chain) {
    if (said == null) continue
    const isMask = typeof said === 'object' && Object.keys(said).every((key) => key === 'mask')
    const level = isMask ? (said as { mask?: unknown }).mask : undefined
    mask = Math.max(mask, LEVELS.indexOf(level))
    const isClear = said === 'deny' || (isMask && (level == null || LEVELS.includes(level)))
    if (!isClear && isDevelopment) {
      warnOnce(
        'BAD_OPTION',
        `a route has \`replay: ${JSON.stringify(said)}\`; use 'deny' or { mask: 'light' | 'medium' | 'conservative' }. The route is not recorded.`,
      )
    }
    denied ||= said === 'deny' || !isClear
  }
  return { denied, mask: (LEVELS[mask] as MaskLevel | undefined) ?? null }
}

const NOTHING: RouteWish = { denied: false, mask: null }

/**
 * Joins what routes wish, and the page on show, to the controller's rules. It is stricter at once, and laxer when the
 * screen that was restricted has left the document: it has to be there still when it is told of the next one.
 */
export interface RouteSync {
  /** This screen may come soon. */
  approach(wish: RouteWish): void
  /** It replaces the one before in this moment. */
  change(wish: RouteWish): void
  /** The router renders the page of this address from now on, in place of the one before. */
  render(href: string): void
  leave(): void
}

export function createRouteSync({ navigation }: ReplayController): RouteSync {
  let wished = NOTHING
  let rendered: string | null = null
  let ends: (() => void)[] = []

  const tell = (): void => {
    if (ends.length > 0) navigation.evaluate()
    else ends = [navigation.addMeta(() => metaOf(wished)), navigation.addRendered(() => rendered)]
  }
  const change = (wish: RouteWish): void => {
    if (wish.denied === wished.denied && wish.mask === wished.mask) return
    wished = wish
    tell()
  }
  return {
    change,
    approach({ denied, mask }) {
      const isStricter = LEVELS.indexOf(mask) > LEVELS.indexOf(wished.mask)
      change({ denied: denied || wished.denied, mask: isStricter ? mask : wished.mask })
    },
    render(href) {
      if (href === rendered) return
      rendered = href
      tell()
    },
    leave() {
      wished = NOTHING
      rendered = null
      for (const end of ends.splice(0)) end()
    },
  }
}

const metaOf = ({ denied, mask }: RouteWish): ReplayRouteMeta | null => (denied ? 'deny' : mask && { mask })
