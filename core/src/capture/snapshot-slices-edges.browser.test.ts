import { Replayer } from 'rrweb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPrivacy } from '../privacy/privacy.ts'
import type { ReplayEvent } from '../types.ts'
import { type Capture, startCapture } from './record.ts'
import { createSnapshotSlices, type Serialized } from './snapshot-slices.ts'

let events: ReplayEvent[] = []
let problems: unknown[] = []
const ends: (() => void)[] = []
let main: HTMLElement

function start(nodesPerSlice: number, isPrivate = false): Capture {
  const report = (problem: unknown): void => void problems.push(problem)
  const privacy = isPrivate
    ? createPrivacy({
        config: { defaultMaskLevel: 'light' },
        ugcFilterRules: [],
        applyBackgroundColor: false,
        href: () => 'https://shop.test/',
        report,
        onMarkersChanged: () => {},
      })
    : undefined
  const capture = startCapture({
    emit: (event) => events.push(structuredClone(event)),
    rewrite: privacy?.rewrite ?? ((event) => event),
    blockSelector: privacy?.blockSelector ?? '[data-amp-block]',
    settings: {
      inlineStylesheet: true,
      inlineImages: false,
      captureAdoptedStyleSheets: true,
      nodesPerSlice,
    },
    report,
  })
  ends.push(capture.stop, () => privacy?.stop())
  return capture
}

/** Slices that wait for a free moment, which is ours to give. */
let idle = new Map<number, () => void>()

function slice(): void {
  for (const [id, run] of idle) {
    idle.delete(id)
    run()
    return
  }
}
/** Tells the page as far as this node, and as little more as it can be. */
function tellUpTo(node: Node, { mirror }: Capture): void {
  while (mirror.getId(node) === -1 && idle.size > 0) slice()
  expect(mirror.getId(node)).toBeGreaterThan(0)
}

beforeEach(() => {
  idle = new Map()
  let lastId = 0
  vi.stubGlobal('requestIdleCallback', (run: () => void) => {
    idle.set(++lastId, run)
    return lastId
  })
  vi.stubGlobal('cancelIdleCallback', (id: number) => idle.delete(id))
  events = []
  problems = []
  main = document.createElement('main')
  document.body.replaceChildren(main)
})
afterEach(() => {
  for (const end of ends.splice(0)) end()
  document.body.replaceChildren()
  vi.unstubAllGlobals()
})

const nextTask = (): Promise<void> => {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => resolve()
    port2.postMessage(null)
  })
}

function element(tag: string, ...content: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag)
  made.append(...content)
  return made
}
const rows = (count: number): HTMLElement[] =>
  Array.from({ length: count }, (_, n) => element('p', `row ${n}`))

function hostOf(...content: (Node | string)[]): HTMLElement {
  const host = element('div')
  host.attachShadow({ mode: 'open' }).append(...content)
  return host
}

/** Elements and texts, with shadow trees and documents of frames. */
function outline(node: Node): string {
  if (node.nodeType === 3) return node.nodeValue ?? ''
  const { localName, shadowRoot, attributes } = node as Element
  const shadow = shadowRoot ? `#(${[...shadowRoot.childNodes].map(outline).join('')})` : ''
  const title = attributes.getNamedItem('title')?.value ?? ''
  return `<${localName} ${title}>${shadow}${[...node.childNodes].map(outline).join('')}</>`
}

function played<Result>(read: (page: Document) => Result, useVirtualDom = true): Result {
  const home = document.body.appendChild(document.createElement('div'))
  const replayer = new Replayer(structuredClone(events) as never, {
    root: home,
    showWarning: false,
    mouseTail: false,
    useVirtualDom,
  })
  replayer.pause((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) + 1)
  const result = read(replayer.iframe.contentDocument as Document)
  replayer.destroy()
  home.remove()
  return result
}
/** The player has two ways to bring a page up to date. */
function expectReplay(page: string, why = ''): void {
  for (const useVirtualDom of [true, false]) {
    const main = played((page) => outline(page.querySelector('main') as Element), useVirtualDom)
    expect(main, `${why} ${useVirtualDom}`).toBe(page)
  }
}

const told = (): string => JSON.stringify(events)

