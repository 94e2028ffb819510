import type { MaskLevel, Release, ReplayController } from '@session-replay-kit/core'
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

/** Carries what routes wish, and the page on show, to the controller: stricter at once, laxer when it is time. */
export interface RouteSync {
  /** This screen may come soon. */
  approach(wish: RouteWish): void
  /**
   * It replaces the one before in this moment. A pause ends here and not later: how the old screen leaves the
   * document is what the controller waits for, so it has to be there still.
   */
  change(wish: RouteWish): void
  /** It is in the document, and the one before is not. */
  arrive(wish: RouteWish): void
  /** The router renders the page of this address from now on. As with `change`, the one before is there still. */
  render(href: string): void
  leave(): void
}

export function createRouteSync(client: ReplayController): RouteSync {
  let release: Release | null = null
  let mask: MaskLevel | null = null
  let rendered: string | null = null
  let endRendered: (() => void) | null = null

  const setMask = (level: MaskLevel | null): void => {
    if (level === mask) return
    mask = level
    client.setMaskLevel(level)
  }
  const approach = (wish: RouteWish): void => {
    if (wish.denied) release ??= client.hold('component', { detail: 'a route with replay: deny' })
    if (LEVELS.indexOf(wish.mask) > LEVELS.indexOf(mask)) setMask(wish.mask)
  }
  const change = (wish: RouteWish): void => {
    approach(wish)
    if (wish.denied) return
    release?.()
    release = null
  }
  const arrive = (wish: RouteWish): void => {
    change(wish)
    setMask(wish.mask)
  }
  const render = (href: string): void => {
    if (href === rendered) return
    rendered = href
    if (endRendered) client.navigation.evaluate()
    else endRendered = client.navigation.addRendered(() => rendered)
  }
  const leave = (): void => {
    arrive({ denied: false, mask: null })
    endRendered?.()
    endRendered = null
    rendered = null
  }
  return { approach, change, arrive, render, leave }
}
