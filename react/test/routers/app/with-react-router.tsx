import type { ReactNode } from 'react'
import type * as router8 from 'react-router'
import type { ReplayRouteSync } from '../../../src/react-router.ts'
import { fixture, LATE_MS, LINKS, LOADING_MS, wait } from './fixture.ts'
import { Open, Restricted, Slow } from './pages.tsx'

/** A data router with loaders, redirects and a lazy route; `/told` is restricted by its handle only. */
export function appWithReactRouter(library: typeof router8, Sync: typeof ReplayRouteSync): ReactNode {
  const { createBrowserRouter, createHashRouter, Link, Outlet, redirect, RouterProvider } = library
  const Layout = (): ReactNode => (
    <>
      {fixture.connected && <Sync />}
      <nav>
        {LINKS.map((path) => (
          <Link key={path} to={path} data-to={path} viewTransition={fixture.fade}>
            To {path}
          </Link>
        ))}
      </nav>
      <main>
        <Outlet />
      </main>
    </>
  )
  const load = () => wait(LOADING_MS).then(() => null)
  const create = fixture.history === 'hash' ? createHashRouter : createBrowserRouter
  const router = create([
    {
      element: <Layout />,
      HydrateFallback: () => null,
      children: [
        { path: '/', element: <Open path="/" /> },
        { path: '/list', loader: load, element: <Open path="/list" /> },
        { path: '/secret', element: <Restricted path="/secret" /> },
        {
          path: '/secret/deep',
          loader: load,
          lazy: () => import('./Lazy.tsx').then(({ Lazy }) => ({ Component: Lazy })),
        },
        { path: '/old', loader: () => redirect('/secret/old'), element: null },
        { path: '/secret/old', element: <Restricted path="/secret/old" /> },
        { path: '/bye', loader: () => redirect('/list'), element: null },
        { path: '/late', loader: () => wait(LATE_MS).then(() => null), element: <Open path="/late" /> },
        { path: '/secret/slow', element: <Slow /> },
        { path: '/told', element: <Restricted path="/told" />, handle: { replay: 'deny' } },
      ],
    },
  ])
  return <RouterProvider router={router} />
}
