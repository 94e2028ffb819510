import type { ReplayController } from '@session-replay-kit/core'

/** Names the page on show to the controller, where a router tells only the path of what it renders. */
export interface RenderedPath {
  /** The page of this path replaces the one before in this moment. The first one is the page of the address. */
  show(path: string): void
  leave(): void
}

export function createRenderedPath({ navigation }: ReplayController): RenderedPath {
  let base: string | null = null
  let shown: string | null = null
  let href: string | null = null
  let end: (() => void) | null = null

  /** While the address has this path, the rest of it belongs to the page on show, too. */
  const read = (): string | null => {
    if (href !== null && bare(new URL(href, location.href).pathname) === bare(location.pathname)) {
      href = location.href
    }
    return href
  }
  return {
    show(path) {
      if (path === shown) return
      shown = path
      if (!end) base = findBase(path)
      href = base === null ? null : base + path
      if (end) navigation.evaluate()
      else end = navigation.addRendered(read)
    },
    leave() {
      end?.()
      end = null
      shown = null
    },
  }
}

/** What stands before the router's paths in the address; null if this is the path of another page. */
function findBase(path: string): string | null {
  const here = bare(location.pathname)
  return here.endsWith(bare(path)) ? here.slice(0, here.length - bare(path).length) : null
}

/** Without the slash at its end, which is all that the root has. */
const bare = (path: string): string => path.replace(/\/$/, '')
