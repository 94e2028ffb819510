import { Replayer } from 'rrweb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ReplayError } from '../errors.ts'
import { IncrementalSource, type ReplayEvent, type Stop } from '../types.ts'
import { decideFrameRole } from './frame-role.ts'
import { startFrameParent } from './iframes.ts'
import { type Capture, startCapture } from './record.ts'

// The test server answers on both names: two origins.
const otherHost = location.hostname === 'localhost' ? '127.0.0.1' : 'localhost'
const here = location.origin
const there = `http://${otherHost}:${location.port}`

let events: ReplayEvent[] = []
let foreign: Element[] = []
let problems: ReplayError[] = []
let capture: Capture
let stopFrames: Stop = () => {}

function frameUrl(origin: string, params: Record<string, string> = {}): string {
  return `${origin}/test/support/frames/frame.html?${new URLSearchParams(params)}`
}

async function addFrame(src: string): Promise<HTMLIFrameElement> {
  const frame = document.createElement('iframe')
  frame.src = src
  document.body.append(frame)
  await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  return frame
}

function startParent(allowedOrigins: string[] = [there]): void {
  events = []
  foreign = []
  capture = startCapture({
    emit: (event) => events.push(event),
    rewrite: (event, _mirror, from) => {
      if (from) foreign.push(from.frame)
      return event
    },
    blockSelector: '',
    settings: { inlineStylesheet: true, inlineImages: false, captureAdoptedStyleSheets: true },
    report: (error) => problems.push(error),
  })
  stopFrames = startFrameParent({ capture, allowedOrigins, report: (error) => problems.push(error) })
}

const recorded = (text: string) =>
  vi.waitFor(() => expect(JSON.stringify(events)).toContain(text), { timeout: 5000 })
const post = (frame: HTMLIFrameElement, test: string, text: string) =>
  frame.contentWindow?.postMessage({ test, text }, '*')

/** The text of the frames in the rebuilt page, outermost first. */
function replayFrames(): string[] {
  const root = document.createElement('div')
  const copy = structuredClone(events)
  const last = copy.at(-1) as ReplayEvent
  copy.push({ ...last, type: 5, data: { tag: 'end', payload: {} }, timestamp: last.timestamp + 1 })
  document.body.append(root)
  const replayer = new Replayer(copy as ConstructorParameters<typeof Replayer>[0], { root, mouseTail: false })
  replayer.pause(last.timestamp + 1 - (copy[0] as ReplayEvent).timestamp)
  const texts: string[] = []
  let inner: Document | null | undefined = replayer.iframe.contentDocument
  while (inner) {
    inner = inner.querySelector('iframe')?.contentDocument
    if (inner) texts.push([...inner.querySelectorAll('p')].map((line) => line.textContent).join('|'))
  }
  replayer.destroy()
  root.remove()
  return texts
}

beforeEach(() => {
  document.body.innerHTML = '<h1>page</h1>'
  problems = []
})

afterEach(() => {
  stopFrames()
  capture.stop()
  expect(problems).toEqual([])
})

it('records a frame that was ready before the page recorded', async () => {
  const frame = await addFrame(frameUrl(there, { allow: here }))
  startParent()
  await recorded('in frame')
  post(frame, 'append', 'added later')
  await recorded('added later')
  expect(foreign.every((element) => element === frame)).toBe(true)
  expect(replayFrames()).toEqual(['in frame|added later'])
})

it('records a frame that loads after the page began to record', async () => {
  startParent()
  const frame = await addFrame(frameUrl(there, { allow: here }))
  await recorded('in frame')
  post(frame, 'type', 'typed')
  await recorded('typed')
  expect(replayFrames()).toEqual(['in frame'])
})

it('has the frame again in the replay after a full snapshot of the page', async () => {
  startParent()
  const frame = await addFrame(frameUrl(there, { allow: here }))
  await recorded('in frame')
  capture.takeFullSnapshot()
  events.splice(0, events.length - 2)
  await recorded('in frame')
  post(frame, 'append', 'after snapshot')
  await recorded('after snapshot')
  expect(replayFrames()).toEqual(['in frame|after snapshot'])
})

it('records a frame inside a frame', async () => {
  startParent()
  const inner = frameUrl(here, { allow: there })
  await addFrame(frameUrl(there, { allow: here, inner }))
  await vi.waitFor(() => expect(JSON.stringify(events).split('in frame').length).toBe(3), { timeout: 5000 })
  expect(replayFrames()).toEqual(['in frame', 'in frame'])
})

