import { Replayer } from 'rrweb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { randomFrom } from '../../test/support/random.ts'
import { whenIdle } from '../platform/page.ts'
import { EventType, IncrementalSource, type ReplayEvent } from '../types.ts'
import { type Capture, startCapture } from './record.ts'
import type { Added, Serialized } from './snapshot-slices.ts'
import { makeTree, outline, play, workOn } from './test-random-work.ts'

declare global {
  interface ImportMeta {
    readonly env: Record<string, string | undefined>
  }
}

/** `VITE_HISTORIES=20` for a long look. */
const SEEDS = Number(import.meta.env.VITE_HISTORIES ?? 4)

let events: ReplayEvent[] = []
let capture: Capture | undefined
let main: HTMLElement

function start(nodesPerSlice: number): Capture {
  capture = startCapture({
    emit: (event) => events.push(structuredClone(event)),
    rewrite: (event) => event,
    blockSelector: '[data-amp-block]',
    settings: {
      inlineStylesheet: true,
      inlineImages: false,
      captureAdoptedStyleSheets: true,
      nodesPerSlice,
    },
    report: (problem) => {
      throw problem
    },
  })
  return capture
}

beforeEach(() => {
  events = []
  main = document.createElement('main')
  document.body.replaceChildren(main)
})
afterEach(() => {
  capture?.stop()
  document.body.replaceChildren()
  window.scrollTo(0, 0)
})

const addsOf = ({ data }: ReplayEvent): Added[] => (data as { adds?: Added[] }).adds ?? []
const snapshot = (): Serialized | undefined =>
  events.flatMap(({ type, data }) =>
    type === EventType.FullSnapshot ? [(data as { node: Serialized }).node] : [],
  )[0]
const sizeOf = ({ childNodes = [] }: Partial<Serialized> = {}): number =>
  1 + childNodes.reduce((sum, child) => sum + sizeOf(child), 0)

/** Everything has been told, as far as the page's own nodes go. */
function isWhole(recording: Capture): boolean {
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
  while (nodes.nextNode()) if (recording.mirror.getId(nodes.currentNode) === -1) return false
  return true
}
const whole = (recording: Capture) => vi.waitUntil(() => isWhole(recording), { timeout: 20_000, interval: 5 })

const nextTask = (): Promise<void> => {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => resolve()
    port2.postMessage(null)
  })
}

const nextIdle = (): Promise<void> => new Promise((resolve) => whenIdle(resolve, 100, () => {}))

const rows = (count: number): HTMLElement[] =>
  Array.from({ length: count }, (_, n) => {
    const row = document.createElement('p')
    row.append(`row ${n}`)
    return row
  })

