import { createFakeAmplitude, flushController } from '@session-replay-kit/core/testing'
import { render } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import type { ReplayController, SessionReplay } from '../src/index.ts'
import App from './fixtures/App.svelte'
import FalseAttribute from './fixtures/FalseAttribute.svelte'
import Status from './fixtures/Status.svelte'
import { createTestReplay } from './support/test-replay.ts'

test('starts with the first mount and stops after the last unmount', async () => {
  const { client, fake } = createTestReplay()
  const app = render(App, { provider: { client }, page: Status })
  await flushController(client)
  expect(fake.live).toBe(1)
  app.unmount()
  await vi.waitFor(() => expect(client.getSnapshot().attachment).toBe('detached'))
  expect(fake.live).toBe(0)
})

test('a remount in the same moment reaches the client as nothing', async () => {
  const { client, fake } = createTestReplay()
  render(App, { provider: { client }, page: Status }).unmount()
  render(App, { provider: { client }, page: Status })
  await flushController(client)
  expect(fake.log.filter((entry) => entry === 'setup' || entry === 'teardown')).toEqual(['setup'])
})

test('enabled={false} closes at once and keeps the children', async () => {
  const { client, fake } = createTestReplay()
  const app = render(App, { provider: { client }, page: Status })
  await flushController(client)
  const before = app.getByTestId('status')
  await app.rerender({ provider: { client, enabled: false } })
  expect(fake.live).toBe(0)
  expect(app.getByTestId('status')).toBe(before)
  await app.rerender({ provider: { client, enabled: true } })
  await flushController(client)
  expect(fake.live).toBe(1)
})

test('makes its own controller from options, and props win over them', async () => {
  let client: ReplayController | undefined
  const provider = { amplitude: createFakeAmplitude(), options: { consent: 'granted' as const } }
  const app = render(App, {
    provider: { ...provider, consent: 'required' as const, routes: { deny: '/secret' } },
    page: Status,
    pageProps: { told: (replay: SessionReplay) => (client = replay.client) },
  })
  expect(client?.getSnapshot().reasons).toEqual([{ kind: 'consent', count: 1 }])
  expect(client?.navigation.evaluate('/secret').allowed).toBe(false)

  await app.rerender({ provider: { ...provider, consent: 'granted' as const, routes: { deny: '/other' } } })
  expect(client?.getSnapshot().reasons).toEqual([])
  expect(client?.navigation.evaluate('/secret').allowed).toBe(true)
  expect(client?.navigation.evaluate('/other').allowed).toBe(false)
  await app.rerender({ provider: { ...provider, consent: 'denied' as 'required' } })
  expect(client?.getSnapshot().reasons).toEqual([{ kind: 'consent', count: 1 }])
  client?.navigation.evaluate()
  await client?.dispose()
})

test('tells about an attribute that Svelte writes as the text "false"', async () => {
  const { client } = createTestReplay()
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  render(App, { provider: { client }, page: FalseAttribute })
  await vi.waitFor(() =>
    expect(warn.mock.calls.join()).toContain(
      'FALSE_ATTRIBUTE: <p data-amp-mask="false"> still has the attribute',
    ),
  )
  warn.mockRestore()
})
