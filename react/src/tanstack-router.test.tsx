import { createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from '@tanstack/react-router'
import { act, render } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createFakeReplay } from '../test/support/fake-replay.ts'
import { connectTanStackRouter } from './tanstack-router.ts'

beforeEach(() => void vi.spyOn(window, 'scrollTo').mockImplementation(() => {}))
afterEach(() => {
  vi.restoreAllMocks()
  window.history.replaceState(null, '', '/')
})

async function open() {
  const { client } = createFakeReplay({ routes: { deny: '/billing' } })
  const stopReplay = client.start()
  await client.whenIdle()
  let wait = (): Promise<void> => Promise.resolve()
  const root = createRootRoute({ component: Outlet })
  const page = (path: string, words: string, beforeLoad?: () => Promise<void>) =>
    createRoute({ getParentRoute: () => root, path, component: () => <p>{words}</p>, beforeLoad })
  const router = createRouter({
    routeTree: root.addChildren([
      page('/', 'Home', () => wait()),
      page('/list', 'List'),
      page('/billing', 'CLASSIFIED'),
    ]),
  })
  const disconnect = connectTanStackRouter(client, router)
  render(<RouterProvider router={router} />)
  const shown = (words: string) =>
    act(() => vi.waitFor(() => expect(document.body.textContent).toContain(words)))
  await shown('Home')
  return {
    router,
    shown,
    denied: () => client.getSnapshot().reasons.some(({ kind }) => kind === 'route'),
    makeWait(promise: Promise<void>) {
      wait = () => promise
    },
    stop() {
      disconnect()
      stopReplay()
    },
  }
}

it('a denied page stays denied while the next one is loaded, whatever leads there', async () => {
  const { router, shown, denied, makeWait, stop } = await open()
  for (const leave of [() => window.history.back(), () => router.navigate({ to: '/' })]) {
    await act(() => router.navigate({ to: '/billing' }))
    await shown('CLASSIFIED')
    expect(denied()).toBe(true)
    const loading = resolvers()
    makeWait(loading.promise)
    await act(async () => {
      void leave()
      await vi.waitFor(() => expect(window.location.pathname).toBe('/'))
    })
    expect(document.body.textContent).toContain('CLASSIFIED')
    expect(denied()).toBe(true)
    await act(async () => loading.resolve())
    await shown('Home')
    expect(denied()).toBe(false)
  }
  await act(() => router.navigate({ to: '/list' }))
  await shown('List')
  expect(denied()).toBe(false)
  stop()
})

function resolvers() {
  let resolve = (): void => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
