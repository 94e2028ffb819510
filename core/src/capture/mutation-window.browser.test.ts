import { Replayer } from 'rrweb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { randomFrom } from '../../test/support/random.ts'
import { EventType, type ReplayEvent } from '../types.ts'
import type { MutationLimits } from './mutation-budget.ts'
import { HOT_WINDOW_MS, WINDOW_MS } from './mutation-window.ts'
import { type Capture, startCapture } from './record.ts'

let events: ReplayEvent[] = []
let capture: Capture | undefined
let main: HTMLElement

function start(mutationLimits?: MutationLimits): Capture {
  capture = startCapture({
    emit: (event) => events.push(structuredClone(event)),
    rewrite: (event) => event,
    blockSelector: '[data-amp-block]',
    settings: {
      inlineStylesheet: true,
      inlineImages: false,
      captureAdoptedStyleSheets: true,
      mutationLimits,
    },
    report: (problem) => {
      throw problem
    },
  })
  return capture
}

interface Mutation {
  source: number
  adds: unknown[]
  texts: { value: string }[]
  attributes: { id: number; attributes: Record<string, unknown> }[]
}
const mutations = (): Mutation[] =>
  events
    .filter(({ type, data }) => type === EventType.Incremental && (data as Mutation).source === 0)
    .map(({ data }) => data as Mutation)
const styles = (): unknown[] =>
  mutations().flatMap(({ attributes }) => attributes.map(({ attributes: all }) => all.style))
const told = (): Promise<void> => Promise.resolve().then(() => {})
const windowPassed = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, WINDOW_MS + 1))

beforeEach(() => {
  events = []
  main = document.createElement('main')
  main.innerHTML = '<p style="left: 0px">text</p>'
  document.body.replaceChildren(main)
})
afterEach(() => {
  capture?.stop()
  document.body.replaceChildren()
})

const paragraph = (): HTMLElement => main.firstElementChild as HTMLElement

/** So many changes of one style, each with records of its own. */
async function animate(steps: number): Promise<void> {
  for (let n = 1; n <= steps; n++) {
    paragraph().style.left = `${n}px`
    await told()
  }
}

it('tells the first change at once and what follows in its window as one, with the last value', async () => {
  start()
  await animate(1)
  expect(styles()).toEqual(['left: 1px;'])
  // Whether or not a slow machine lets a window pass in between.
  await animate(200)
  await vi.waitFor(() => expect(styles().at(-1)).toBe('left: 200px;'))
  expect(styles().length).toBeLessThan(100)
})

it('says nothing of a value that is the same again at the end of the window', async () => {
  start()
  await animate(1)
  paragraph().style.left = '9px'
  await told()
  paragraph().style.left = '1px'
  await windowPassed()
  capture?.tellChanges()
  expect(styles().at(-1)).toBe('left: 1px;')
  expect(styles()).not.toContain('left: 9px;')
})

it('never puts off what adds or removes nodes', async () => {
  start()
  await animate(3)
  main.append('new')
  await told()
  expect(mutations().at(-1)?.adds).toHaveLength(1)
  expect(styles().at(-1)).toBe('left: 3px;')
})

it('tells changes before the click that comes after them', async () => {
  start()
  await animate(5)
  paragraph().click()
  expect(styles().at(-1)).toBe('left: 5px;')
})

it('does not put off a value of a field, or the text of a style element', async () => {
  main.innerHTML = '<p style="left: 0px">text</p><input><style>p { top: 0 }</style>'
  start()
  await animate(2)
  main.querySelector('input')?.setAttribute('value', 'typed')
  await told()
  expect(mutations().at(-1)?.attributes.at(-1)?.attributes).toEqual({ value: 'typed' })
  await animate(2)
  ;(main.querySelector('style')?.firstChild as Text).data = 'p { top: 1px }'
  await told()
  expect(mutations().at(-1)?.texts).toHaveLength(1)
})

it('tells what waits when it is asked to, as on leaving the page', async () => {
  start()
  await animate(4)
  capture?.tellChanges()
  expect(styles().at(-1)).toBe('left: 4px;')
})

it('tells the last changes before it stops, but not those of the task that stops it', async () => {
  start()
  await animate(4)
  capture?.tellLastChanges()
  expect(styles().at(-1)).toBe('left: 4px;')
  await animate(6)
  // A restricted screen is shown in the task that pauses.
  paragraph().style.background = 'url(/SECRET)'
  capture?.tellLastChanges()
  capture?.stop()
  await windowPassed()
  expect(JSON.stringify(events)).not.toContain('SECRET')
})

it('samples a node above its budget, tells its last value, and says so', async () => {
  start({ sampleAbovePerSecond: 20, blockAbovePerSecond: 1e9 })
  await animate(400)
  expect(capture?.hotNodes()).toMatchObject([{ stage: 'sampled' }])
  expect(events.find(({ type }) => type === EventType.Custom)?.data).toMatchObject({
    tag: 'mutation-budget',
    payload: { stage: 'sampled', changesPerSecond: 21 },
  })
  await vi.waitFor(() => expect(styles().at(-1)).toBe('left: 400px;'), HOT_WINDOW_MS * 10)
})

it('blocks a node that adds and removes without end, and mends the replay when it calms down', async () => {
  start({ sampleAbovePerSecond: 20, blockAbovePerSecond: 100 })
  const isBlocked = (): boolean => capture?.hotNodes()[0]?.stage === 'blocked'
  let count = 0
  while (!isBlocked()) {
    for (let n = 0; n < 50; n++) {
      main.append(`n${++count}`)
      main.lastChild?.previousSibling?.remove()
    }
    await new Promise((resolve) => setTimeout(resolve))
  }
  const before = mutations().length
  main.append('unseen')
  await told()
  expect(mutations().length).toBe(before)
  await vi.waitFor(
    () => expect(JSON.stringify(events.findLast(({ type }) => type === 2)?.data)).toContain('unseen'),
    { timeout: 10_000 },
  )
  expect(JSON.stringify(events)).toContain('"stage":"calm"')
}, 30_000)

it('goes on with a child that has replaced itself and its siblings', async () => {
  main.append('gone')
  start()
  main.replaceChildren(paragraph())
  await windowPassed()
  paragraph().textContent = 'changed'
  await windowPassed()
  expect(play()).toBe(outline(main))
})

it('replays random work as the page shows it', { timeout: 120_000 }, async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = randomFrom(seed)
    events = []
    main.replaceChildren(...Array.from({ length: 5 }, () => makeTree(random, 2)))
    const recording = start()
    for (let step = 0; step < 80; step++) {
      for (let count = 1 + random(3); count > 0; count--) workOn(main, random)
      if (random(10) === 0) await new Promise((resolve) => setTimeout(resolve, random(60)))
      else await told()
    }
    await told()
    recording.tellLastChanges()
    recording.stop()
    expect(play(), `seed ${seed}`).toBe(outline(main))
  }
})

type Random = (below: number) => number

function makeTree(random: Random, depth: number): Element {
  const tag = ['div', 'p', 'ul', 'b', 'svg'][random(5)] ?? 'div'
  const element =
    tag === 'svg' ? document.createElementNS('http://www.w3.org/2000/svg', 'g') : document.createElement(tag)
  element.append(`t${random(100)}`)
  if (depth > 0) for (let count = random(3); count > 0; count--) element.append(makeTree(random, depth - 1))
  return element
}

function workOn(root: Element, random: Random): void {
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

function play(): string {
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
function outline(node: Node): string {
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
