import { type Channel, FIELD, frameBody, H, loadFrame, NEVER, shadow, TEXT } from './channel.ts'

/** Shadow trees and frames. */
export const TREES: readonly Channel[] = [
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
    plant: (box, secret) => loadFrame(box, `<p>${secret}</p>`),
    alter: (box, secret) => {
      ;(frameBody(box)?.firstElementChild?.firstChild as Text).data = secret
    },
  },
  {
    name: 'frame field',
    expect: FIELD,
    plant: (box, secret) => loadFrame(box, `<input value="${secret}">`),
    alter: (box, secret) => {
      ;(frameBody(box)?.querySelector('input') as HTMLInputElement).value = secret
    },
  },
  {
    name: 'frame title',
    expect: TEXT,
    plant: (box, secret) => loadFrame(box, `<title>${secret}</title>`),
  },
]
