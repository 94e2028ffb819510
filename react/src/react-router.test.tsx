import { act, render } from '@testing-library/react'
import { createBrowserRouter, Outlet, RouterProvider, redirect, useBlocker } from 'react-router'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFakeReplay } from '../test/support/fake-replay.ts'
import { ReplayRouteSync } from './react-router.ts'
import { SessionReplayProvider } from './SessionReplayProvider.tsx'

afterEach(() => window.history.replaceState(null, '', '/'))

const blocker = { isOn: false }

function Billing() {
  useBlocker(() => blocker.isOn)
  return <p>CLASSIFIED</p>
}

async function open(basename = '/') {
  const { client } = createFakeReplay({ routes: { base: basename, deny: '/billing' } })
  const loaded: { finish(answer?: unknown): void }[] = []
  let isFirst = true
  window.history.replaceState(null, '', basename)
  const router = createBrowserRouter(
    [
      {
        // Not in front of what changes with the page, where its effects would come too late.
        element: (
          <>
            <Outlet />
            <ReplayRouteSync />
          </>
        ),
        hydrateFallbackElement: null,
        children: [
          {
            path: '/',
            loader: () => (isFirst ? null : new Promise((finish) => loaded.push({ finish }))),
            element: <p>Home</p>,
          },
          { path: '/list', element: <p>List</p> },
          { path: '/billing', element: <Billing /> },
        ],
      },
    ],
    { basename },
  )
  const evaluated: (string | null)[] = []
  const { evaluate } = client.navigation
  vi.spyOn(client.navigation, 'evaluate').mockImplementation((...args) => {
    evaluated.push(document.querySelector('p')?.textContent ?? null)
    return evaluate(...args)
  })
  render(
    <SessionReplayProvider client={client}>
      <RouterProvider router={router} />
    </SessionReplayProvider>,
  )
  await act(async () => void (await client.whenIdle()))
  isFirst = false
  const denied = () => client.getSnapshot().reasons.some(({ kind }) => kind === 'route')
  return { client, router, loaded, denied, evaluated }
}

const back = (path: string) =>
  act(async () => {
    window.history.back()
    await vi.waitFor(() => expect(window.location.pathname).toBe(path))
  })

describe.each(['/', '/shop'])('below %s', (base) => {
  it('a denied page stays denied while the page before it is loaded', async () => {
    const { router, loaded, denied, evaluated } = await open(base)
    expect(denied()).toBe(false)
    await act(() => router.navigate('/billing'))
    expect(denied()).toBe(true)
    await back(base)
    expect(document.body.textContent).toContain('CLASSIFIED')
    expect(denied()).toBe(true)
    evaluated.length = 0
    await act(async () => loaded[0]?.finish(null))
    expect(document.body.textContent).toContain('Home')
    expect(denied()).toBe(false)
    // Told while the page that leaves is still in the document.
    expect(evaluated[0]).toBe('CLASSIFIED')
  })
})

it('a redirect on the way back ends it, too', async () => {
  const { router, loaded, denied } = await open()
  await act(() => router.navigate('/billing'))
  await back('/')
  await act(async () => loaded[0]?.finish(redirect('/list')))
  expect(document.body.textContent).toContain('List')
  expect(denied()).toBe(false)
})

it('a way back that is blocked changes nothing', async () => {
  const { router, loaded, denied } = await open()
  await act(() => router.navigate('/billing'))
  blocker.isOn = true
  await act(async () => {
    window.history.back()
    await new Promise((resolve) => setTimeout(resolve, 50))
  })
  blocker.isOn = false
  expect(window.location.pathname).toBe('/billing')
  expect(denied()).toBe(true)
  await act(() => router.navigate('/list'))
  expect(denied()).toBe(false)
  expect(loaded).toEqual([])
})
