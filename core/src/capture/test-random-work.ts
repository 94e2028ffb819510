import { Replayer } from 'rrweb'
import type { ReplayEvent } from '../types.ts'

export type Random = (below: number) => number

/** Nested elements with texts. */
export function makeTree(random: Random, depth: number): Element {
  const tag = ['div', 'p', 'ul', 'b', 'svg'][random(5)] ?? 'div'
  const element =
    tag === 'svg' ? document.createElementNS('http://www.w3.org/2000/svg', 'g') : document.createElement(tag)
  element.append(`t${random(100)}`)
  if (depth > 0) for (let count = random(3); count > 0; count--) element.append(makeTree(random, depth - 1))
  return element
}

/** One change of what is below `root`. */
export function workOn(root: Element, random: Random): void {
  const all = [...root.querySelectorAll('*')]
  const pick = (): Element => all[random(all.length)] ?? root
  switch (random(10)) {
    case 0: {
      const parent = pick()
      parent.insertBefore(
        makeTree(random, 2),
        parent.childNodes[random(parent.childNodes.length + 1)] ?? null,
      )
      return
    }
    case 1:
      if (all.length > 8) pick().remove()
      return
    case 2: {
      const [moved, parent] = [pick(), pick()]
      // One record that removes and adds the same node; WebKit makes it of `append`, too, where the node was the last one.
      if (!moved.contains(parent)) parent[random(4) === 0 ? 'replaceChildren' : 'append'](moved)
      return
    }
    case 3:
    case 4:
      pick().setAttribute(['class', 'title', 'data-a', 'transform'][random(4)] ?? 'id', String(random(50)))
      return
    case 5:
      pick().removeAttribute(['class', 'title', 'style'][random(3)] ?? 'id')
      return
    case 6:
    case 7: {
      const { style } = pick() as HTMLElement
      style?.setProperty(
        ['top', 'color', 'margin', 'margin-left', 'background'][random(5)] ?? 'top',
        ['1px', '2px', 'red', '', `linear-gradient(red, rgb(1, ${random(9)}, 3) 40%, blue 60%, green)`][
          random(5)
        ] ?? '',
        random(5) === 0 ? 'important' : '',
      )
      return
    }
    default: {
      const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      for (let skip = random(20); skip > 0 && texts.nextNode(); skip--);
      if (texts.currentNode instanceof Text) texts.currentNode.data = `changed ${random(1000)}`
    }
  }
}

/** The outline of `<main>` at the end of a replay. */
export function play(events: readonly ReplayEvent[]): string {
  const home = document.body.appendChild(document.createElement('div'))
  const first = events[0]?.timestamp ?? 0
  const replayer = new Replayer(structuredClone(events) as never, {
    root: home,
    showWarning: false,
    mouseTail: false,
  })
  replayer.pause((events.at(-1)?.timestamp ?? 0) - first + 1)
  const played = outline(replayer.iframe.contentDocument?.querySelector('main') as Element)
  replayer.destroy()
  home.remove()
  return played
}

/** Elements with their attributes, and texts. Of styles the effective declarations count, not their order. */
export function outline(node: Node): string {
  if (node.nodeType === 3) return node.nodeValue ?? ''
  const { localName, attributes, style } = node as HTMLElement
  const listed = [...attributes]
    .map(
      ({ name, value }) =>
        `${name}=${name === 'style' ? style.cssText.replace(/;$/, '').split('; ').sort().join() : value}`,
    )
    .sort()
  return `<${localName} ${listed.join(' ')}>${[...node.childNodes].map(outline).join('')}</>`
}
