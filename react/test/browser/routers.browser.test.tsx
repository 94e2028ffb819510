import type { RouteConfig } from '@session-replay-kit/core'
import * as tanstack from '@tanstack/react-router'
import { createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from '@tanstack/react-router'
import * as router8 from 'react-router'
import * as router7 from 'react-router-7'
import { describe, expect, it } from 'vitest'
import { ReplayRouteSync as Sync8 } from '../../src/react-router.ts'
import { ReplayRouteSync as Sync7 } from '../../src/react-router.ts?router=7'
import { connectTanStackRouter } from '../../src/tanstack-router.ts'
import { LazyRestricted, Nothing, Public, Restricted, SECRETS, wait } from './pages.tsx'
import { type OpenSite, type Step, visit } from './visit.tsx'

const RULES: RouteConfig = { deny: '/salary/**' }

/** React Router with data: loaders, redirects, lazy routes; `/desk` is restricted by its handle only. */
function reactRouter(library: typeof router8, Sync: typeof Sync8 | null): OpenSite {
  const { createBrowserRouter, Outlet, redirect, RouterProvider } = library
  return () => {
    const router = createBrowserRouter([
      {
        element: (
          <>
            {Sync && <Sync />}
            <Outlet />
          </>
        ),
        HydrateFallback: Nothing,
        children: [
          { path: '/', element: <Public name="home" /> },
          { path: '/list', element: <Public name="list" /> },
          { path: '/salary', element: <Restricted name="salary" /> },
          {
            path: '/salary/lazy',
            lazy: async () => {
              await wait(40)
              return { Component: LazyRestricted }
            },
          },
          {
            path: '/salary/loaded',
            loader: () => wait(60).then(() => null),
            element: <Restricted name="loaded" />,
          },
          { path: '/slow', loader: () => wait(200).then(() => null), element: <Public name="slow" /> },
          { path: '/go', loader: () => redirect('/salary'), element: null },
          { path: '/salary/out', loader: () => redirect('/list'), element: null },
          { path: '/desk', element: <Restricted name="desk" />, handle: { replay: 'deny' } },
        ],
      },
    ])
    return {
      app: <RouterProvider router={router} />,
      go: (path, options) => void router.navigate(path, options),
      leave: () => router.dispose(),
    }
  }
}

const tanStack: OpenSite = (replay) => {
  const root = createRootRoute({ component: Outlet })
  const page = (path: string, options: object) =>
    createRoute({ getParentRoute: () => root, path, ...options })
  const router = createRouter({
    routeTree: root.addChildren([
      page('/', { component: () => <Public name="home" /> }),
      page('/list', { component: () => <Public name="list" /> }),
      page('/salary', { component: () => <Restricted name="salary" /> }),
      page('/salary/lazy', {}).lazy(async () => {
        await wait(40)
        return tanstack.createLazyRoute('/salary/lazy')({ component: LazyRestricted })
      }),
      page('/salary/loaded', { loader: () => wait(60), component: () => <Restricted name="loaded" /> }),
      page('/slow', { loader: () => wait(200), component: () => <Public name="slow" /> }),
      page('/go', {
        beforeLoad: () => {
          throw tanstack.redirect({ to: '/salary' })
        },
      }),
      page('/salary/out', {
        beforeLoad: () => {
          throw tanstack.redirect({ to: '/list' })
        },
      }),
      page('/desk', { component: () => <Restricted name="desk" />, staticData: { replay: 'deny' } }),
    ]),
  })
  const leave = connectTanStackRouter(replay, router)
  return {
    app: <RouterProvider router={router} />,
    go: (to, options) => void router.navigate({ to, ...options }),
    leave,
  }
}

const STEPS: Step[] = [
  ['/list', 'list'],
  ['/salary', 'salary'],
  ['/', 'home'],
  ['back', 'salary'],
  ['forward', 'home'],
  ['/salary/lazy', 'lazy'],
  ['/list', 'list'],
  ['back', 'lazy'],
  ['/slow', 'slow'],
  ['/salary/loaded', 'loaded'],
  ['/salary', 'salary'],
  ['/salary/loaded', 'loaded'],
  ['/list', 'list'],
  ['/go', 'salary'],
  ['/salary/out', 'list'],
  ['/salary', null],
  ['/', null],
  ['/salary/loaded', null],
  ['/list', null],
  ['/salary/lazy', null],
  ['back', null],
  ['/salary', 'salary'],
  ['back', 'list'],
  ['fade /salary', 'salary'],
  ['fade /list', 'list'],
  ['/desk', 'desk'],
  ['/', 'home'],
  ['back', 'desk'],
  ['/list', 'list'],
]

const SITES: [string, OpenSite][] = [
  ['React Router 8', reactRouter(router8, Sync8)],
  ['React Router 7', reactRouter(router7 as unknown as typeof router8, Sync7)],
  ['TanStack Router', tanStack],
]

describe.each(SITES)('%s', (_name, openSite) => {
  it('nothing of a restricted page is uploaded or stored, and recording is back within 700 ms', async () => {
    const { leaks, text, resumedAfterMs, live, replayed } = await visit(openSite, '/', STEPS, RULES)
    expect(leaks).toEqual([])
    expect(text).toContain('Everybody may see')
    expect(resumedAfterMs.length).toBeGreaterThanOrEqual(8)
    expect(Math.max(...resumedAfterMs)).toBeLessThanOrEqual(700)
    expect(replayed).toEqual(live)
    console.info(`resumed after ${resumedAfterMs.map(Math.round).join(', ')} ms`)
  })

  it.each(['/salary', '/salary/loaded', '/desk'])(
    'a visit that begins on %s shows nothing of it',
    async (from) => {
      const steps: Step[] = [
        ['/list', 'list'],
        ['back', from.split('/').at(-1) ?? ''],
        ['/', 'home'],
      ]
      const { leaks, live, replayed } = await visit(openSite, from, steps, RULES)
      expect(leaks).toEqual([])
      expect(replayed).toEqual(live)
    },
  )
})

it('the same visit without rules is full of secrets: the search finds them', async () => {
  const steps: Step[] = [
    ['/salary', 'salary'],
    ['/list', 'list'],
  ]
  const { leaks } = await visit(reactRouter(router8, null), '/', steps)
  const forms = new Set((leaks as { place: string }[]).map(({ place }) => place))
  expect([...forms]).toEqual(expect.arrayContaining(['text', 'attribute']))
  expect(JSON.stringify(leaks)).toContain(SECRETS.salary)
})
