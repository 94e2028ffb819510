/** A page with something of every kind that is watched, and what happens in it. */
const PAGE = `
  <style id="sheet">p { color: red }</style>
  <main style="height: 3000px"><p>hello</p><input id="field"></main>
  <div id="host"></div><iframe srcdoc="<style>b{}</style><b>frame</b>"></iframe>`

export const settled = (ms = 30) => new Promise((resolve) => setTimeout(resolve, ms))

export const loaded = (frame: HTMLIFrameElement) =>
  new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))

/** Things of every kind that a page does. */
export function act(): void {
  const main = document.querySelector('main') as HTMLElement
  const frame = document.querySelector('iframe') as HTMLIFrameElement
  main.append(document.createElement('hr'))
  const field = document.querySelector('#field') as HTMLInputElement
  field.value = `typed ${Math.random()}`
  field.dispatchEvent(new Event('input', { bubbles: true }))
  for (let x = 0; x < 3; x++)
    document.dispatchEvent(new MouseEvent('mousemove', { clientX: x, bubbles: true }))
  main.dispatchEvent(new MouseEvent('click', { bubbles: true }))
  main.dispatchEvent(new Event('scroll'))
  document.dispatchEvent(new Event('scroll'))
  window.dispatchEvent(new Event('resize'))
  const sheet = (document.querySelector('#sheet') as HTMLStyleElement).sheet as CSSStyleSheet
  sheet.insertRule('i { color: blue }', 0)
  ;(sheet.cssRules[0] as CSSStyleRule).style.setProperty('color', 'green')
  sheet.addRule('u', 'color: red')
  const host = document.createElement('div')
  main.append(host)
  host.attachShadow({ mode: 'open' }).append('new shadow')
  const adopted = new CSSStyleSheet()
  document.adoptedStyleSheets = [adopted]
  document.adoptedStyleSheets = []
  frame.contentDocument?.body?.append('more')
  const another = document.createElement('iframe')
  main.append(another)
}

/** Puts the page up and resolves when its frame has loaded. */
export async function buildPage(): Promise<void> {
  document.body.innerHTML = PAGE
  document.querySelector('#host')?.attachShadow({ mode: 'open' }).append('shadow')
  await loaded(document.querySelector('iframe') as HTMLIFrameElement)
}
