import { A, type Channel, first, H, html, NEVER, text } from './channel.ts'

/** Text of the page, and what nobody sees of it. */
export const TEXTS: readonly Channel[] = [
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
]
