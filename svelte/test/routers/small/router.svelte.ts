// A router with the habits of the big ones: the address is written first, then a page loads, then it is shown.

/** `/hash.html` keeps the path in the fragment. */
const isHash = location.pathname === '/hash.html'
const REDIRECTS: Record<string, string> = { '/old': '/secret/old', '/bye': '/list' }
const LOADING_MS = 60

const read = (): string => (isHash ? location.hash.slice(1) || '/' : location.pathname)
const write = (path: string): string => (isHash ? `#${path}` : path) || '/'

let shown = $state(read())
let latest = 0

async function show(): Promise<void> {
  const mine = ++latest
  const target = REDIRECTS[read()]
  if (target) history.replaceState(null, '', write(target))
  await new Promise((resolve) => setTimeout(resolve, LOADING_MS))
  if (mine === latest) shown = read()
}

addEventListener('popstate', show)
if (REDIRECTS[shown]) void show()

export const router = {
  get path(): string {
    return shown
  },
  hrefOf: write,
  go(path: string): void {
    history.pushState(null, '', write(path))
    void show()
  },
}
