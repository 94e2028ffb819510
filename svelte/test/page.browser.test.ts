import { createFakeAmplitude, createTestCollector, findLeaks, recordedText } from '@session-replay-kit/core/testing'
import { flushSync, hydrate, mount, unmount } from 'svelte'
import { afterEach, expect, test, vi } from 'vitest'
import { createSessionReplay, type ReplayController } from '../src/index.ts'
import App from './fixtures/App.svelte'
import Consumers from './fixtures/Consumers.svelte'
import Fading from './fixtures/Fading.svelte'
import Marks from './fixtures/Marks.svelte'
import Status from './fixtures/Status.svelte'
import { createTestReplay } from './support/test-replay.ts'
import { serverHtml } from './support/server-html.ts'

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
  client = createSessionReplay({
    amplitude: createFakeAmplitude({ initialised: true }),
    sampleRate: 1,
    ...collector.transport,
  })
  return { client, collector }
}

test.each([
  ['status', App, { page: Status }],
  ['marks', Marks, {}],
] as const)('hydrates what the server rendered: %s', async (name, component, props) => {
  const warn = vi.spyOn(console, 'warn')
  const error = vi.spyOn(console, 'error')
  const { client } = createTestReplay()
  target.innerHTML = serverHtml[name]
  const before = target.querySelector('[data-testid]')
  // biome-ignore lint/suspicious/noExplicitAny: two components with different props
  app = hydrate(component as any, { target, props: { provider: { client }, ...props } })
  flushSync()
  expect(target.querySelector('[data-testid]')).toBe(before)
  await client.whenIdle()
  flushSync()
  expect(warn.mock.calls).toEqual([])
  expect(error.mock.calls).toEqual([])
  if (name === 'status') expect(target.textContent).toContain('recording')
  else expect(target.querySelector('[data-testid=attach-mask]')?.hasAttribute('data-amp-mask')).toBe(true)
})

test('an out-transition is over before recording goes on', async () => {
  const { client, collector } = record()
  const props = $props({ provider: { client }, page: Fading, isShown: false })
  app = mount(App, { target, props })
  await vi.waitFor(() => expect(client.getSnapshot().isRecording).toBe(true))
  const moments: { open: boolean; secret: boolean }[] = []
  const watch = setInterval(() => {
    moments.push({ open: client.getSnapshot().isRecording, secret: target.querySelector('.secret') !== null })
  }, 5)

  props.isShown = true
  flushSync()
  expect(client.getSnapshot().isRecording).toBe(false)
  await vi.waitFor(() => expect(target.querySelector('.secret')).not.toBeNull())
  props.isShown = false
  flushSync()
  expect(target.querySelector('.secret')).not.toBeNull()
  await vi.waitFor(() => expect(target.querySelector('.secret')).toBeNull(), 3000)
  const goneAt = performance.now()
  await vi.waitFor(() => expect(client.getSnapshot().isRecording).toBe(true), { timeout: 3000, interval: 5 })
  expect(performance.now() - goneAt).toBeLessThan(700)
  clearInterval(watch)

  expect(moments.filter(({ secret }) => secret).length).toBeGreaterThan(10)
  expect(moments.filter(({ open, secret }) => open && secret)).toEqual([])
  await client.flush()
  await collector.waitForUpload()
  expect(findLeaks(collector.evidence(), ['4111 1111 1111 1111'])).toEqual([])
})

test('a mask that is switched on is in force from the same change on', async () => {
  const { client, collector } = record()
  const props = $props({ when: false })
  const host = mount(App, { target, props: { provider: { client }, page: Marks, pageProps: props } })
  app = host
  await vi.waitFor(() => expect(client.getSnapshot().isRecording).toBe(true))
  props.when = true
  flushSync()
  for (const element of target.querySelectorAll('[data-testid=child-mask],[data-testid=attach-mask]')) {
    element.textContent = 'SECRET-after'
  }
  target.querySelector('[data-testid=as-block]')?.append('SECRET-block')
  await new Promise((resolve) => setTimeout(resolve, 700))
  await client.flush()
  await vi.waitFor(() => expect(recordedText(collector.events())).toContain('************'), 5000)
  expect(findLeaks(collector.evidence(), ['SECRET-after', 'SECRET-block'])).toEqual([])
})

test('mounting and unmounting a thousand times leaves nothing behind', async () => {
  const { client } = createTestReplay()
  const subscribe = vi.spyOn(client, 'subscribe')
  let listeners = 0
  subscribe.mockImplementation(((original) => (onChange: () => void) => {
    listeners++
    const stop = original(onChange)
    return () => {
      listeners--
      stop()
    }
  })(subscribe.getMockImplementation() ?? client.subscribe))
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