describe('the snapshot of a large page', () => {
  it('is told in slices, each node once, and plays like the page', async () => {
    main.append(...rows(300))
    const recording = start(40)
    expect(sizeOf(snapshot())).toBeLessThanOrEqual(45)
    await whole(recording)
    const slices = events.filter((event) => addsOf(event).length > 0)
    expect(slices.length).toBeGreaterThan(12)
    for (const slice of slices) expect(addsOf(slice).length).toBeLessThanOrEqual(40)
    const ids = slices.flatMap(addsOf).map(({ node }) => node.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(play(events)).toBe(outline(main))
  })

  it('is told at once if it fits', () => {
    main.append(...rows(30))
    const recording = start(500)
    expect(isWhole(recording)).toBe(true)
    expect(events.map(({ type }) => type)).toEqual([EventType.Meta, EventType.FullSnapshot])
  })

  it('is told to the end when somebody asks for it', () => {
    main.append(...rows(300))
    const recording = start(40)
    recording.finishSnapshot()
    expect(isWhole(recording)).toBe(true)
    expect(play(events)).toBe(outline(main))
  })

  it('plays like the page, whatever happens meanwhile', { timeout: 240_000 }, async () => {
    let sliced = 0
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = randomFrom(seed)
      events = []
      main.replaceChildren(...Array.from({ length: 12 }, () => makeTree(random, 3)))
      const recording = start(1 + random(12))
      for (let step = 0; step < 60; step++) {
        for (let count = random(4); count > 0; count--) workOn(main, random)
        if (!isWhole(recording)) sliced++
        await nextTask()
      }
      await whole(recording)
      recording.tellLastChanges()
      recording.stop()
      expect(play(events), `seed ${seed}`).toBe(outline(main))
    }
    expect(sliced).toBeGreaterThan(10 * SEEDS)
  })

  it('holds shadow trees, frames, fields and styles', async () => {
    main.append(...rows(50))
    const host = document.createElement('div')
    host.attachShadow({ mode: 'open' }).append(...rows(10), document.createElement('slot'))
    host.append('slotted')
    const style = document.createElement('style')
    style.append('b { color: rgb(1, 2, 3) }')
    const area = document.createElement('textarea')
    area.value = 'typed'
    const frame = document.createElement('iframe')
    main.append(host, style, area, frame)
    frame.contentDocument?.body.append(...rows(30))
    const recording = start(7)
    await whole(recording)
    await vi.waitUntil(() => events.some(({ data }) => (data as { isAttachIframe?: true }).isAttachIframe))
    recording.stop()

    const home = document.body.appendChild(document.createElement('div'))
    const replayer = new Replayer(structuredClone(events) as never, { root: home, showWarning: false })
    replayer.pause((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) + 1)
    const played = replayer.iframe.contentDocument?.querySelector('main') as HTMLElement
    expect(played.querySelector('div')?.shadowRoot?.textContent).toBe(host.shadowRoot?.textContent)
    expect(played.querySelector('div')?.textContent).toBe('slotted')
    expect(played.querySelector('style')?.sheet?.cssRules).toHaveLength(1)
    expect(played.querySelector('textarea')?.value).toBe('typed')
    expect(played.querySelector('iframe')?.contentDocument?.body.textContent).toContain('row 29')
    replayer.destroy()
    home.remove()
  })

  it('tells a large style element when its turn comes', async () => {
    const style = document.head.appendChild(document.createElement('style'))
    style.append(Array.from({ length: 400 }, (_, n) => `.x${n} { color: red }`).join('\n'))
    main.append(...rows(5))
    const recording = start(60)
    expect(JSON.stringify(snapshot())).toContain('row 4')
    expect(JSON.stringify(snapshot())).not.toContain('.x399')
    await vi.waitUntil(() => recording.mirror.getId(style) !== -1)
    const told = events.flatMap(addsOf).find(({ node }) => node.id === recording.mirror.getId(style))
    expect(told?.node.attributes?._cssText).toContain('.x399')
    style.remove()
  })

  describe('with a large linked sheet', () => {
    let link: HTMLLinkElement
    beforeEach(async () => {
      const text = Array.from({ length: 400 }, (_, n) => `.x${n} { color: red }`).join('\n')
      link = document.createElement('link')
      link.rel = 'stylesheet'
      link.href = URL.createObjectURL(new Blob([text], { type: 'text/css' }))
      const loaded = new Promise((resolve) => link.addEventListener('load', resolve))
      document.head.append(link)
      await loaded
    })
    afterEach(() => link.remove())

    const cssOf = ({ id }: { id: number }): string[] =>
      events
        .flatMap(({ data }) => (data as { attributes?: Serialized[] }).attributes ?? [])
        .flatMap((change) => (change.id === id ? [String(change.attributes?._cssText)] : []))

    it.each(['as it is', 'as it is after a change meanwhile'])('tells it afterwards, %s', async (change) => {
      main.append(...rows(5))
      const recording = start(60)
      const id = recording.mirror.getId(link)
      expect(id).toBeGreaterThan(0)
      expect(JSON.stringify(snapshot())).not.toContain('.x1 ')
      if (change !== 'as it is') {
        await nextIdle()
        link.sheet?.insertRule('.new { color: blue }', 0)
      }
      await vi.waitUntil(() => cssOf({ id }).length > 0)
      const [css = ''] = cssOf({ id })
      expect(css.match(/\.x\d+ \{/g)).toHaveLength(400)
      expect(css.includes('.new')).toBe(change !== 'as it is')
      expect(cssOf({ id })).toHaveLength(1)
    })
  })

  it('scrolls the replay when what it shows is there', async () => {
    main.append(...rows(600))
    const box = document.createElement('section')
    box.style.cssText = 'height: 50px; overflow: auto'
    box.append(...rows(40))
    main.prepend(box)
    box.scrollTop = 120
    window.scrollTo(0, 300)
    const recording = start(100)
    await whole(recording)
    await vi.waitUntil(() => scrolls().length >= 2)
    expect(scrolls()).toEqual(
      expect.arrayContaining([
        { source: IncrementalSource.Scroll, id: recording.mirror.getId(document), x: 0, y: 300 },
        { source: IncrementalSource.Scroll, id: recording.mirror.getId(box), x: 0, y: 120 },
      ]),
    )
  })

  const scrolls = () =>
    events
      .filter(({ data }) => (data as { source?: number }).source === IncrementalSource.Scroll)
      .map(({ data }) => data)

  it('ends with the recording, which knows what was there to be told', async () => {
    main.append(...rows(300))
    const recording = start(20)
    const last = main.lastElementChild as Element
    await nextIdle()
    const late = document.createElement('p')
    main.append(late)
    recording.tellLastChanges()
    recording.stop()
    expect(recording.mirror.getId(last)).toBe(-1)
    expect(recording.mirror.has(last)).toBe(true)
    expect(recording.mirror.has(last.firstChild as Node)).toBe(true)
    expect(recording.mirror.has(late)).toBe(false)
    const { length } = events
    await nextIdle()
    expect(events).toHaveLength(length)
  })

  it('trusts nothing that it has not told if recording ends at once', () => {
    main.append(...rows(300))
    const recording = start(20)
    recording.stop()
    expect(recording.mirror.has(main.lastElementChild as Element)).toBe(false)
  })
})
