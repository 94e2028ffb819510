import { A, type Channel, change, first, H, NEVER, OTHER, S, shadow, text } from './channel.ts'

const sheetOf = (box: HTMLElement): CSSStyleSheet => box.querySelector('style')?.sheet as CSSStyleSheet
/** As a style element, written anew when it changes, and as an adopted sheet. */
const inStyle = (name: string, css: (s: string) => string, expect: Channel['expect'] = OTHER): Channel[] => [
  {
    ...text(`style element: ${name}`, (s) => `<style>${css(s)}</style>`, expect),
    alter(box, secret) {
      first(box).textContent = css(secret)
    },
  },
  change(
    `adopted sheet: ${name}`,
    '<div class="host"></div>',
    (_, s, box) => {
      const root = shadow(box)
      root.innerHTML = '<p>x</p>'
      const [sheet = new CSSStyleSheet()] = root.adoptedStyleSheets
      sheet.replaceSync(css(s))
      root.adoptedStyleSheets = [sheet]
    },
    expect,
  ),
]

/** As a rule that a script inserts: what it wrote is recorded, not what the browser made of it. */
const asRule = (name: string, css: (s: string) => string, expect: Channel['expect'] = OTHER): Channel =>
  change(
    `inserted rule: ${name}`,
    '<style>.a { color: red }</style>',
    (_, s, box) => void sheetOf(box).insertRule(css(s)),
    expect,
  )

/** Style sheets in unusual forms. */
export const MORE_STYLES: readonly Channel[] = [
  ...inStyle('nested rule', (s) => `.a { & .b::after { content: "${s}" } }`),
  ...inStyle('in a media rule', (s) => `@media all { .a::after { content: '${s}' } }`),
  ...inStyle('in a layer', (s) => `@layer x { .a { --b: "${s}" } }`),
  ...inStyle('initial value', (s) => `@property --x { syntax: "*"; inherits: false; initial-value: ${s} }`),
  ...inStyle('block in a property', (s) => `.a { --b: { note: ${s} } }`),
  ...inStyle('brackets in a property', (s) => `.a { --b: (x; note: ${s}) }`),
  ...inStyle('function in a property', (s) => `.a { --b: ${s}(1) }`),
  ...inStyle('counter style', (s) => `@counter-style x { system: cyclic; symbols: "${s}"; suffix: " " }`),
  ...inStyle('quotes', (s) => `.a { quotes: "${s}" "b" }`),
  ...inStyle('attribute selector', (s) => `[data-x="${s}"] { color: red }`),
  ...inStyle('attribute selector with blanks', (s) => `[data-x = ${s} ] { color: red }`),
  ...inStyle('data address', (s) => `.a { background: url(data:text/plain,${s}) }`),
  ...inStyle('data font', (s) => `@font-face { font-family: x; src: url(data:font/woff2,${s}) }`),
  ...inStyle('query of an address', (s) => `.a { background: url(/a.png?q=${s}) }`),
  ...inStyle('query of a font', (s) => `@font-face { font-family: x; src: url("/a.woff2?q=${s}") }`),
  ...inStyle('image set', (s) => `.a { background: image-set("/a.png?q=${s}" 1x) }`),
  ...inStyle('token in an address', (s) => `.a { background: url(/a.png?token=${s}) }`, NEVER),
  ...inStyle('token in a quoted address', (s) => `.a { background: url("/a.png?token=${s}") }`, NEVER),
  ...inStyle('token in an escaped address', (s) => `.a { background: url("/a.png\\3f token=${s}") }`, NEVER),
  ...inStyle('token in an escaped function', (s) => `.a { background: u\\72l("/a.png?token=${s}") }`, NEVER),
  ...inStyle('token in an import', (s) => `@import "/a.css?token=${s}"; `, NEVER),
  ...inStyle('token in an imported address', (s) => `@import url(/a.css?token=${s}) screen; `, NEVER),
  ...inStyle('comment', (s) => `.a { /* ${s} */ color: red }`),
  ...inStyle('selector', (s) => `.${s} { color: red }`, [S, S, S, A, S, H]),
  asRule('block in a property', (s) => `.a { --b: { note: ${s} } }`),
  asRule('attribute selector with blanks', (s) => `[data-x = ${s} ] { color: red }`),
  asRule('token in an escaped address', (s) => `.a { background: url("/a.png\\3f token=${s}") }`, NEVER),
  asRule('token in an escaped function', (s) => `.a { background: u\\72l("/a.png?token=${s}") }`, NEVER),
  text('sheet of another kind', (s) => `<style type="text/x-state">{"a":"${s}"}</style>`, NEVER),
  text('style in svg', (s) => `<svg><style>.a::after { content: "${s}" }</style></svg>`, OTHER),
  change(
    'cssText of an element',
    '<p>x</p>',
    (p, s) => {
      p.style.cssText = `--a: "${s}"; color: red`
    },
    OTHER,
  ),
  change('custom property of an element', '<p>x</p>', (p, s) => p.style.setProperty('--a', s), OTHER),
  change(
    'token in a style attribute',
    '<p>x</p>',
    (p, s) => p.setAttribute('style', `background: url("/a.png?token=${s}")`),
    NEVER,
  ),
  change(
    'token in a style property',
    '<p>x</p>',
    (p, s) => {
      p.style.backgroundImage = `url("/a.png?token=${s}")`
    },
    NEVER,
  ),
  change(
    'data in a style property',
    '<p>x</p>',
    (p, s) => {
      p.style.backgroundImage = `url("data:image/svg+xml,${s}")`
    },
    OTHER,
  ),
  change(
    'cssText of a rule',
    '<style>.a { color: red }</style>',
    (_, s, box) => {
      ;(sheetOf(box).cssRules[0] as CSSStyleRule).style.cssText = `--a: "${s}"`
    },
    OTHER,
  ),
  change(
    'selectorText of a rule',
    '<style>.a { color: red }</style>',
    (_, s, box) => {
      ;(sheetOf(box).cssRules[0] as CSSStyleRule).selectorText = `[data-a="${s}"]`
    },
    OTHER,
  ),
  change(
    'style split over text nodes',
    '<style>.a { color: red }</style>',
    (style, s) => {
      style.replaceChildren(`.b::after { content: "x${s.slice(0, 6)}`, `${s.slice(6)}" } .c { --x: "${s}" }`)
    },
    OTHER,
  ),
  change(
    'sheet shared with an open tree',
    '<div class="amp-mask"><div class="host"></div></div>',
    (_, s, box) => {
      const open =
        box.querySelector('.open') ??
        box.appendChild(Object.assign(document.createElement('div'), { className: 'open' }))
      const outer = open.shadowRoot ?? open.attachShadow({ mode: 'open' })
      const sheet = new CSSStyleSheet()
      outer.adoptedStyleSheets = [sheet]
      const inner = shadow(box)
      inner.adoptedStyleSheets = [sheet]
      sheet.replaceSync(`.x::after { content: "${s}" }`)
    },
    [A, A, H, H, A, H],
  ),
]