describe('while a large page is told', () => {
  it('tells no text by the marks of a later moment', async () => {
    const text = document.createTextNode('harmless')
    const area = element('p', text)
    area.className = 'amp-mask'
    main.append(...rows(40), area)
    const recording = start(5, true)
    expect(recording.mirror.getId(text)).toBe(-1)
    text.data = 'secret'
    await nextTask()
    area.classList.remove('amp-mask')
    text.data = 'public'
    await nextTask()
    expect(recording.mirror.getId(text)).toBe(-1)
    recording.finishSnapshot()
    main.title = 'changed'
    await nextTask()
    recording.tellChanges()
    expect(told()).toContain('public')
    expect(told()).not.toContain('secret')
  })

  it('tells a node once that moves about where nothing has been told', async () => {
    const moving = element('b', 'moving')
    const [one, two] = [element('div', ...rows(3)), element('div', ...rows(3))]
    main.append(moving, ...rows(20), one, two)
    const recording = start(4)
    tellUpTo(moving, recording)
    expect(recording.mirror.getId(one)).toBe(-1)
    one.append(moving)
    await nextTask()
    two.append(moving)
    await nextTask()
    recording.finishSnapshot()
    main.title = moving.title = 'changed'
    await nextTask()
    recording.tellChanges()
    expectReplay(outline(main))
  })

  it('tells a shadow tree again that moves to where nothing has been told', async () => {
    const host = hostOf(...rows(3))
    const later = element('div', ...rows(3))
    main.append(host, ...rows(20), later)
    const recording = start(4)
    tellUpTo(host.shadowRoot?.lastChild?.firstChild as Node, recording)
    expect(recording.mirror.getId(later)).toBe(-1)
    later.append(host)
    await nextTask()
    recording.finishSnapshot()
    expectReplay(outline(main))
  })

  it('tells each node once to who asks for the rest in the middle of a change', async () => {
    const [first, second, last] = [element('p', 'first'), element('p', 'second'), element('p', 'last')]
    main.append(first, second, ...rows(30), last)
    const recording = start(40)
    tellUpTo(second, recording)
    second.append(element('i', 'told like any change'))
    last.append(first, element('b', 'new'))
    main.insertBefore(element('u', 'new too'), last)
    recording.finishSnapshot()
    await nextTask()
    recording.tellChanges()
    recording.finishSnapshot()
    expectReplay(outline(main))
  })

  it('does not count as seen what came unseen into a shadow tree', () => {
    const host = hostOf(element('p', 'old'))
    main.append(...rows(30), host)
    const recording = start(8)
    slice()
    const secret = element('p', 'secret')
    host.shadowRoot?.append(secret)
    recording.tellLastChanges()
    recording.stop()
    expect(recording.mirror.has(secret)).toBe(false)
  })

  it('does not count as seen what was never in the page', async () => {
    const page = element('section', ...rows(20))
    main.append(page)
    const recording = start(4)
    tellUpTo(page, recording)
    page.remove()
    await nextTask()
    const secret = element('p', 'secret')
    page.append(secret)
    await nextTask()
    recording.tellLastChanges()
    recording.stop()
    expect(recording.mirror.has(secret)).toBe(false)
  })

  it('takes fields of a form for what they are', async () => {
    const form = element('form', ...rows(2))
    form.id = 'form'
    const names = ['childNodes', 'nodeName', 'shadowRoot', 'parentNode', 'isConnected']
    for (const name of names) {
      const button = element('button', `the ${name}`, ...rows(2)) as HTMLButtonElement
      button.name = name
      if (name === 'shadowRoot') button.setAttribute('form', form.id)
      ;(name === 'shadowRoot' ? main : form).append(button)
    }
    main.prepend(...rows(10), form)
    const recording = start(3)
    recording.finishSnapshot()
    expect(problems).toEqual([])
    // The names hide what they are called like.
    const text = played((page) => page.querySelector('main')?.textContent)
    expect(text).toBe(main.textContent)
  })

  it('reads the sheet that a link has, not the one that it had', async () => {
    const sheetOf = (color: string): string =>
      URL.createObjectURL(
        new Blob([Array.from({ length: 200 }, (_, n) => `.x${n} { color: ${color} }`).join('\n')], {
          type: 'text/css',
        }),
      )
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = sheetOf('red')
    const loaded = (): Promise<unknown> =>
      new Promise((resolve) => link.addEventListener('load', resolve, { once: true }))
    ends.push(() => link.remove())
    const first = loaded()
    document.head.append(link)
    await first
    const recording = start(60)
    slice()
    const second = loaded()
    link.href = sheetOf('blue')
    await second
    recording.finishSnapshot()
    const css = events
      .flatMap(
        ({ data }) => (data as { attributes?: { attributes: Record<string, string> }[] }).attributes ?? [],
      )
      .map(({ attributes }) => attributes._cssText ?? '')
      .join('')
    expect(css.match(/blue/g)).toHaveLength(200)
    expect(css).not.toContain('red')
  })

  it('goes on after a node that can not be read', async () => {
    const field = document.createElement('input')
    Object.defineProperty(field, 'value', {
      get() {
        throw new Error('of the page')
      },
    })
    main.append(...rows(20), element('div', field), ...rows(20), element('b', 'the end'))
    start(5)
    while (idle.size > 0) slice()
    expect(told()).toContain('the end')
    expect(problems.length).toBeGreaterThan(0)
  })

  it('looks through a page with very many nodes', () => {
    const list = element('div')
    for (let count = 0; count < 200_000; count++) list.append(document.createComment(''))
    main.append(...rows(30), list)
    const recording = start(4)
    slice()
    expect(problems).toEqual([])
    expect(recording.mirror.has(list.lastChild as Node)).toBe(true)
  })

  it('keeps no node of a page that has been told', () => {
    let kept: Iterable<Node> = []
    const slices = createSnapshotSlices({
      nodesPerSlice: 4,
      report: (problem) => {
        throw problem
      },
      onRest: () => {},
      onSlice: () => {},
      onSheet: () => {},
      onEnd: (scrolled) => {
        kept = scrolled
      },
      whenIdle: () => () => {},
    })
    const ids = new Map<Node, number>()
    const mirror = {
      getId: (node: Node) => ids.get(node) ?? -1,
      getNode: () => null,
      has: (id: number) => id > 0,
      removeNodeFromMap: () => {},
    }
    const serialize = (node: Node): Serialized => {
      ids.set(node, ids.size + 1)
      for (const child of node.childNodes) if (!slices.isPutOff(node, child)) serialize(child)
      return { id: ids.size }
    }
    main.append(...rows(10))
    slices.serialize(serialize, { mirror })
    slices.finish()
    expect([...kept]).toContain(main)
    ids.clear()
    const other = element('main', ...rows(10))
    main.replaceWith(other)
    slices.serialize(serialize, { mirror })
    slices.finish()
    expect([...kept]).toContain(other)
    expect([...kept]).not.toContain(main)
  })
})
