/**
 * A page with a secret in every place from which one can get into a recording, and for each place what the
 * policy says about it. Used by tests only.
 */

/** Below a block, in a mask, unmasked on a conservative page, or at a level without any marker. */
export const COLUMNS = ['light', 'medium', 'conservative', 'mask', 'unmask', 'block'] as const
export type Column = (typeof COLUMNS)[number]

export type Verdict = 'show' | 'hide' | 'any'

export interface Channel {
  name: string
  /** In the order of `COLUMNS`. */
  expect: readonly [Verdict, Verdict, Verdict, Verdict, Verdict, Verdict]
  /** Fills an empty box with the secret. */
  plant(box: HTMLElement, secret: string): void | Promise<void>
  /** Brings the secret into a box that was planted with harmless text. Without it the box is filled anew. */
  alter?(box: HTMLElement, secret: string): void
}

/** What stands in a box until the secret comes. */
export const PLAIN_WORD = 'plainword'

export const [S, H, A] = ['show', 'hide', 'any'] as const
export const TEXT = [S, S, H, H, S, H] as const
export const FIELD = [S, H, H, H, S, H] as const
export const NEVER = [H, H, H, H, H, H] as const
export const ATTRIBUTE = [S, S, H, H, A, H] as const
export const OTHER = [A, A, H, H, A, H] as const

export const html =
  (template: (secret: string) => string) =>
  (box: HTMLElement, secret: string): void => {
    box.innerHTML = template(secret)
  }

export const first = <E extends Element = HTMLElement>(box: HTMLElement): E => box.firstElementChild as E

export function text(
  name: string,
  template: (secret: string) => string,
  expect: Channel['expect'] = TEXT,
): Channel {
  return { name, expect, plant: html(template) }
}

export function field(name: string, template: string, expect: Channel['expect']): Channel[] {
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

export function attribute(
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

export function shadow(box: HTMLElement): ShadowRoot {
  const host =
    box.querySelector('.host') ??
    box.appendChild(Object.assign(document.createElement('div'), { className: 'host' }))
  return host.shadowRoot ?? host.attachShadow({ mode: 'open' })
}

let framesLoaded = 0
const frameMark = (at: number): string => `frame-no-${at}-ready`

/** Tells a class name for each frame that was loaded since: it is in the recording when the frame is. */
export function framesLoadedSince(): () => string[] {
  const before = framesLoaded
  return () => Array.from({ length: framesLoaded - before }, (_, i) => frameMark(before + 1 + i))
}

export function loadFrame(box: HTMLElement, markup: string): Promise<void> {
  box.innerHTML = ''
  const frame = document.createElement('iframe')
  frame.srcdoc = `${markup}<i class="${frameMark(++framesLoaded)}"></i>`
  return new Promise((resolve) => {
    frame.addEventListener('load', () => resolve(), { once: true })
    box.append(frame)
  })
}

export const frameBody = (box: HTMLElement): HTMLElement | undefined =>
  box.querySelector('iframe')?.contentDocument?.body

/** A page that is there before the secret comes, and the way in which it comes. */
export function change(
  name: string,
  template: string,
  put: (element: HTMLElement, secret: string, box: HTMLElement) => void,
  expect: Channel['expect'],
): Channel {
  return {
    name,
    expect,
    plant(box, secret) {
      box.innerHTML = template
      put(first(box), secret, box)
    },
    alter: (box, secret) => put(first(box), secret, box),
  }
}
