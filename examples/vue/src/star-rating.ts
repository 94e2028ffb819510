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
