import { A, type Channel, change, FIELD, H, loadFrame, NEVER, shadow, TEXT, text } from './channel.ts'

/** Shadow trees and frames in unusual forms. */
export const MORE_TREES: readonly Channel[] = [
  change(
    'text node in a slot',
    '<div class="host"></div>',
    (host, s, box) => {
      shadow(box).innerHTML = '<slot></slot>'
      host.replaceChildren(s)
    },
    TEXT,
  ),
  change(
    'default content of a slot',
    '<div class="host"></div>',
    (_, s, box) => {
      shadow(box).innerHTML = `<slot>${s}</slot>`
    },
    TEXT,
  ),
  change(
    'named slot in a mask',
    '<div class="host"></div>',
    (host, s, box) => {
      shadow(box).innerHTML = '<slot></slot><div class="amp-mask"><slot name="private"></slot></div>'
      host.innerHTML = `<p slot="private" title="${s}">${s}</p>`
    },
    NEVER,
  ),
  change(
    'moved into a masked slot',
    '<div class="host"></div>',
    (host, s, box) => {
      shadow(box).innerHTML = '<slot></slot><div class="amp-mask"><slot name="private"></slot></div>'
      host.innerHTML = `<p>${s}</p>`
      host.firstElementChild?.setAttribute('slot', 'private')
    },
    NEVER,
  ),
  change(
    'slot inside a slot',
    '<div class="host"></div>',
    (host, s, box) => {
      const root = shadow(box)
      root.innerHTML = '<div class="inner"><slot></slot></div>'
      const inner = root.querySelector('.inner') as HTMLElement
      inner.attachShadow({ mode: 'open' }).innerHTML = '<section data-amp-mask><slot></slot></section>'
      host.innerHTML = `<p>${s}</p>`
    },
    NEVER,
  ),
  change(
    'host masked later',
    '<div class="host"></div>',
    (host, s, box) => {
      shadow(box).innerHTML = `<p title="${s}">${s}</p><input value="${s}">`
      host.classList.add('amp-mask')
    },
    NEVER,
  ),
  change(
    'host blocked later',
    '<div class="host"></div>',
    (host, s, box) => {
      shadow(box).innerHTML = `<p title="${s}">${s}</p><input value="${s}">`
      host.classList.add('amp-block')
    },
    NEVER,
  ),
  change(
    'shadow tree changed below a mask',
    '<div class="amp-mask"><div class="host"></div></div>',
    (_, s, box) => {
      const root = shadow(box)
      root.innerHTML = '<p>x</p>'
      root.append(Object.assign(document.createElement('b'), { textContent: s, title: s }))
    },
    NEVER,
  ),
  change(
    'declarative shadow tree',
    '<div></div>',
    (_, s, box) => {
      box.setHTMLUnsafe(`<div><template shadowrootmode="open"><p>${s}</p></template></div>`)
    },
    TEXT,
  ),
  change(
    'closed shadow tree',
    '<div></div>',
    (_, s, box) => {
      box.innerHTML = '<div></div>'
      box.firstElementChild?.attachShadow({ mode: 'closed' }).append(s)
    },
    [A, A, H, H, A, H],
  ),
  {
    name: 'field in a frame of a mask',
    expect: NEVER,
    async plant(box, secret) {
      box.innerHTML = '<div class="amp-mask"></div>'
      await loadFrame(
        box.firstElementChild as HTMLElement,
        `<title>${secret}</title><p title="${secret}">${secret}</p><input value="${secret}">`,
      )
    },
    alter(box, secret) {
      const body = box.querySelector('iframe')?.contentDocument?.body
      if (body) body.innerHTML = `<p title="${secret}">${secret}</p><input value="${secret}">`
    },
  },
  {
    name: 'written frame',
    expect: TEXT,
    plant(box, secret) {
      box.innerHTML = '<iframe></iframe>'
      const page = box.querySelector('iframe')?.contentDocument
      page?.open()
      page?.write(`<!doctype html><p>${secret}</p>`)
      page?.close()
    },
    alter(box, secret) {
      const body = box.querySelector('iframe')?.contentDocument?.body
      if (body) body.innerHTML = `<p>${secret}</p>`
    },
  },
  {
    name: 'written frame in a block',
    expect: NEVER,
    plant(box, secret) {
      box.innerHTML = '<div data-amp-block><iframe></iframe></div>'
      const page = box.querySelector('iframe')?.contentDocument
      page?.open()
      page?.write(`<!doctype html><title>${secret}</title><p>${secret}</p>`)
      page?.close()
    },
  },
  {
    name: 'moved out of a frame into a mask',
    expect: NEVER,
    async plant(box, secret) {
      await loadFrame(box, '<p>x</p>')
      const mask = document.createElement('div')
      mask.className = 'amp-mask'
      box.append(mask)
      move(box, secret)
    },
    alter: move,
  },
  {
    name: 'moved out of a masked frame',
    expect: [A, A, H, H, A, H],
    async plant(box, secret) {
      box.innerHTML = '<div class="amp-mask"></div>'
      await loadFrame(box.firstElementChild as HTMLElement, '<p>x</p>')
      moveOut(box, secret)
    },
    alter: moveOut,
  },
  text('frame of another site', (s) => `<iframe src="https://other.test/?q=${s}"></iframe>`, [
    A,
    A,
    H,
    H,
    A,
    H,
  ]),
  text('name of a frame', (s) => `<iframe name="${s}"></iframe>`, [A, A, H, H, A, H]),
  ...[FIELD].map(
    (expect): Channel => ({
      name: 'typed in a frame',
      expect,
      plant: (box, secret) => loadFrame(box, `<input value="${secret}">`),
      alter(box, secret) {
        const inner = box.querySelector('iframe')?.contentDocument?.querySelector('input')
        if (!inner) return
        inner.value = secret
        inner.dispatchEvent(new Event('input', { bubbles: true }))
      },
    }),
  ),
]

function move(box: HTMLElement, secret: string): void {
  const inner = box.querySelector('iframe')?.contentDocument?.body.firstElementChild
  if (!inner) return
  inner.textContent = secret
  box.querySelector('.amp-mask')?.append(document.adoptNode(inner))
}

function moveOut(box: HTMLElement, secret: string): void {
  const inner = box.querySelector('iframe')?.contentDocument?.body.firstElementChild
  if (!inner) return
  inner.textContent = secret
  box.append(document.adoptNode(inner))
}