it('records a frame in a shadow tree and in a frame of this origin', async () => {
  startParent()
  const host = document.body.appendChild(document.createElement('div'))
  const shadow = host.attachShadow({ mode: 'open' })
  shadow.innerHTML = `<iframe src="${frameUrl(there, { allow: here }).replaceAll('&', '&amp;')}"></iframe>`
  await recorded('in frame')
  const covered = document.body.appendChild(document.createElement('iframe'))
  covered.srcdoc = `<iframe src="${frameUrl(there, { allow: here }).replaceAll('&', '&amp;')}"></iframe>`
  await vi.waitFor(() => expect(JSON.stringify(events).split('in frame').length).toBe(3), { timeout: 5000 })
})

it('does not listen to a frame that is not on the list, and such a frame does not begin', async () => {
  startParent(['https://elsewhere.example'])
  const frame = await addFrame(frameUrl(there, { allow: here }))
  post(frame, 'append', 'unheard')
  stopFrames()
  capture.stop()
  startParent()
  const stranger = await addFrame(frameUrl(there, { allow: 'https://elsewhere.example' }))
  post(stranger, 'append', 'stranger speaks')
  await recorded('unheard')
  expect(JSON.stringify(events)).not.toContain('stranger speaks')
})

it('survives forged messages of any form', async () => {
  startParent([here, there])
  const forged: unknown[] = [
    null,
    'rrweb',
    { type: 'rrweb' },
    { type: 'rrweb', origin: here, event: null },
    { type: 'rrweb', origin: here, event: { type: 2, data: { node: 7 } } },
    { type: 'rrweb', origin: here, event: { type: 3, data: { source: 0, adds: [null, { node: 1 }] } } },
    { type: 'amplitude-sr-iframe', action: 'explode' },
  ]
  const uncaught: ErrorEvent[] = []
  const onError = (event: ErrorEvent) => uncaught.push(event)
  window.addEventListener('error', onError)
  const count = events.length
  for (const message of forged) window.postMessage(message, '*')
  const last = new Promise((resolve) =>
    window.addEventListener('message', (event) => event.data === 'last' && resolve(true)),
  )
  window.postMessage('last', '*')
  await last
  window.removeEventListener('error', onError)
  expect(uncaught).toEqual([])
  expect(events.length).toBe(count)
})

it('stops frames on stop and hears them no more', async () => {
  startParent()
  const frame = await addFrame(frameUrl(there, { allow: here }))
  await recorded('in frame')
  const stopped = new Promise((resolve) =>
    window.addEventListener('message', ({ data }) => data?.test === 'stopped' && resolve(true)),
  )
  stopFrames()
  await stopped
  const count = events.length
  // Messages of a frame come in order: what it records of the change would be here before its answer.
  const answered = new Promise((resolve) =>
    window.addEventListener('message', ({ data }) => data?.test === 'answer' && resolve(true)),
  )
  post(frame, 'append', 'late')
  post(frame, 'ask', '')
  await answered
  expect(events.length).toBe(count)
})

it.each(['before', 'after'])(
  'stops %s a frame has loaded a page of another origin in place of ours',
  async (moment) => {
    const frame = document.createElement('iframe')
    document.body.append(frame)
    const stop = (): void => stopFrames()
    // Hears of the load before those that are about to begin do.
    if (moment === 'before') document.addEventListener('load', stop, { capture: true, once: true })
    startParent()
    frame.src = frameUrl(there)
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
    expect(frame.contentDocument).toBeNull()
    stop()
    expect(problems).toEqual([])
  },
)

it('gives the frame ids of its own in the page', async () => {
  startParent()
  await addFrame(frameUrl(there, { allow: here }))
  await recorded('in frame')
  const ids: number[] = []
  JSON.stringify(events, (key, value) => {
    if (value && typeof value === 'object' && 'childNodes' in value) ids.push(value.id)
    return key === '' ? value : value
  })
  expect(new Set(ids).size).toBe(ids.length)
  const attach = events.filter(
    (event) => (event.data as { source?: number }).source === IncrementalSource.Mutation,
  )
  expect(attach.length).toBeGreaterThan(0)
})

it('knows which part a window has', () => {
  const window = (parent: unknown): Window => ({ parent }) as Window
  const top = { document: {} } as { parent?: unknown }
  top.parent = top
  expect(decideFrameRole(top as Window)).toBe('top')
  expect(decideFrameRole(window(top))).toBe('covered')
  const closed = Object.defineProperty({}, 'document', {
    get() {
      throw new DOMException('Blocked', 'SecurityError')
    },
  })
  expect(decideFrameRole(window(closed))).toBe('child')
})
