import { cartCount, onCartChange } from './cart.ts'
import { startReplay, track } from './replay.ts'
import { account, cart, catalogue, checkout, notFound, product, stock, thanks, type View } from './views.ts'
import { StarRating } from './widgets.ts'

const ROUTES: [path: RegExp, view: View][] = [
  [/^\/$/, catalogue],
  [/^\/product\//, product],
  [/^\/cart$/, cart],
  [/^\/account$/, account],
  [/^\/checkout$/, checkout],
  [/^\/stock$/, stock],
  [/^\/thanks$/, thanks],
]

const view = document.querySelector<HTMLElement>('#view')
let end: (() => void) | undefined

function draw(): void {
  if (!view) return
  end?.()
  view.onclick = null
  const route = ROUTES.find(([path]) => path.test(location.pathname))?.[1] ?? notFound
  end = route(view, go, new URLSearchParams(location.search))
}

function go(path: string): void {
  history.pushState(null, '', path)
  draw()
  track('Page Shown', { path })
}

const showCount = (): void => {
  const count = document.querySelector('#cart-count')
  if (count) count.textContent = String(cartCount())
}

customElements.define('star-rating', StarRating)
startReplay()
draw()
showCount()
onCartChange(() => {
  showCount()
  track('Cart Changed', { items: cartCount() })
})
addEventListener('popstate', draw)
document.addEventListener('click', (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-link]')
  if (!link) return
  event.preventDefault()
  go(link.pathname)
})
document.querySelector('form.search')?.addEventListener('submit', (event) => {
  event.preventDefault()
  const query = new FormData(event.target as HTMLFormElement).get('q')
  go(`/?q=${encodeURIComponent(String(query))}`)
})
