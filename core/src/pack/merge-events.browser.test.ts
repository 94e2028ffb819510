import { Replayer, record } from 'rrweb'
import { expect, it } from 'vitest'
import { mergeEvents } from '../../test/support/merge-events.ts'
import { randomFrom } from '../../test/support/random.ts'
import type { ReplayEvent } from '../types.ts'

// The proof that joining changes nothing: random work on a real page, recorded by rrweb with one event per step,
// is played by rrweb's own player, once as recorded and once joined.

type Random = (below: number) => number

const TAGS = ['div', 'p', 'ul', 'li', 'b', 'style', 'textarea', 'x-box', 'svg']

function workOn(root: Element, random: Random): void {
  const all = [...root.querySelectorAll('*')]
  const shadows = all.flatMap((element) => (element.shadowRoot ? [element.shadowRoot] : []))
  const pick = (): Element => all[random(all.length)] ?? root
  const place = (): ParentNode & Node =>
    random(8) === 0 && shadows.length > 0 ? (shadows[0] as ShadowRoot) : pick()
  const before = (parent: Node): Node | null =>
    parent.childNodes[random(parent.childNodes.length + 1)] ?? null
  // Mostly contents, which can be joined, between work on the tree, which cannot.
  const kind = random(3) === 0 ? random(9) : 4 + random(4)
  switch (kind) {
    case 0:
    case 1: {
      const parent = place()
      parent.insertBefore(makeTree(random, 2), before(parent))
      return
    }
    case 2:
      if (all.length > 12) pick().remove()
      return
    case 3: {
      const [moved, parent] = [pick(), place()]
      if (!moved.contains(parent instanceof ShadowRoot ? parent.host : parent))
        parent.insertBefore(moved, parent === moved.parentNode ? null : before(parent))
      return
    }
    case 4:
      pick().setAttribute(['class', 'title', 'data-a'][random(3)] ?? 'id', String(random(100)))
      return
    case 5:
      pick().removeAttribute(['class', 'title', 'style'][random(3)] ?? 'id')
      return
    case 6: {
      const { style } = pick() as HTMLElement
      style?.setProperty(
        ['top', 'color', 'margin', 'margin-left'][random(4)] ?? 'top',
        ['1px', '2px', 'red', ''][random(4)] ?? '',
      )
      return
    }
    case 7: {
      const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      for (let skip = random(20); skip > 0 && texts.nextNode(); skip--);
      if (texts.currentNode instanceof Text) texts.currentNode.data = `.c${random(1000)} { top: 0 }`
      return
    }
    default: {
      const parent = pick()
      const nodes = [...parent.childNodes].sort(() => random(3) - 1)
      parent.append(...nodes)
    }
  }
}

function makeTree(random: Random, depth: number): Element {
  const element = document.createElement(TAGS[random(TAGS.length)] ?? 'div')
  if (element.localName === 'x-box' && random(2) === 0) {
    element.attachShadow({ mode: 'open' }).append(document.createElement('i'), `shade ${random(100)}`)
  }
  if (element.localName === 'style') element.append(`.c${random(9)} { color: red }`)
  else element.append(`t${random(100)}`)
  if (depth > 0 && element.localName !== 'style' && element.localName !== 'textarea') {
    for (let count = random(3); count > 0; count--) element.append(makeTree(random, depth - 1))
  }
  return element
}

/** As a library does that keeps styles in scripts, with rules in rules too. */
function workOnRules(root: Element, random: Random): void {
  const styles = [...root.querySelectorAll('style')]
  const sheet = styles[random(styles.length)]?.sheet
  const media = [...(sheet?.cssRules ?? [])].filter((rule) => rule instanceof CSSMediaRule)
  const list = (random(3) === 0 && media[random(media.length)]) || sheet
  if (!list) return
  for (let count = 1 + random(6); count > 0; count--) {
    const { length } = list.cssRules
    const style = `.c${random(1000)} { top: ${random(9)}px }`
    if (random(5) > 1)
      list.insertRule(random(6) === 0 ? `@media print { ${style} }` : style, random(length + 1))
    else if (length > 0) list.deleteRule(random(length))
  }
}

async function recordWork(
  seed: number,
  workOn: (root: Element, random: Random) => void,
): Promise<ReplayEvent[]> {
  const random = randomFrom(seed)
  const root = document.createElement('main')
  document.body.append(root)
  for (let count = 0; count < 6; count++) root.append(makeTree(random, 2))
  for (let count = 0; count < 2; count++) root.append(document.createElement('style'))
  const events: ReplayEvent[] = []
  const stop = record({ emit: (event) => events.push(structuredClone(event) as ReplayEvent) })
  for (let step = 0; step < 60; step++) {
    for (let count = 1 + random(2); count > 0; count--) workOn(root, random)
    // Mutation records are delivered in a microtask: the next step is another event.
    await Promise.resolve()
    await Promise.resolve()
  }
  await new Promise((resolve) => setTimeout(resolve))
  stop?.()
  root.remove()
  // Times of our own: what is joined does not depend on how fast this machine is.
  let at = 1000
  return events.map((event) => {
    at += event.type === 3 ? random(20) : 1
    return { ...event, timestamp: at }
  })
}

function play(events: readonly ReplayEvent[]): string {
  const home = document.createElement('div')
  document.body.append(home)
  const replayer = new Replayer(structuredClone(events) as never, {
    root: home,
    showWarning: false,
    mouseTail: false,
  })
  replayer.pause((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) + 1)
  const page = replayer.iframe.contentDocument as Document
  const html = outline(page.body)
  replayer.destroy()
  home.remove()
  return html
}

/** Everything that a viewer could see: elements, attributes, texts, also inside shadow trees. */
function outline(node: Node): string {
  if (node instanceof (node.ownerDocument?.defaultView ?? window).Text || node.nodeType === 3)
    return JSON.stringify(node.nodeValue)
  if (node.nodeType !== 1) return ''
  const element = node as Element
  const attributes = [...element.attributes].map(({ name, value }) => `${name}=${value}`).sort()
  const shadow = element.shadowRoot ? [...element.shadowRoot.childNodes].map(outline).join('') : ''
  const sheet = (element as HTMLStyleElement).sheet
  const rules = sheet ? [...sheet.cssRules].map(({ cssText }) => cssText).join('') : ''
  return `<${element.localName} ${attributes.join(' ')}>#${rules}#${shadow}#${[...element.childNodes].map(outline).join('')}</>`
}

it.each([
  { what: 'mutations', workOn },
  { what: 'rules', workOn: workOnRules },
])('replays the same with joined $what as without', { timeout: 120_000 }, async ({ workOn }) => {
  let joined = 0
  for (let seed = 1; seed <= 30; seed++) {
    const events = await recordWork(seed, workOn)
    const merged = mergeEvents(events).map(({ event }) => event)
    joined += events.length - merged.length
    expect(play(merged), `seed ${seed}`).toBe(play(events))
  }
  // Else the comparison would prove nothing.
  expect(joined).toBeGreaterThan(100)
})
