/** What a right recording does with a secret. */
export type Expected = 'show' | 'hide' | 'either'

/** One way by which private data gets into recordings. */
export interface SecretChannel {
  name: string
  html(secret: string): string
  /** Some fields accept only certain values. The number is different for each secret. */
  secret?(number: number, prefix: string): string
  light: Expected
  medium: Expected
  conservative: Expected
  /** Below a mask marker. @default 'hide' */
  masked?: Expected
  /** Below an unmask marker. @default what `light` does */
  unmasked?: Expected
}

const text = { light: 'show', medium: 'show', conservative: 'hide' } as const
const field = { light: 'show', medium: 'hide', conservative: 'hide' } as const
/** Never shown, whatever the level and whatever the markers say. */
const never = { light: 'hide', medium: 'hide', conservative: 'hide', unmasked: 'hide' } as const
/** Hidden at every level; whether a marker around it may reveal it is left open. */
const contact = { ...never, unmasked: 'either' } as const
/** What only a stricter policy must hide. */
const technical = { light: 'either', medium: 'either', conservative: 'hide', unmasked: 'either' } as const
/** A select's label may be told apart from its value: hiding both is allowed from medium on. */
const chosen = { light: 'show', medium: 'either', conservative: 'hide', unmasked: 'either' } as const

/** Digits that are unique, also between pages with different prefixes. */
const digits = (number: number, prefix: string): string => {
  const salt = [...prefix].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 9000, 7) + 1000
  return `47${salt}${10_000 + number}`
}

