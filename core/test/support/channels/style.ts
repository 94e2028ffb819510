import { type Channel, first, H, html, OTHER, S, shadow, text } from './channel.ts'

/** Style sheets, rules and declarations. */
export const STYLES: readonly Channel[] = [
  text('style content', (s) => `<style>.x::before { content: "${s}" }</style>`, OTHER),
  text('style custom property', (s) => `<style>.x { --who: "${s}" }</style>`, OTHER),
  text('style custom property word', (s) => `<style>.x { --who: ${s} }</style>`, OTHER),
  text(
    'style data address',
    (s) => `<style>.x { background: url("data:image/svg+xml,${s}") }</style>`,
    OTHER,
  ),
  text('style comment', (s) => `<style>/* ${s} */ .x { color: red }</style>`, OTHER),
  text('style class name', (s) => `<style>.${s} { color: red }</style>`, [S, S, S, S, S, H]),
  {
    name: 'style text node',
    expect: OTHER,
    plant: html((s) => `<style>.x::before { content: "${s}" }</style>`),
    alter: (box, secret) => {
      ;(first(box).firstChild as Text).data = `.y::after { content: '${secret}' }`
    },
  },
  {
    name: 'insertRule',
    expect: OTHER,
    plant(box, secret) {
      box.innerHTML = '<style>.a { color: red }</style>'
      first<HTMLStyleElement>(box).sheet?.insertRule(`.x::before { content: "${secret}" }`)
    },
    alter(box, secret) {
      first<HTMLStyleElement>(box).sheet?.insertRule(`.x::before { content: "${secret}" }`)
    },
  },
  {
    name: 'setProperty in a rule',
    expect: OTHER,
    plant(box, secret) {
      box.innerHTML = '<style>.a { color: red }</style>'
      const rule = first<HTMLStyleElement>(box).sheet?.cssRules[0] as CSSStyleRule
      rule.style.setProperty('--who', `"${secret}"`)
    },
    alter(box, secret) {
      const rule = first<HTMLStyleElement>(box).sheet?.cssRules[0] as CSSStyleRule
      rule.style.setProperty('--who', secret)
    },
  },
  {
    name: 'style object',
    expect: OTHER,
    plant: html((s) => `<p style="--who: '${s}'">x</p>`),
    alter: (box, secret) => first(box).style.setProperty('--who', `"${secret}"`),
  },
  {
    name: 'adopted sheet',
    expect: OTHER,
    plant(box, secret) {
      const root = shadow(box)
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(`.x::before { content: "${secret}" }`)
      root.innerHTML = '<p class="shadow-ready">x</p>'
      root.adoptedStyleSheets = [sheet]
    },
    alter: (box, secret) => shadow(box).adoptedStyleSheets[0]?.replaceSync(`.x { --a: "${secret}" }`),
  },
]
