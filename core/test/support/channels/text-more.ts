import { A, type Channel, change, first, H, html, NEVER, TEXT, text } from './channel.ts'

const TYPED = [A, H, H, H, A, H] as const
const UNSEEN = [A, A, H, H, A, H] as const

/** Text in unusual elements, and text that gets there in unusual ways. */
export const MORE_TEXTS: readonly Channel[] = [
  text('output', (s) => `<output>${s}</output>`),
  text('text of a meter', (s) => `<meter value="0.5">${s}</meter>`, UNSEEN),
  text('text of a progress', (s) => `<progress>${s}</progress>`, UNSEEN),
  text('ruby, time, data, address', (s) => `<address><ruby>x<rt>${s}</rt></ruby></address>`),
  text('popover', (s) => `<div popover>${s}</div>`),
  text('link in svg', (s) => `<svg><a><text>${s}</text></a></svg>`),
  text('formula', (s) => `<math><mi>${s}</mi></math>`),
  text(
    'annotation of a formula',
    (s) => `<math><semantics><mi>x</mi><annotation>${s}</annotation></semantics></math>`,
    UNSEEN,
  ),
  text('customised select', (s) => `<select><button>${s}</button><option>x</option></select>`, UNSEEN),
  text('fallback of a canvas', (s) => `<canvas>${s}</canvas>`, UNSEEN),
  text('fallback of an object', (s) => `<object>${s}</object>`, UNSEEN),
  text('noembed', (s) => `<noembed>${s}</noembed>`, NEVER),
  text('noframes', (s) => `<noframes>${s}</noframes>`, NEVER),
  text('plaintext-only', (s) => `<div contenteditable="plaintext-only"><b>${s}</b></div>`, TYPED),
  text(
    'read-only part of an editor',
    (s) => `<div contenteditable><b contenteditable="false">${s}</b></div>`,
  ),
  change(
    'split text',
    '<p>x</p>',
    (p, s) => {
      const node = p.firstChild as Text
      node.data = s
      node.splitText(5)
      p.normalize()
    },
    TEXT,
  ),
  change(
    'text replaced by range',
    '<p>x</p>',
    (p, s) => {
      const range = document.createRange()
      range.selectNodeContents(p)
      range.deleteContents()
      range.insertNode(document.createTextNode(s))
    },
    TEXT,
  ),
  change(
    'outerHTML of the parent',
    '<div><p>x</p></div>',
    (div, s) => {
      div.outerHTML = `<div><p>${s}</p></div>`
    },
    TEXT,
  ),
  change('insertAdjacentText', '<p>x</p>', (p, s) => p.insertAdjacentText('afterbegin', s), TEXT),
  change(
    'replaceWith',
    '<p>x</p>',
    (p, s) => p.replaceWith(Object.assign(document.createElement('p'), { textContent: s })),
    TEXT,
  ),
  change(
    'cloned',
    '<p>x</p>',
    (p, s, box) => {
      p.textContent = s
      const copy = p.cloneNode(true)
      p.remove()
      box.append(copy)
    },
    TEXT,
  ),
  change(
    'adopted from another document',
    '<p>x</p>',
    (p, s) => {
      const other = document.implementation.createHTMLDocument('x')
      other.body.innerHTML = `<b>${s}</b>`
      p.append(document.adoptNode(other.body.firstChild as Node))
    },
    TEXT,
  ),
  change(
    'dragged out of a mask',
    '<section><div class="amp-mask"></div><div></div></section>',
    (section, s) => {
      const [from, to] = section.children
      const word = document.createElement('b')
      word.textContent = s
      from?.append(word)
      to?.append(word)
    },
    TEXT,
  ),
  change(
    'dragged into a mask',
    '<section><div class="amp-mask"></div><div></div></section>',
    (section, s) => {
      const [to, from] = section.children
      const word = document.createElement('b')
      word.textContent = s
      from?.append(word)
      to?.append(word)
    },
    NEVER,
  ),
  change(
    'masked after the change',
    '<p>x</p>',
    (p, s) => {
      p.textContent = s
      p.title = s
      p.classList.add('amp-mask')
    },
    NEVER,
  ),
  change(
    'blocked after the change',
    '<p><b>x</b></p>',
    (p, s) => {
      ;(p.firstElementChild?.firstChild as Text).data = s
      p.title = s
      p.setAttribute('data-amp-block', '')
    },
    NEVER,
  ),
  change(
    'made editable after the change',
    '<p>x</p>',
    (p, s) => {
      p.textContent = s
      p.contentEditable = 'true'
    },
    TYPED,
  ),
  change(
    'typed by a command',
    '<div contenteditable>x</div>',
    (div, s) => {
      div.focus()
      getSelection()?.selectAllChildren(div)
      document.execCommand('insertText', false, s)
      if (!div.textContent?.includes(s)) div.textContent = s
    },
    TYPED,
  ),
  {
    name: 'comment changed',
    expect: NEVER,
    plant: html((s) => `<p><!-- ${s} --></p>`),
    alter: (box, secret) => {
      ;(first(box).firstChild as Comment).data = secret
    },
  },
  {
    name: 'template child appended',
    expect: NEVER,
    plant(box, secret) {
      box.innerHTML = '<template></template>'
      first(box).append(secret)
    },
    alter: (box, secret) => first(box).append(secret),
  },
  {
    name: 'data of a cdata section',
    expect: NEVER,
    plant(box, secret) {
      const xml = new DOMParser().parseFromString(
        `<svg xmlns="http://www.w3.org/2000/svg"><desc><![CDATA[${secret}]]></desc></svg>`,
        'image/svg+xml',
      )
      box.replaceChildren(document.importNode(xml.documentElement, true))
    },
  },
  text(
    'masked although unmasked',
    (s) => `<div class="amp-unmask"><p class="amp-mask amp-unmask">${s}</p></div>`,
    NEVER,
  ),
  text(
    'unmasked in a mask',
    (s) => `<div data-amp-mask="true"><p class="amp-unmask" data-amp-unmask>${s}</p></div>`,
    NEVER,
  ),
  text('mask attribute that says false', (s) => `<p data-amp-mask="false">${s}</p>`, NEVER),
  text('block attribute that says false', (s) => `<p data-amp-block="false">${s}</p>`, NEVER),
  text(
    'form that hides its own properties',
    (s) =>
      `<form class="amp-mask"><input name="parentNode"><input name="matches"><input name="classList"><input name="childNodes"><p title="${s}">${s}</p></form>`,
    NEVER,
  ),
  text(
    'open form that hides its own properties',
    (s) =>
      `<form><input name="parentNode"><input name="childNodes"><input name="firstChild"><p>${s}</p></form>`,
  ),
  {
    ...text(
      'soft mask',
      (s) => `<div data-amp-mask="conservative"><p class="amp-unmask">${s}</p></div>`,
      NEVER,
    ),
  },
]
