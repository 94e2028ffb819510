import type { ReplayController } from '@session-replay-kit/core'
import {
  createBrowserHistory,
  createHashHistory,
  createLazyRoute,
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  Outlet,
  RouterProvider,
  redirect,
} from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { connectTanStackRouter } from '../../../src/tanstack-router.ts'
import { fixture, LATE_MS, LINKS, LOADING_MS, wait } from './fixture.ts'
import { Open, Restricted, Slow } from './pages.tsx'

const Layout = (): ReactNode => (
  <>
    <nav>
      {LINKS.map((to) => (
        <Link key={to} to={to} data-to={to} viewTransition={fixture.fade}>
          To {to}
        </Link>
      ))}
    </nav>
    <main>
      <Outlet />
    </main>
  </>
)

/** Loaders, redirects and a lazy route; `/told` is restricted by its static data only. */
export function appWithTanStack(replay: ReplayController): ReactNode {
  const root = createRootRoute({ component: Layout })
  const page = (path: string, options: object) =>
    createRoute({ getParentRoute: () => root, path, ...options })
  const loader = () => wait(LOADING_MS)
  const goes = (to: string) => ({
    beforeLoad: () => {
      throw redirect({ to })
    },
  })
  const router = createRouter({
    history: fixture.history === 'hash' ? createHashHistory() : createBrowserHistory(),
    routeTree: root.addChildren([
      page('/', { component: () => <Open path="/" /> }),
      page('/list', { loader, component: () => <Open path="/list" /> }),
      page('/secret', { component: () => <Restricted path="/secret" /> }),
      page('/secret/deep', { loader }).lazy(() =>
        import('./Lazy.tsx').then(({ Lazy }) => createLazyRoute('/secret/deep')({ component: Lazy })),
      ),
      page('/old', goes('/secret/old')),
      page('/secret/old', { component: () => <Restricted path="/secret/old" /> }),
      page('/bye', goes('/list')),
      page('/late', { beforeLoad: () => wait(LATE_MS), component: () => <Open path="/late" /> }),
      page('/secret/slow', { component: Slow }),
      page('/told', { component: () => <Restricted path="/told" />, staticData: { replay: 'deny' } }),
    ]),
  })
  if (fixture.connected) connectTanStackRouter(replay, router)
  return <RouterProvider router={router} />
}
