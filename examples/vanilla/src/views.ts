import { addToCart, cartLines, emptyCart, setQuantity } from './cart.ts'
import { PRODUCTS, picture, productById } from './products.ts'
import { startStockTable } from './widgets.ts'

/** Draws a page into `view` and returns what ends it. */
export type View = (
  view: HTMLElement,
  go: (path: string) => void,
  params: URLSearchParams,
) => (() => void) | undefined

const euros = (amount: number): string => `€ ${amount.toFixed(2)}`
const NOTHING = undefined

export const catalogue: View = (view, _go, params) => {
  const query = params.get('q')?.toLowerCase() ?? ''
  const found = PRODUCTS.filter(({ name, light }) => `${name} ${light}`.toLowerCase().includes(query))
  view.innerHTML = `<h1>${query ? `${found.length} plants for “<span id="query"></span>”` : 'Plants for every window'}</h1>
    <ul class="grid">${found
      .map(
        (
          product,
        ) => `<li class="card"><a href="/product/${product.id}" data-link>${picture(product)}<h2>${product.name}</h2></a>
      <p>${product.light} · ${euros(product.price)}</p><button data-add="${product.id}">Add to cart</button></li>`,
      )
      .join('')}</ul>`
  const shown = view.querySelector('#query')
  if (shown) shown.textContent = query
  view.onclick = (event) => {
    const id = (event.target as HTMLElement).dataset.add
    if (id) addToCart(id)
  }
  return NOTHING
}

export const product: View = (view) => {
  const item = productById(location.pathname.split('/').at(-1) ?? '')
  if (!item) return notFound(view, () => {}, new URLSearchParams())
  view.innerHTML = `<article class="product">${picture(item)}<div><h1>${item.name}</h1>
    <p>Likes ${item.light}. ${euros(item.price)}</p><star-rating></star-rating>
    <p><button data-add="${item.id}">Add to cart</button></p>
    <iframe title="Care card" src="/care.html"></iframe></div></article>`
  view.onclick = (event) => {
    const id = (event.target as HTMLElement).dataset.add
    if (id) addToCart(id)
  }
  return NOTHING
}

export const cart: View = (view) => {
  const draw = (): void => {
    const lines = cartLines()
    const total = lines.reduce((sum, [id, quantity]) => sum + quantity * (productById(id)?.price ?? 0), 0)
    view.innerHTML = lines.length
      ? `<h1>Your cart</h1><table class="lines"><tbody>${lines
          .map(
            ([id, quantity]) =>
              `<tr><td>${productById(id)?.name}</td><td><button data-less="${id}">−</button> ${quantity} <button data-more="${id}">+</button></td><td>${euros(quantity * (productById(id)?.price ?? 0))}</td></tr>`,
          )
          .join(
            '',
          )}</tbody></table><p class="total">Total ${euros(total)}</p><a class="button" href="/checkout" data-link>Check out</a>`
      : '<h1>Your cart is empty</h1><p>The ferns are waiting.</p>'
  }
  draw()
  view.onclick = (event) => {
    const { less, more } = (event.target as HTMLElement).dataset
    const id = less ?? more
    const quantity = cartLines().find(([line]) => line === id)?.[1] ?? 0
    if (!id) return
    setQuantity(id, quantity + (more ? 1 : -1))
    draw()
  }
  return NOTHING
}

export const account: View = (view) => {
  view.innerHTML = `<h1>Your account</h1>
    <p>Signed in as <span class="amp-mask" id="who">Robin Fernandez</span>.</p>
    <form class="fields">
      <label>Name <input name="name" autocomplete="name" /></label>
      <label>E-mail <input name="email" type="email" autocomplete="email" /></label>
      <label>Password <input name="password" type="password" autocomplete="new-password" /></label>
      <label>Favourite light <select name="light"><option>shade</option><option>half shade</option><option>sun</option></select></label>
      <label>Notes for the gardener <textarea name="notes" rows="3"></textarea></label>
      <label class="check"><input name="news" type="checkbox" /> Send me the newsletter</label>
      <button>Save</button> <output></output>
    </form>
    <section class="amp-block"><h2>Bank details</h2><p>NL00 FERN 0123 4567 89</p></section>`
  const form = view.querySelector('form')
  form?.addEventListener('submit', (event) => {
    event.preventDefault()
    const output = form.querySelector('output')
    if (output) output.value = 'Saved.'
  })
  return NOTHING
}

export const checkout: View = (view, go) => {
  view.innerHTML = `<h1>Checkout</h1><p data-amp-mask>Deliver to Robin Fernandez, Fern Lane 12</p>
    <form class="fields">
      <label>Card number <input name="card" autocomplete="cc-number" inputmode="numeric" /></label>
      <label>Expires <input name="exp" autocomplete="cc-exp" /></label>
      <button>Pay</button>
    </form>`
  view.querySelector('form')?.addEventListener('submit', (event) => {
    event.preventDefault()
    emptyCart()
    go('/thanks')
  })
  return NOTHING
}

export const stock: View = (view) => {
  view.innerHTML = `<h1>Stock, live</h1><table class="lines"><thead><tr><th>Plant</th><th>Left</th><th>Trend</th></tr></thead><tbody></tbody></table>`
  const table = view.querySelector('table')
  return table
    ? startStockTable(
        table,
        PRODUCTS.map(({ name }) => name),
      )
    : NOTHING
}

export const thanks: View = (view) => {
  view.innerHTML = '<h1>Thank you!</h1><p>Your plants are on their way.</p>'
  return NOTHING
}

export const notFound: View = (view) => {
  view.innerHTML = '<h1>Nothing grows here</h1><p><a href="/" data-link>Back to the catalogue</a></p>'
  return NOTHING
}
