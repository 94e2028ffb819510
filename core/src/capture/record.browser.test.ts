import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ReplayError } from '../errors.ts'
import { EventType, IncrementalSource, type ReplayEvent } from '../types.ts'
import { type Capture, type CaptureDeps, startCapture } from './record.ts'

let events: ReplayEvent[] = []
let problems: ReplayError[] = []
let running: Capture[] = []

function start(overrides: Partial<CaptureDeps> = {}): Capture {
  const capture = startCapture({
    emit: (event) => events.push(event),
    rewrite: (event) => event,
    blockSelector: '.amp-block,[data-amp-block]',
    settings: { inlineStylesheet: true, inlineImages: false, captureAdoptedStyleSheets: true },
    report: (error) => problems.push(error),
    ...overrides,
  })
  running.push(capture)
  return capture
}

/** Cannot make events of this type private. */
const refusing =
  (type: number): CaptureDeps['rewrite'] =>
  (event) => {
    if (event.type === type) throw new Error('no')
    return event
  }

const dropping =
  (type: number): CaptureDeps['rewrite'] =>
  (event) =>
    event.type === type ? null : event

/** Mutation records and zero timers have been delivered. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 30))

const types = (list = events) => list.map((event) => event.type)
const sources = (list = events) =>
  list
    .filter((event) => event.type === EventType.Incremental)
    .map((event) => (event.data as { source: number }).source)
const text = (list = events) => JSON.stringify(list)

beforeEach(() => {
  events = []
  problems = []
  document.body.innerHTML = '<main id="app"><p>hello</p></main>'
})

afterEach(() => {
  for (const capture of running) capture.stop()
  running = []
  vi.restoreAllMocks()
})

describe('startCapture', () => {
  it('emits Meta and FullSnapshot before it returns', () => {
    start()
    expect(types()).toEqual([EventType.Meta, EventType.FullSnapshot])
    expect(problems).toEqual([])
  })

  it('passes every event through rewrite and drops what rewrite drops', async () => {
    start({ rewrite: (event) => (event.type === EventType.Incremental ? null : event) })
    document.body.append('more')
    await settled()
    expect(types()).toEqual([EventType.Meta, EventType.FullSnapshot])
  })

  it('reports an event that cannot be rewritten, drops it and goes on', async () => {
    let failures = 1
    start({
      rewrite: (event) => {
        if (event.type === EventType.Custom && failures-- > 0) throw new Error('no')
        return event
      },
    })
    const capture = running[0] as Capture
    capture.addCustomEvent('first', {})
    capture.addCustomEvent('second', {})
    expect(problems.map((problem) => problem.code)).toEqual(['CAPTURE_FAILED'])
    expect(events.slice(2).map((event) => event.data)).toEqual([{ tag: 'second', payload: {} }])
  })

  it('heals the replay with a full snapshot after a change was lost, but not all the time', async () => {
    let at = 1_000_000
    start({
      clock: () => at,
      rewrite: (event) => {
        if (event.type === EventType.Incremental) throw new Error('no')
        return event
      },
    })
    document.body.append('soon')
    await settled()
    expect(types()).toEqual([4, 2])
    at += 10_001
    document.body.append('later')
    await settled()
    expect(types()).toEqual([4, 2, 4, 2])
    expect(text()).toContain('later')
  })

  it('has the sheet of a relative link after the address of the page has changed', async () => {
    const { href } = window.location
    const sheet = new URL('../../node_modules/rrweb/dist/style.css', import.meta.url)
    window.history.replaceState(null, '', '/')
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = sheet.pathname.slice(1)
    await new Promise((resolve, reject) => {
      link.onload = resolve
      link.onerror = reject
      document.head.append(link)
    })
    window.history.replaceState(null, '', '/deeper/in/the/shop')
    start()
    window.history.replaceState(null, '', href)
    link.remove()
    expect(text()).toContain('.replayer-wrapper')
    expect(text()).not.toContain('style.css')
  })

  it('does not go back in time when the clock was set back between two recordings', () => {
    start().stop()
    const hourAgo = Date.now() - 3_600_000
    vi.spyOn(Date, 'now').mockReturnValue(hourAgo)
    start()
    const times = events.map(({ timestamp }) => timestamp)
    expect(times).toHaveLength(4)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  it.each([
    ['the snapshot is lost', { rewrite: refusing(EventType.FullSnapshot) }, 'CAPTURE_FAILED'],
    ['the snapshot is dropped', { rewrite: dropping(EventType.FullSnapshot) }, 'CAPTURE_FAILED'],
    ['no selector says what to block', { blockSelector: ':::' }, 'BAD_SELECTOR'],
  ] as const)('says once, and after it has returned, that it broke off: %s', async (_, given, code) => {
    const onFatal = vi.fn()
    start({ ...given, onFatal })
    expect(onFatal).not.toHaveBeenCalled()
    await settled()
    document.body.append('more')
    await settled()
    expect(onFatal).toHaveBeenCalledOnce()
    expect(problems.map((problem) => [problem.code, problem.fatal])).toEqual([[code, true]])
  })

  it('does not call it broken off when one change is lost, or when it is stopped', async () => {
    const onFatal = vi.fn()
    const capture = start({ rewrite: refusing(EventType.Incremental), onFatal })
    document.body.append('more')
    await settled()
    capture.stop()
    await settled()
    expect(problems).toHaveLength(1)
    expect(onFatal).not.toHaveBeenCalled()
  })

  it('records no scripts and nothing below a block', () => {
    document.body.innerHTML =
      '<script type="application/json">{"a":"in-script"}</script><p class="amp-block">in-class</p><p data-amp-block>in-attribute</p><p>seen</p>'
    start()
    expect(text()).toContain('seen')
    for (const hidden of ['in-script', 'in-class', 'in-attribute']) expect(text()).not.toContain(hidden)
  })

  it('hands input values to rewrite unmasked', async () => {
    document.body.innerHTML = '<input type="password" value="one">'
    start()
    const input = document.querySelector('input') as HTMLInputElement
    input.value = 'two'
    await settled()
    expect(text()).toContain('one')
    expect(text()).toContain('two')
  })
})

describe('takeFullSnapshot', () => {
  it('emits one Meta and one FullSnapshot', () => {
    start().takeFullSnapshot()
    expect(types()).toEqual([4, 2, 4, 2])
  })

  it('waits for the event that is being emitted', async () => {
    const capture = start({
      rewrite: (event) => {
        if (event.type === EventType.Custom) capture.takeFullSnapshot()
        return event
      },
    })
    capture.addCustomEvent('mark', {})
    await settled()
    expect(types()).toEqual([4, 2, 5, 4, 2])
  })

  it('is taken by itself after the interval, on the next change', async () => {
    let at = 1_000_000
    start({
      clock: () => at,
      settings: {
        inlineStylesheet: true,
        inlineImages: false,
        captureAdoptedStyleSheets: true,
        fullSnapshotIntervalMs: 1000,
      },
    })
    at += 1001
    document.body.append('change')
    await settled()
    expect(types()).toEqual([4, 2, 3, 4, 2])
  })

  it('does not record changes in a same-origin frame or shadow tree twice afterwards', async () => {
    document.body.innerHTML = '<iframe srcdoc="<p>frame</p>"></iframe><div id="host"></div>'
    const frame = document.querySelector('iframe') as HTMLIFrameElement
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
    const shadow = (document.querySelector('#host') as HTMLElement).attachShadow({ mode: 'open' })
    shadow.innerHTML = '<b>shadow</b>'
    const capture = start()
    await settled()
    capture.takeFullSnapshot()
    capture.takeFullSnapshot()
    await settled()
    events.length = 0
    ;(frame.contentDocument as Document).body.append('new in frame')
    shadow.append('new in shadow')
    await settled()
    expect(sources()).toEqual([IncrementalSource.Mutation, IncrementalSource.Mutation])
    expect(text().split('new in frame')).toHaveLength(2)
    expect(text().split('new in shadow')).toHaveLength(2)
  })
})

describe('custom and plugin events', () => {
  it('have the form of rrweb', () => {
    const capture = start()
    capture.addCustomEvent('metadata', { a: 1 })
    capture.addPluginEvent('some/plugin@1', { b: 2 })
    expect(events.slice(2).map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 5, data: { tag: 'metadata', payload: { a: 1 } } },
      { type: 6, data: { plugin: 'some/plugin@1', payload: { b: 2 } } },
    ])
  })
})
