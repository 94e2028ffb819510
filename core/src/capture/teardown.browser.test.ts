import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReplayError } from '../errors.ts'
import { EventType, IncrementalSource, type ReplayEvent } from '../types.ts'
import { type Capture, type CaptureDeps, startCapture } from './record.ts'
import { act, buildPage, loaded, settled } from './test-page.ts'

let events: ReplayEvent[] = []
let problems: ReplayError[] = []
let running: Capture[] = []

function start(overrides: Partial<CaptureDeps> = {}): Capture {
  const capture = startCapture({
    emit: (event) => events.push(event),
    rewrite: (event) => event,
    blockSelector: '',
    settings: { inlineStylesheet: true, inlineImages: false, captureAdoptedStyleSheets: true },
    report: (error) => problems.push(error),
    ...overrides,
  })
  running.push(capture)
  return capture
}

/** Every own property of every interface's prototype, and of the objects that recorders like to touch. */
function natives(win: Window & typeof globalThis): Map<string, PropertyDescriptor> {
  const found = new Map<string, PropertyDescriptor>()
  const look = (name: string, owner: object): void => {
    for (const key of Reflect.ownKeys(owner)) {
      const descriptor = Object.getOwnPropertyDescriptor(owner, key)
      if (descriptor) found.set(`${name}.${String(key)}`, descriptor)
    }
  }
  for (const name of Object.getOwnPropertyNames(win)) {
    if (!/^[A-Z]/.test(name)) continue
    const value: unknown = Reflect.get(win, name)
    if (typeof value === 'function' && value.prototype) look(name, value.prototype)
  }
  look('document', win.document)
  look('customElements', win.customElements)
  look('history', win.history)
  return found
}

function changed(before: Map<string, PropertyDescriptor>, after: Map<string, PropertyDescriptor>): string[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].filter((name) => {
    const a = before.get(name)
    const b = after.get(name)
    return a?.value !== b?.value || a?.get !== b?.get || a?.set !== b?.set || a?.enumerable !== b?.enumerable
  })
}

/** Counts listeners that are added and not removed again while `run` works. */
async function listenersLeft(run: () => Promise<void>): Promise<string[]> {
  const left = new Map<string, number>()
  const { addEventListener, removeEventListener } = EventTarget.prototype
  const ids = new WeakMap<object, number>()
  let next = 0
  const key = (target: unknown, type: string, listener: unknown): string => {
    for (const part of [target, listener] as object[]) if (part && !ids.has(part)) ids.set(part, next++)
    return `${type} ${ids.get(target as object)} ${ids.get(listener as object)}`
  }
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const id = key(this ?? window, type, listener)
    left.set(id, 1)
    return addEventListener.call(this, type, listener, options)
  }
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    left.delete(key(this ?? window, type, listener))
    return removeEventListener.call(this, type, listener, options)
  }
  try {
    await run()
  } finally {
    Object.assign(EventTarget.prototype, { addEventListener, removeEventListener })
  }
  return [...left.keys()]
}

beforeEach(async () => {
  events = []
  problems = []
  await buildPage()
})

afterEach(() => {
  for (const capture of running) capture.stop()
  running = []
})

