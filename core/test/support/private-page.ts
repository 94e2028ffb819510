/**
 * A page with a secret in every place from which one can get into a recording, and for each place what the
 * policy says about it. Used by tests only.
 */

/** Below a block, in a mask, unmasked on a conservative page, or at a level without any marker. */
export const COLUMNS = ['light', 'medium', 'conservative', 'mask', 'unmask', 'block'] as const
export type Column = (typeof COLUMNS)[number]

type Verdict = 'show' | 'hide' | 'any'

export interface Channel {
  name: string
  /** In the order of `COLUMNS`. */
  expect: readonly [Verdict, Verdict, Verdict, Verdict, Verdict, Verdict]
  /** Fills an empty box with the secret. */
  plant(box: HTMLElement, secret: string): void | Promise<void>
  /** Brings the secret into a box that was planted with harmless text. Without it the box is filled anew. */
  alter?(box: HTMLElement, secret: string): void
}

const [S, H, A] = ['show', 'hide', 'any'] as const
const TEXT = [S, S, H, H, S, H] as const
const FIELD = [S, H, H, H, S, H] as const
const NEVER = [H, H, H, H, H, H] as const
const ATTRIBUTE = [S, S, H, H, A, H] as const
const OTHER = [A, A, H, H, A, H] as const

const html =
  (template: (secret: string) => string) =>
  (box: HTMLElement, secret: string): void => {
    box.innerHTML = template(secret)
  }

const first = <E extends Element = HTMLElement>(box: HTMLElement): E => box.firstElementChild as E

function text(name: string, template: (secret: string) => string, expect: Channel['expect'] = TEXT): Channel {
  return { name, expect, plant: html(template) }
}

function field(name: string, template: string, expect: Channel['expect']): Channel[] {
  const put = (how: string, set: (element: HTMLInputElement, secret: string) => void): Channel => ({
    name: `${name}, ${how}`,
    expect,
    plant(box, secret) {
      box.innerHTML = template
      set(first(box), secret)
    },
    alter: (box, secret) => set(first(box), secret),
  })
  return [
    put('typed', (element, secret) => {
      element.value = secret
      element.dispatchEvent(new Event('input', { bubbles: true }))
    }),
    put('attribute', (element, secret) => element.setAttribute('value', secret)),
    put('default value', (element, secret) => {
      element.defaultValue = secret
    }),
  ]
}

function attribute(
  name: string,
  template: string,
  attr: string,
  expect: Channel['expect'],
  value = (s: string) => s,
): Channel {
  const set = (box: HTMLElement, secret: string): void => {
    const target = box.querySelector('[data-here]') ?? first(box)
    target.setAttribute(attr, value(secret))
  }
  return {
    name: `attribute ${name}`,
    expect,
    plant(box, secret) {
      box.innerHTML = template
      set(box, secret)
    },
    alter: set,
  }
}

function shadow(box: HTMLElement): ShadowRoot {
  const host =
    box.querySelector('.host') ??
    box.appendChild(Object.assign(document.createElement('div'), { className: 'host' }))
  return host.shadowRoot ?? host.attachShadow({ mode: 'open' })
}

function loadFrame(box: HTMLElement, markup: string): Promise<void> {
  box.innerHTML = ''
  const frame = document.createElement('iframe')
  frame.srcdoc = markup
  return new Promise((resolve) => {
    frame.addEventListener('load', () => resolve(), { once: true })
    box.append(frame)
  })
}

const frameBody = (box: HTMLElement): HTMLElement | undefined =>
  box.querySelector('iframe')?.contentDocument?.body

