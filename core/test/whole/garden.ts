/**
 * A page with something of everything that a replay has to show: shadow trees, style sheets of all kinds, a frame,
 * fields, live data, marked parts. Self-contained; `window.step(n)` goes to the next moment of the visit.
 */
export const GARDEN_HEAD = `<style>
  body { font: 16px sans-serif; color: rgb(20, 30, 40) }
  .card { background-color: rgb(240, 250, 230); padding: 8px }
  .card.sold { color: rgb(150, 0, 0); font-weight: 700 }
  td.up { color: rgb(0, 120, 0) }
  .gone { display: none }
</style>`

export const GARDEN_BODY = `
<header id="top" title="Garden"><a href="/seeds?page=2#list" id="seeds">Seeds</a><h1>Garden</h1></header>
<main>
  <section class="card" data-kind="fern" aria-label="A fern"><h2>Fern</h2><p>Likes <b>shade</b> &amp; water.</p></section>
  <section class="card amp-mask"><h2>Order of Robin</h2><p>12 Elm Street</p></section>
  <section class="card amp-block"><p>Never shown</p></section>
  <form><input name="q" placeholder="Search" class="amp-unmask"><input name="name"><input type="checkbox" name="news">
    <input type="password" name="secret"><textarea name="note"></textarea>
    <select name="size"><option value="s">Small</option><option value="l">Large</option></select></form>
  <table><tbody id="stock"></tbody></table>
  <leaf-counter></leaf-counter>
  <iframe title="Care" srcdoc="<style>p{color:rgb(90,0,90)}</style><p>Water weekly</p>"></iframe>
  <p id="log" data-state="new"></p>
</main>
<script>
  customElements.define('leaf-counter', class extends HTMLElement {
    connectedCallback() {
      const root = this.attachShadow({ mode: 'open' })
      root.innerHTML = '<style>button { color: rgb(0, 0, 200) }</style><button part="b">Leaves: <i>0</i></button><slot></slot>'
      const sheet = new CSSStyleSheet()
      sheet.replaceSync('i { font-weight: 900 }')
      root.adoptedStyleSheets = [sheet]
    }
    grow(n) { this.shadowRoot.querySelector('i').textContent = n }
  })
  const $ = (selector) => document.querySelector(selector)
  const stock = (rows) => { $('#stock').replaceChildren(...rows.map(([name, n]) => {
    const row = document.createElement('tr')
    row.innerHTML = '<td>' + name + '</td><td class="' + (n > 5 ? 'up' : '') + '">' + n + '</td>'
    return row
  })) }
  const steps = [
    () => { stock([['Fern', 3], ['Moss', 9]]); $('#log').textContent = 'Opened' },
    () => {
      stock([['Moss', 2], ['Fern', 7], ['Ivy', 6]])
      $('.card').classList.add('sold')
      $('.card p').innerHTML = 'Sold <em>out</em>'
      $('leaf-counter').grow(5)
      $('leaf-counter').append('more')
      $('#log').setAttribute('data-state', 'sold')
      document.styleSheets[0].insertRule('#log { background-color: rgb(1, 2, 3) }')
      $('iframe').contentDocument.querySelector('p').textContent = 'Water daily'
      history.pushState({}, '', '/sold')
    },
    () => {
      $('header').title = 'Closed'
      $('#seeds').href = '/closed'
      $('.amp-mask p').textContent = '7 Oak Road'
      $('h1').style.color = 'rgb(200, 100, 0)'
      $('table').classList.add('gone')
      const sheet = new CSSStyleSheet()
      sheet.replaceSync('h2 { color: rgb(7, 7, 7) }')
      document.adoptedStyleSheets = [sheet]
      const fresh = document.createElement('leaf-counter')
      $('main').insertBefore(fresh, $('#log'))
      fresh.grow(8)
      $('form').querySelector('[name=name]').remove()
    },
  ]
  const step = (n) => steps[n]()
</script>`
