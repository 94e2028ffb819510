import { track } from './replay.ts'

let url = $state.raw(new URL(location.href))

/** The smallest router that will do: the address as state, and a function that changes it. */
export const router = {
  get path(): string {
    return url.pathname
  },
  get params(): URLSearchParams {
    return url.searchParams
  },
  go(to: string): void {
    history.pushState(null, '', to)
    url = new URL(location.href)
    track('Page Shown', { path: url.pathname })
  },
}

addEventListener('popstate', () => {
  url = new URL(location.href)
})

/** Makes links within the shop change the address without a page load. */
export function followLink(event: MouseEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="/"]')
  if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey) return
  event.preventDefault()
  router.go(link.pathname)
}
