import {
  createFakeAmplitude,
  createTestCollector,
  findLeaks,
  recordedText,
} from '@session-replay-kit/core/testing'
import { flushSync, hydrate, mount, unmount } from 'svelte'
import { afterEach, expect, inject, test, vi } from 'vitest'
import { startPageClock } from '../../core/test/support/page-clock.ts'
import { createSessionReplay, type ReplayController } from '../src/index.ts'
import App from './fixtures/App.svelte'
import Consumers from './fixtures/Consumers.svelte'
import Fading from './fixtures/Fading.svelte'
import Marks from './fixtures/Marks.svelte'
import Status from './fixtures/Status.svelte'
import { createTestReplay } from './support/test-replay.ts'

const target = document.body.appendChild(document.createElement('main'))
let client: ReplayController | undefined
let app: Record<string, unknown> | undefined

afterEach(async () => {
  vi.restoreAllMocks()
  if (app) await unmount(app)
  app = undefined
  await client?.dispose()
  client = undefined
  target.innerHTML = ''
})

/** The real recorder, with an intake in this page. */
function record() {
  const collector = createTestCollector()
  const amplitude = createFakeAmplitude()
  amplitude.init({ apiKey: 'test-key', sessionId: Date.now(), deviceId: 'test-device' })
  client = createSessionReplay({
    amplitude,
    sampleRate: 1,
    ...collector.transport,
  })
  return { client, collector }
}

const secretOf = (root: Element): Element => root.querySelector('.secret') ?? root

test.each([
  ['status', Status],
  ['marks', Marks],
] as const)('hydrates what the server rendered without a difference: %s', async (name, page) => {
  const warn = vi.spyOn(console, 'warn')
  const error = vi.spyOn(console, 'error')
  const { client } = createTestReplay()
  target.innerHTML = inject('serverHtml')[name]
  const before = [...target.querySelectorAll('*')]
  app = hydrate(App, { target, props: { provider: { client }, page } })
  flushSync()
  expect([...target.querySelectorAll('*')].filter((element) => !before.includes(element))).toEqual([])
  await client.whenIdle()
  await Promise.resolve()
  flushSync()
  expect(warn.mock.calls).toEqual([])
  expect(error.mock.calls).toEqual([])
  if (name === 'status') expect(target.textContent).toContain('recording')
  else expect(target.querySelector('[data-testid=attach-mask]')?.hasAttribute('data-amp-mask')).toBe(true)
})

test('an out-transition is over before recording goes on', async () => {
  const { client, collector } = record()
  const props = $state({ provider: { client }, page: Fading, isShown: false })
  app = mount(App, { target, props })
  await vi.waitFor(() => expect(client.getSnapshot().isRecording).toBe(true), 5000)
  const moments: { open: boolean; secret: boolean }[] = []
  const watch = setInterval(() => {
    moments.push({ open: client.getSnapshot().isRecording, secret: target.querySelector('.secret') !== null })
  }, 5)

  props.isShown = true
  flushSync()
  expect(client.getSnapshot().isRecording).toBe(false)
  await vi.waitFor(() => expect(getComputedStyle(secretOf(target)).opacity).toBe('1'), 3000)
  expect(secretOf(target)).not.toBe(target)
  props.isShown = false
  flushSync()
  expect(target.querySelector('.secret')).not.toBeNull()
  await vi.waitFor(() => expect(target.querySelector('.secret')).toBeNull(), 3000)
  const sinceGone = startPageClock()
  await vi.waitFor(() => expect(client.getSnapshot().isRecording).toBe(true), { timeout: 5000, interval: 5 })
  expect(sinceGone.now()).toBeLessThan(700)
  sinceGone.stop()
  clearInterval(watch)

  expect(moments.filter(({ secret }) => secret).length).toBeGreaterThan(10)
  expect(moments.filter(({ open, secret }) => open && secret)).toEqual([])
  await client.flush()
  await collector.waitForUpload()
  expect(findLeaks(collector.evidence(), ['4111 1111 1111 1111'])).toEqual([])
})

test('a mask that is switched on is in force from the same change on', async () => {
  const { client, collector } = record()
  const props = $state({ when: false })
  app = mount(App, { target, props: { provider: { client }, page: Marks, pageProps: props } })
  await vi.waitFor(() => expect(client.getSnapshot().isRecording).toBe(true), 5000)
  props.when = true
  flushSync()
  for (const element of target.querySelectorAll('[data-testid=child-mask],[data-testid=attach-mask]')) {
    element.textContent = 'SECRET-after'
  }
  target.querySelector('[data-testid=as-block]')?.append('SECRET-block')
  // The snapshot that a changed mark asks for is there, too.
  await vi.waitFor(async () => {
    await client.flush()
    expect(collector.events().filter(({ type }) => type === 2).length).toBeGreaterThan(1)
    expect(recordedText(collector.events())).toContain('************')
  }, 5000)
  expect(findLeaks(collector.evidence(), ['SECRET-after', 'SECRET-block'])).toEqual([])
})

test('mounting and unmounting a thousand times leaves nothing behind', async () => {
  const { client } = createTestReplay()
  const { subscribe } = client
  let listeners = 0
  client.subscribe = (onChange) => {
    const stop = subscribe(onChange)
    listeners++
    return () => {
      listeners--
      stop()
    }
  }
  const kept: WeakRef<Element>[] = []
  for (let round = 0; round < 1000; round++) {
    const one = mount(App, { target, props: { provider: { client }, page: Consumers } })
    flushSync()
    const element = target.querySelector('p')
    if (element) kept.push(new WeakRef(element))
    void unmount(one)
  }
  expect(target.childNodes.length).toBe(0)
  await vi.waitFor(() => expect(listeners).toBe(0))
  expect(client.getSnapshot().reasons).toEqual([])
  expect(kept.length).toBe(1000)
  const { gc } = globalThis as { gc?: () => void }
  await vi.waitFor(
    () => {
      gc?.()
      // The last ones may still be held by the engine's own caches.
      expect(kept.filter((each) => each.deref() !== undefined).length).toBeLessThan(10)
    },
    { timeout: 5000, interval: 100 },
  )
  await client.dispose()
})