describe('after stop', () => {
  it('nothing is emitted, whatever was pending or happens then', async () => {
    const capture = start()
    await settled()
    act()
    capture.stop()
    const count = events.length
    act()
    const frame = document.querySelector('iframe') as HTMLIFrameElement
    frame.srcdoc = '<p>navigated</p>'
    await loaded(frame)
    capture.addCustomEvent('late', {})
    capture.takeFullSnapshot()
    await settled(700)
    expect(events.length).toBe(count)
    expect(problems).toEqual([])
  })

  it('nothing of the old recording reaches the next one', async () => {
    const capture = start()
    await settled()
    // The first of each kind is recorded at once, the second is put off by up to 500 ms.
    for (let x = 0; x < 2; x++) {
      document.dispatchEvent(new MouseEvent('mousemove', { clientX: x, bubbles: true }))
      document.dispatchEvent(new Event('scroll'))
      await settled(60)
    }
    capture.stop()
    events.length = 0
    start()
    await settled(700)
    const late = events.filter(
      ({ type, data }) =>
        type === EventType.Incremental &&
        [IncrementalSource.MouseMove, IncrementalSource.Scroll].includes((data as { source: 1 | 3 }).source),
    )
    expect(late).toEqual([])
  })

  it('every native of the page and of its frames is back', async () => {
    const frame = document.querySelector('iframe') as HTMLIFrameElement
    const inner = frame.contentWindow as Window & typeof globalThis
    const before = natives(window)
    const beforeInner = natives(inner)
    const capture = start()
    await settled()
    act()
    expect(changed(before, natives(window))).not.toEqual([])
    expect(changed(beforeInner, natives(inner))).not.toEqual([])
    capture.takeFullSnapshot()
    await settled()
    capture.stop()
    expect(changed(before, natives(window))).toEqual([])
    expect(changed(beforeInner, natives(inner))).toEqual([])
    const host = document.querySelector('#host') as HTMLElement
    expect(Object.hasOwn(host.shadowRoot as ShadowRoot, 'adoptedStyleSheets')).toBe(false)
  })

  it('no listener is left, also after full snapshots and frame loads', async () => {
    const left = await listenersLeft(async () => {
      const capture = start()
      await settled()
      act()
      capture.takeFullSnapshot()
      await settled()
      act()
      capture.stop()
      const frame = document.querySelector('iframe') as HTMLIFrameElement
      frame.srcdoc = '<p>navigated</p>'
      await settled(100)
    })
    expect(left).toEqual([])
  })

  it('a wrapper that the page put over ours stays and works', () => {
    const native = CSSStyleSheet.prototype.insertRule
    const nativeShadow = Element.prototype.attachShadow
    const capture = start()
    const calls: string[] = []
    const covered = CSSStyleSheet.prototype.insertRule
    const coveredShadow = Element.prototype.attachShadow
    const wrapper = function (this: CSSStyleSheet, rule: string, index?: number): number {
      calls.push(rule)
      return covered.call(this, rule, index)
    }
    const shadowWrapper = function (this: Element, init: ShadowRootInit): ShadowRoot {
      calls.push('shadow')
      return coveredShadow.call(this, init)
    }
    CSSStyleSheet.prototype.insertRule = wrapper
    Element.prototype.attachShadow = shadowWrapper
    capture.takeFullSnapshot()
    capture.stop()
    expect(CSSStyleSheet.prototype.insertRule).toBe(wrapper)
    expect(Element.prototype.attachShadow).toBe(shadowWrapper)
    events.length = 0
    start()
    const sheet = (document.querySelector('#sheet') as HTMLStyleElement).sheet as CSSStyleSheet
    sheet.insertRule('i { color: blue }', 0)
    document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'open' })
    expect(calls).toEqual(['i { color: blue }', 'shadow'])
    const rules = events.filter(
      (event) => (event.data as { source?: number }).source === IncrementalSource.StyleSheetRule,
    )
    expect(rules).toHaveLength(1)
    running.pop()?.stop()
    CSSStyleSheet.prototype.insertRule = native
    Element.prototype.attachShadow = nativeShadow
  })

  it('questions about nodes are still answered', () => {
    const seen = document.querySelector('main') as HTMLElement
    const capture = start()
    capture.stop()
    const unseen = document.createElement('p')
    expect([capture.mirror.has(seen), capture.mirror.has(unseen)]).toEqual([true, false])
    expect(capture.mirror.getNode(capture.mirror.getId(seen))).toBe(seen)
  })

  it('stopping while the first snapshot is being emitted ends the recording', async () => {
    const before = natives(window)
    const capture: Capture[] = []
    const seen: number[] = []
    startCapture({
      emit: (event) => {
        seen.push(event.type)
        if (event.type === EventType.FullSnapshot) queueMicrotask(() => capture[0]?.stop())
      },
      rewrite: (event) => event,
      blockSelector: '',
      settings: { inlineStylesheet: true, inlineImages: false, captureAdoptedStyleSheets: true },
      report: (error) => problems.push(error),
    }).stop()
    document.body.append('late')
    await settled()
    expect(seen).toEqual([EventType.Meta, EventType.FullSnapshot])
    expect(changed(before, natives(window))).toEqual([])
  })
})

describe('the page', () => {
  const sheet = () => (document.querySelector('#sheet') as HTMLStyleElement).sheet as CSSStyleSheet

  it('sees its own errors unchanged, and a failed call is not recorded', () => {
    start()
    events.length = 0
    expect(() => sheet().insertRule('not a rule')).toThrow(DOMException)
    expect(() => sheet().deleteRule(99)).toThrow(/larger than|IndexSize|index/i)
    const host = document.querySelector('#host') as HTMLElement
    expect(() => host.attachShadow({ mode: 'open' })).toThrow(DOMException)
    expect(events).toEqual([])
    expect(problems).toEqual([])
  })

  it('gets its call done even if the recorder fails', () => {
    start({
      rewrite: (event) => {
        if (event.type === EventType.Incremental) throw new Error('ours')
        return event
      },
    })
    const before = sheet().cssRules.length
    expect(sheet().insertRule('i { color: blue }', 0)).toBe(0)
    expect(sheet().cssRules.length).toBe(before + 1)
    expect(problems.map((problem) => problem.code)).toEqual(['CAPTURE_FAILED'])
  })

  it('hears nothing on the console, and is left alone, if no snapshot can be made', async () => {
    const said: unknown[] = []
    const original = console.warn
    console.warn = (...parts) => said.push(parts)
    const before = natives(window)
    start({
      rewrite: (event) => {
        if (event.type === EventType.FullSnapshot) throw new Error('ours')
        return event
      },
    })
    document.body.append('more')
    await settled()
    console.warn = original
    expect(said).toEqual([])
    expect(problems.map(({ code, fatal }) => [code, fatal])).toEqual([['CAPTURE_FAILED', true]])
    expect(events.map((event) => event.type)).toEqual([EventType.Meta])
    expect(changed(before, natives(window))).toEqual([])
  })

  it('is not recorded if what to block cannot be understood', () => {
    start({ blockSelector: '.secret, ::invalid(' })
    expect(events).toEqual([])
    expect(problems.map(({ code, fatal }) => [code, fatal])).toEqual([['BAD_SELECTOR', true]])
  })
})
