/** A star rating in a shadow tree, with a sheet of its own. */
export class StarRating extends HTMLElement {
  connectedCallback(): void {
    if (this.shadowRoot) return
    const root = this.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(
      'button { all: unset; cursor: pointer; color: #c9c2b2 } button[aria-pressed=true] { color: #d98c00 }',
    )
    root.adoptedStyleSheets = [sheet]
    root.innerHTML = `<span>${[1, 2, 3, 4, 5].map((n) => `<button value="${n}" aria-pressed="${n <= 4}" aria-label="${n} stars">★</button>`).join('')}</span> <small>4 of 5</small>`
    root.addEventListener('click', (event) => {
      const chosen = Number((event.target as HTMLElement).getAttribute('value'))
      if (!chosen) return
      for (const button of root.querySelectorAll('button')) {
        button.setAttribute('aria-pressed', String(Number(button.value) <= chosen))
      }
      const label = root.querySelector('small')
      if (label) label.textContent = `${chosen} of 5, thank you`
    })
  }
}

/** A table whose numbers move: the stock of the shop, eight changes a second while it is on screen. */
export function startStockTable(table: HTMLTableElement, names: string[]): () => void {
  const body = table.tBodies[0] ?? table.createTBody()
  body.replaceChildren(
    ...names.map((name) => {
      const row = document.createElement('tr')
      row.innerHTML = '<td></td><td></td><td></td>'
      for (const [index, text] of [name, '20', 'steady'].entries()) {
        const cell = row.cells[index]
        if (cell) cell.textContent = text
      }
      return row
    }),
  )
  let tick = 0
  const timer = setInterval(() => {
    const row = body.rows[tick % names.length]
    const [, amount, trend] = row?.cells ?? []
    if (!amount || !trend) return
    const now = 15 + ((tick * 7) % 23)
    const before = Number(amount.textContent)
    amount.textContent = String(now)
    trend.textContent = now > before ? 'rising' : now < before ? 'falling' : 'steady'
    trend.className = trend.textContent
    tick++
  }, 125)
  return () => clearInterval(timer)
}
