// @vitest-environment jsdom
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { StreamMessage } from '../api.ts'
import { createFakeCollector } from '../test/fake-collector.ts'

const collector = createFakeCollector()
/** What the viewer asked for, and what its answers wait for. */
const asked: string[] = []
let held: Promise<void> = Promise.resolve()

class FakeEventSource {
  static current: FakeEventSource
  onopen = (): void => undefined
  onerror = (): void => undefined
  onmessage = (_: { data: string }): void => undefined
  constructor() {
    FakeEventSource.current = this
  }
  tell(message: StreamMessage): void {
    this.onmessage({ data: JSON.stringify(message) })
  }
}

// Without a snapshot there is nothing to play: the facts are enough here.
const event = (timestamp: number) => ({ type: 5, timestamp, data: { tag: 'note', payload: {} } })
const eventsShown = (): string | null | undefined => document.querySelector('.tile')?.textContent
const listed = (): (string | null)[] =>
  [...document.querySelectorAll('.item-title b')].map(({ textContent }) => textContent).sort()

beforeAll(() => {
  // The list is drawn every ten seconds, for ever.
  vi.useFakeTimers({ toFake: ['setInterval'] })
  vi.stubGlobal('EventSource', FakeEventSource)
  vi.stubGlobal('fetch', async (path: string) => {
    const response = await collector.fetch(path)
    asked.push(path)
    await held
    return response
  })
  document.body.innerHTML = '<div id="app"></div>'
})
afterAll(() => {
  document.body.replaceChildren()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('shows what arrived while the replay opened', async () => {
  collector.add('ada', [event(1)])
  collector.add('gone', [event(1)])
  await import('./main.ts')
  location.hash = '#/settings'
  await vi.waitFor(() => expect(document.querySelector('.settings')).not.toBeNull())

  let release = (): void => undefined
  held = new Promise((done) => {
    release = done
  })
  asked.length = 0
  location.hash = '#/replay/ada'
  await vi.waitFor(() => expect(asked).toContain('/api/replays/ada/events?after=0'))
  FakeEventSource.current.tell(collector.add('ada', [event(2)]))
  release()
  await vi.waitFor(() => expect(eventsShown()).toBe('2events'))
})

test('after a new connection, shows what happened without one', async () => {
  FakeEventSource.current.onerror()
  collector.add('ada', [event(3)])
  collector.add('grace', [event(1)])
  collector.remove('gone')
  expect(listed()).toEqual(['ada', 'gone'])
  FakeEventSource.current.onopen()
  await vi.waitFor(() => expect(eventsShown()).toBe('3events'))
  expect(listed()).toEqual(['ada', 'grace'])
})

test('a page that fails late does not replace the one that came after it', async () => {
  let fail = (_: Error): void => undefined
  held = new Promise((_, reject) => {
    fail = reject
  })
  asked.length = 0
  location.hash = '#/replay/grace'
  await vi.waitFor(() => expect(asked).toHaveLength(2))
  location.hash = '#/'
  await vi.waitFor(() => expect(document.querySelector('.welcome')).not.toBeNull())
  fail(new Error('connection lost'))
  await new Promise((turn) => setTimeout(turn))
  expect(document.querySelector('.welcome')).not.toBeNull()
})