export const CHANNELS: readonly SecretChannel[] = [
  // Text
  { name: 'text node', html: (s) => `<p>${s}</p>`, ...text },
  { name: 'text in nested elements', html: (s) => `<p><b><i>${s}</i></b></p>`, ...text },
  { name: 'text beyond Latin', html: (s) => `<p>Zoë 名前 שם ${s}</p>`, ...text },
  { name: 'button', html: (s) => `<button type="button">${s}</button>`, ...text },
  { name: 'link', html: (s) => `<a href="#">${s}</a>`, ...text },
  { name: 'label', html: (s) => `<label>${s}<input type="checkbox"></label>`, ...text },
  { name: 'legend', html: (s) => `<fieldset><legend>${s}</legend></fieldset>`, ...text },
  { name: 'summary', html: (s) => `<details><summary>${s}</summary></details>`, ...text },
  { name: 'table caption', html: (s) => `<table><caption>${s}</caption></table>`, ...text },
  { name: 'open dialog', html: (s) => `<dialog open>${s}</dialog>`, ...text },
  { name: 'svg text', html: (s) => `<svg><text y="9">${s}</text></svg>`, ...text },
  { name: 'svg title', html: (s) => `<svg><title>${s}</title></svg>`, ...text },
  {
    name: 'svg foreignObject',
    html: (s) => `<svg><foreignObject><p>${s}</p></foreignObject></svg>`,
    ...text,
  },
  { name: 'text that is not displayed', html: (s) => `<p hidden>${s}</p>`, ...technical },
  {
    name: 'open shadow tree',
    html: (s) => `<div><template shadowrootmode="open"><p>${s}</p></template></div>`,
    ...text,
  },
  {
    name: 'nested shadow tree',
    html: (s) =>
      `<div><template shadowrootmode="open"><div><template shadowrootmode="open"><p>${s}</p></template></div></template></div>`,
    ...text,
  },
  {
    name: 'slotted text',
    html: (s) => `<div><template shadowrootmode="open"><slot></slot></template><p>${s}</p></div>`,
    ...text,
  },
  { name: 'frame with srcdoc', html: (s) => `<iframe srcdoc="&lt;p&gt;${s}&lt;/p&gt;"></iframe>`, ...text },
  // Fields
  { name: 'text field', html: (s) => `<input value="${s}">`, ...field },
  { name: 'search field', html: (s) => `<input type="search" value="${s}">`, ...field },
  { name: 'url field', html: (s) => `<input type="url" value="https://${s}.example">`, ...field },
  { name: 'number field', html: (s) => `<input type="number" value="${s}">`, secret: digits, ...field },
  { name: 'textarea', html: (s) => `<textarea>${s}</textarea>`, ...field },
  { name: 'password', html: (s) => `<input type="password" value="${s}">`, ...never },
  { name: 'email', html: (s) => `<input type="email" value="${s}@example.com">`, ...contact },
  { name: 'telephone', html: (s) => `<input type="tel" value="${s}">`, secret: digits, ...contact },
  { name: 'hidden field', html: (s) => `<input type="hidden" value="${s}">`, ...never },
  { name: 'card number', html: (s) => `<input autocomplete="section-pay cc-number" value="${s}">`, ...never },
  { name: 'card code', html: (s) => `<input autocomplete="cc-csc" value="${s}">`, ...never },
  {
    name: 'field drawn as dots',
    html: (s) => `<input style="-webkit-text-security:disc" value="${s}">`,
    ...never,
  },
  {
    name: 'field called password',
    html: (s) => `<input placeholder="Your password" value="${s}">`,
    ...never,
  },
  { name: 'card number by name', html: (s) => `<input name="cardNumber" value="${s}">`, ...never },
  { name: 'chosen option', html: (s) => `<select><option selected>${s}</option></select>`, ...chosen },
  {
    name: 'option not chosen',
    html: (s) => `<select><option selected>–</option><option value="x">${s}</option></select>`,
    ...technical,
  },
  {
    name: 'value of a checkbox',
    html: (s) => `<input type="checkbox" value="${s}">`,
    light: 'either',
    medium: 'hide',
    conservative: 'hide',
  },
  { name: 'label of a submit field', html: (s) => `<input type="submit" value="${s}">`, ...text },
  { name: 'placeholder', html: (s) => `<input placeholder="${s}">`, ...text },
  {
    name: 'contenteditable',
    html: (s) => `<div contenteditable>${s}</div>`,
    light: 'either',
    medium: 'hide',
    conservative: 'hide',
    unmasked: 'either',
  },
  // Attributes
  { name: 'title', html: (s) => `<p title="${s}">.</p>`, ...text },
  { name: 'alt', html: (s) => `<img alt="${s}">`, ...text },
  { name: 'aria-label', html: (s) => `<p aria-label="${s}">.</p>`, ...text },
  { name: 'data attribute', html: (s) => `<p data-customer="${s}">.</p>`, ...technical },
  { name: 'custom element attribute', html: (s) => `<user-card customer="${s}"></user-card>`, ...technical },
  { name: 'query of a link', html: (s) => `<a href="/orders?order=${s}">.</a>`, ...technical },
  { name: 'token in a link', html: (s) => `<a href="/reset?token=${s}">.</a>`, ...never },
  { name: 'password in a link', html: (s) => `<a href="https://user:${s}@example.com/">.</a>`, ...never },
  {
    name: 'token in a coded address',
    html: (s) => `<a href="/in?next=${encodeURIComponent(encodeURIComponent(`/cb?code=${s}`))}">.</a>`,
    ...never,
  },
  { name: 'token in a fragment', html: (s) => `<a href="/#/cb?access_token=${s}">.</a>`, ...never },
  { name: 'e-mail address in a link', html: (s) => `<a href="/users/${s}@example.com/edit">.</a>`, ...never },
  { name: 'token in a lazy picture', html: (s) => `<img data-src="/a.png?token=${s}">`, ...never },
  { name: 'password in a data attribute', html: (s) => `<p data-form='{"password":"${s}"}'>.</p>`, ...never },
  { name: 'e-mail address in an id', html: (s) => `<p id="user-${s}@example.com">.</p>`, ...technical },
  { name: 'query of a form action', html: (s) => `<form action="/search?q=${s}"></form>`, ...technical },
  // Style
  { name: 'style attribute', html: (s) => `<p style="--customer:'${s}'">.</p>`, ...technical },
  {
    name: 'content in a style element',
    html: (s) => `<style>.x::after{content:"${s}"}</style>`,
    ...technical,
  },
  {
    name: 'token in a style sheet',
    html: (s) => `<style>.x{background:url("/a.png\\3f token=${s}")}</style>`,
    ...never,
  },
  { name: 'custom property', html: (s) => `<style>.x{--note:{text:${s}}}</style>`, ...technical },
  // What nobody sees
  { name: 'data in a style element', html: (s) => `<style type="text/x-state">${s}</style>`, ...never },
  { name: 'noframes', html: (s) => `<noframes>${s}</noframes>`, ...never },
  {
    name: 'JSON in a script',
    html: (s) => `<script type="application/json">{"user":"${s}"}</script>`,
    ...never,
  },
  { name: 'comment', html: (s) => `<!-- ${s} -->`, ...never },
  { name: 'noscript', html: (s) => `<noscript>${s}</noscript>`, ...never },
  { name: 'template', html: (s) => `<template><p>${s}</p></template>`, ...never },
  { name: 'meta element', html: (s) => `<meta name="csrf-token" content="${s}">`, ...never },
]
