import { flushController } from '@session-replay-kit/core/testing'
import { fireEvent, render, screen } from '@testing-library/svelte'
import { flushSync } from 'svelte'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { SessionReplay } from '../src/index.ts'
import App from './fixtures/App.svelte'
import Replaced from './fixtures/Replaced.svelte'
import Restricted from './fixtures/Restricted.svelte'
import Status from './fixtures/Status.svelte'
import { createTestReplay } from './support/test-replay.ts'

const text = (id: string) => screen.getByTestId(id).textContent

async function show(props: Record<string, unknown> = {}) {
  const { client, fake } = createTestReplay()
  const app = render(App, { provider: { client }, page: Status, pageProps: props })
  await flushController(client)
  flushSync()
  return { app, client, fake }
}

test('template, derived and effect follow the recorder', async () => {
  const seen: string[] = []
  const { client } = await show({ seen })
  expect([text('status'), text('derived')]).toEqual(['recording', 'RECORDING'])
  expect(screen.getByText('on air')).toBeTruthy()

  client.pause()
  await flushController(client)
  flushSync()
  expect([text('status'), text('derived')]).toEqual(['paused', 'PAUSED'])
  expect(screen.queryByText('on air')).toBeNull()
  expect(seen.slice(-2)).toEqual(['recording', 'paused'])
})

test('the buttons of a component pause and resume', async () => {
  const { client } = await show()
  await fireEvent.click(screen.getByText('Pause'))
  await flushController(client)
  flushSync()
  expect(text('reasons')).toBe('manual by hand')
  await fireEvent.click(screen.getByText('Resume'))
  await flushController(client)
  flushSync()
  expect(text('status')).toBe('recording')
})

test('the values can be read outside of components, and the functions taken out', async () => {
  let replay: SessionReplay | undefined
  const { client } = await show({ told: (told: SessionReplay) => (replay = told) })
  const { pause, explain } = replay as SessionReplay
  expect(replay?.isRecording).toBe(true)
  pause()
  expect(replay?.status).toBe('paused')
  expect(replay?.snapshot).toBe(client.getSnapshot())
  expect(explain().recording).toBe(false)
})

test('{ pause: true } holds from before the elements are inserted until they are gone', async () => {
  const { app, client } = await show({ pause: true, detail: 'checkout' })
  expect(text('reasons')).toBe('component checkout')
  await app.rerender({ isShown: false })
  expect(client.getSnapshot().reasons).toEqual([])
})

test('{ pause: () => condition } follows the condition', async () => {
  const { client } = createTestReplay()
  const app = render(App, { provider: { client }, page: Restricted, pageProps: { when: false } })
  await flushController(client)
  expect(client.getSnapshot().status).toBe('recording')
  await app.rerender({ pageProps: { when: true } })
  expect(client.getSnapshot().reasons).toEqual([{ kind: 'component', detail: 'restricted', count: 1 }])
  await app.rerender({ pageProps: { when: false } })
  expect(client.getSnapshot().reasons).toEqual([])
})

test('pauseReplay has closed the gate when the elements come into the document', async () => {
  const { client, fake } = createTestReplay()
  const app = render(App, { provider: { client }, page: Restricted, isShown: false })
  await flushController(client)
  expect(fake.live).toBe(1)
  let wasOpen: boolean | undefined
  const watch = (): void => {
    wasOpen ??= fake.live > 0
  }
  await app.rerender({ isShown: true, pageProps: { watch } })
  expect(wasOpen).toBe(false)
})

test('what replaces the component in the same change is the next screen', async () => {
  const { client } = createTestReplay({}, { knows: ({ nodeName }) => !['P', 'OUTPUT'].includes(nodeName) })
  // As if drawn: jsdom draws nothing.
  Element.prototype.checkVisibility = () => true
  onTestFinished(() => void Reflect.deleteProperty(Element.prototype, 'checkVisibility'))
  const app = render(App, { provider: { client }, page: Replaced, pageProps: { isPaying: false } })
  await flushController(client)
  await app.rerender({ pageProps: { isPaying: true } })
  expect(client.getSnapshot().status).toBe('paused')
  await app.rerender({ pageProps: { isPaying: false } })
  expect(client.getSnapshot().status).toBe('settling')
  await vi.waitFor(() => expect(client.getSnapshot().isRecording).toBe(true))
  expect(document.querySelector('output')?.outerHTML).toBe('<output>Done</output>')
})

test('outside of a provider the error names the caller and the remedy', () => {
  expect(() => render(Status)).toThrow(/useSessionReplay\(\) was used outside <SessionReplayProvider>/)
  try {
    render(Restricted)
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({ code: 'NO_PROVIDER', cause: expect.any(Error) })
    expect(String(error)).toContain('pauseReplay()')
  }
})

test('outside of a component the error says where the call belongs', async () => {
  const { useSessionReplay } = await import('../src/index.ts')
  try {
    useSessionReplay()
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({ code: 'OUTSIDE_SETUP', cause: expect.any(Error) })
  }
})