export const CHANNELS: readonly Channel[] = [
  // Text
  {
    ...text('text node', (s) => `<p>${s}</p>`),
    alter: (box, secret) => {
      ;(first(box).firstChild as Text).data = secret
    },
  },
  text('text by innerHTML', (s) => `<div><span>${s}</span></div>`),
  text('button text', (s) => `<button>${s}</button>`),
  text('label, legend', (s) => `<fieldset><legend>${s}</legend><label>x</label></fieldset>`),
  text('summary', (s) => `<details open><summary>${s}</summary></details>`),
  text('table caption', (s) => `<table><caption>${s}</caption></table>`),
  text('link text', (s) => `<a href="/x">${s}</a>`),
  text('dialog text', (s) => `<dialog open>${s}</dialog>`),
  text('svg text', (s) => `<svg><text><tspan>${s}</tspan></text></svg>`),
  text('svg title', (s) => `<svg><title>${s}</title><desc>x</desc></svg>`),
  text('svg desc', (s) => `<svg><desc>${s}</desc></svg>`),
  text('foreignObject', (s) => `<svg><foreignObject><p>${s}</p></foreignObject></svg>`),
  text('other scripts', (s) => `<p>Ж中${s}🙂م</p>`),
  text('hidden text', (s) => `<p hidden>${s}</p>`, [A, A, H, H, A, H]),
  text('end of a long text', (s) => `<p>${'lorem '.repeat(20_000)}${s}</p>`, [A, A, H, H, A, H]),
  {
    name: 'contenteditable',
    expect: [A, H, H, H, A, H],
    plant: html((s) => `<div contenteditable>${s}</div>`),
    alter: (box, secret) => {
      first(box).textContent = secret
    },
  },
  {
    name: 'role=textbox',
    expect: [A, H, H, H, A, H],
    plant: html((s) => `<div role="textbox"><p><b>${s}</b></p></div>`),
    alter: (box, secret) => {
      box.querySelector('b')?.firstChild?.replaceWith(secret)
    },
  },

  // Fields
  ...field('text field', '<input type="text">', FIELD),
  ...field('field without type', '<input>', FIELD),
  ...field('search field', '<input type="search">', FIELD),
  ...field('url field', '<input type="url">', FIELD),
  ...field('password field', '<input type="password">', NEVER),
  ...field('email field', '<input type="email">', [H, H, H, H, A, H]),
  ...field('tel field', '<input type="tel">', [H, H, H, H, A, H]),
  ...field('hidden field', '<input type="hidden">', NEVER),
  ...field('card field', '<input autocomplete="section-a billing cc-number">', NEVER),
  ...field('one-time code', '<input autocomplete="one-time-code">', NEVER),
  ...field('current password', '<input autocomplete="username current-password">', NEVER),
  ...field('textarea', '<textarea></textarea>', FIELD),
  {
    name: 'textarea child text',
    expect: FIELD,
    plant: html((s) => `<textarea>${s}</textarea>`),
    alter: (box, secret) => {
      first(box).firstChild?.replaceWith(secret)
    },
  },
  {
    name: 'textarea child data',
    expect: FIELD,
    plant: html((s) => `<textarea>${s}</textarea>`),
    alter: (box, secret) => {
      ;(first(box).firstChild as Text).data = secret
    },
  },
  {
    name: 'former password',
    expect: NEVER,
    plant(box, secret) {
      box.innerHTML = '<input type="password" value="x">'
      first<HTMLInputElement>(box).value = secret
    },
    alter(box, secret) {
      first<HTMLInputElement>(box).type = 'text'
      first<HTMLInputElement>(box).value = secret
      first(box).dispatchEvent(new Event('input', { bubbles: true }))
    },
  },
  {
    name: 'value of a select',
    expect: [S, H, H, H, S, H],
    plant: html(
      (s) => `<select><option value="a">a</option><option value="${s}" selected>b</option></select>`,
    ),
  },
  text('option text', (s) => `<select><option>a</option><option>${s}</option></select>`, [A, A, H, H, A, H]),
  text('optgroup label', (s) => `<select><optgroup label="${s}"></optgroup></select>`, [A, A, H, H, A, H]),
  text('datalist', (s) => `<datalist><option value="${s}"></datalist>`, [A, A, H, H, A, H]),
  text(
    'card select',
    (s) => `<select autocomplete="cc-exp"><option value="${s}" selected>x</option></select>`,
    NEVER,
  ),
  text('value of a checkbox', (s) => `<input type="checkbox" value="${s}">`, [A, H, H, H, A, H]),
  text('value of a radio', (s) => `<input type="radio" checked value="${s}">`, [A, H, H, H, A, H]),
  attribute('value of submit', '<input type="submit">', 'value', TEXT),
  attribute('value of button', '<input type="button">', 'value', TEXT),

  // Attributes
  attribute('title', '<p>x</p>', 'title', ATTRIBUTE),
  attribute('alt', '<img>', 'alt', ATTRIBUTE),
  attribute('aria-label', '<p>x</p>', 'aria-label', ATTRIBUTE),
  attribute('aria-description', '<p>x</p>', 'aria-description', ATTRIBUTE),
  attribute('aria-valuetext', '<p>x</p>', 'aria-valuetext', ATTRIBUTE),
  attribute('placeholder', '<input>', 'placeholder', ATTRIBUTE),
  attribute('label of track', '<video><track data-here></video>', 'label', ATTRIBUTE),
  attribute('data-*', '<p>x</p>', 'data-user', OTHER),
  attribute('of a custom element', '<my-card></my-card>', 'owner', OTHER),
  attribute('unknown', '<p>x</p>', 'whatever', OTHER),
  attribute('class', '<p>x</p>', 'class', [S, S, S, S, S, H].map((v, i) => (i === 5 ? 'any' : v)) as never),
  attribute('id', '<p>x</p>', 'id', [S, S, S, S, S, H]),
  attribute('href query', '<a>x</a>', 'href', OTHER, (s) => `/path?q=${s}`),
  attribute('href hash', '<a>x</a>', 'href', OTHER, (s) => `/path#${s}`),
  attribute('href token', '<a>x</a>', 'href', NEVER, (s) => `/path?access_token=${s}`),
  attribute('href user info', '<a>x</a>', 'href', NEVER, (s) => `https://me:${s}@example.com/`),
  attribute('href hash token', '<a>x</a>', 'href', NEVER, (s) => `/cb#id_token=${s}&x=1`),
  attribute(
    'href nested token',
    '<a>x</a>',
    'href',
    NEVER,
    (s) => `/in?next=${encodeURIComponent(`/cb?code=${s}`)}`,
  ),
  attribute('mailto', '<a>x</a>', 'href', OTHER, (s) => `mailto:${s}@example.com`),
  attribute('javascript', '<a>x</a>', 'href', NEVER, (s) => `javascript:void('${s}')`),
  attribute('action query', '<form></form>', 'action', OTHER, (s) => `/send?q=${s}`),
  attribute('src query', '<img>', 'src', OTHER, (s) => `/none.png?q=${s}`),
  attribute('src path', '<img>', 'src', [S, S, A, A, A, H], (s) => `/none-${s}.png`),
  attribute('srcset query', '<img>', 'srcset', OTHER, (s) => `/none.png?q=${s} 2x, /b.png 1x`),
  attribute('data picture', '<img>', 'src', OTHER, (s) => `data:image/svg+xml,<svg><text>${s}</text></svg>`),
  attribute('srcdoc', '<iframe></iframe>', 'srcdoc', [A, A, H, H, A, H], (s) => `<p>${s}</p>`),
  attribute('event handler', '<p>x</p>', 'onclick', NEVER, (s) => `use('${s}')`),
  attribute('style', '<p>x</p>', 'style', OTHER, (s) => `--note: "${s}"; color: red`),
  attribute('style url', '<p>x</p>', 'style', OTHER, (s) => `background: url("/none.png?q=${s}")`),

  // Never shown to the user
  text('noscript', (s) => `<noscript>${s}</noscript>`, NEVER),
  text('comment', (s) => `<!-- ${s} -->`, NEVER),
  text('template', (s) => `<template><p>${s}</p></template>`, NEVER),
  {
    name: 'state in a script',
    expect: NEVER,
    plant(box, secret) {
      box.innerHTML = `<script type="application/json">{"a":"${secret}"}</script>`
    },
    alter: (box, secret) => {
      first(box).textContent = `{"a":"${secret}"}`
    },
  },
  text('script address', (s) => `<script src="/none.js?token=${s}" type="text/plain"></script>`, NEVER),
  text('meta', (s) => `<meta name="user" content="${s}">`, NEVER),

  // Style
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

  // Trees
  {
    name: 'shadow text',
    expect: TEXT,
    plant: (box, secret) => {
      shadow(box).innerHTML = `<p>${secret}</p>`
    },
    alter: (box, secret) => {
      const p = shadow(box).firstElementChild as Element
      ;(p.firstChild as Text).data = secret
    },
  },
  {
    name: 'nested shadow field',
    expect: FIELD,
    plant: (box, secret) => {
      shadow(box).innerHTML = '<div></div>'
      const inner = (shadow(box).firstElementChild as Element).attachShadow({ mode: 'open' })
      inner.innerHTML = `<input value="${secret}">`
    },
    alter: (box, secret) => {
      const input = shadow(box).firstElementChild?.shadowRoot?.firstElementChild as HTMLInputElement
      input.value = secret
    },
  },
  {
    name: 'slotted into a masked slot',
    expect: [H, H, H, H, H, H],
    plant(box, secret) {
      shadow(box).innerHTML = '<div class="amp-mask"><slot></slot></div>'
      ;(box.querySelector('.host') as Element).textContent = secret
    },
    alter: (box, secret) => {
      ;((box.querySelector('.host') as Element).firstChild as Text).data = secret
    },
  },
  {
    name: 'slotted into a blocked slot',
    expect: [H, H, H, H, H, H],
    plant(box, secret) {
      shadow(box).innerHTML = '<div class="amp-block"><slot></slot></div>'
      ;(box.querySelector('.host') as Element).innerHTML = `<p title="${secret}">${secret}</p>`
    },
    alter: (box, secret) => {
      const p = box.querySelector('.host p') as Element
      p.setAttribute('title', secret)
      ;(p.firstChild as Text).data = secret
    },
  },
  {
    name: 'mark inside a shadow tree',
    expect: NEVER,
    plant: (box, secret) => {
      shadow(box).innerHTML = `<div data-amp-mask><p title="${secret}">${secret}</p></div>`
    },
  },
  {
    name: 'frame text',
    expect: TEXT,
    plant: (box, secret) => loadFrame(box, `<p class="frame-ready">${secret}</p>`),
    alter: (box, secret) => {
      ;(frameBody(box)?.firstElementChild?.firstChild as Text).data = secret
    },
  },
  {
    name: 'frame field',
    expect: FIELD,
    plant: (box, secret) => loadFrame(box, `<p class="frame-ready"></p><input value="${secret}">`),
    alter: (box, secret) => {
      ;(frameBody(box)?.querySelector('input') as HTMLInputElement).value = secret
    },
  },
  {
    name: 'frame title',
    expect: TEXT,
    plant: (box, secret) => loadFrame(box, `<title>${secret}</title><p class="frame-ready"></p>`),
  },
]
