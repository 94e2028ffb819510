import type { ReplayHandle } from '@session-replay-kit/react/react-router'
import type { RouteObject } from 'react-router'
import { Account } from './pages/Account.tsx'
import { Cart } from './pages/Cart.tsx'
import { Catalogue } from './pages/Catalogue.tsx'
import { Checkout } from './pages/Checkout.tsx'
import { NotFound, Thanks } from './pages/notes.tsx'
import { Office } from './pages/Office.tsx'
import { ProductPage } from './pages/ProductPage.tsx'
import { Stock } from './pages/Stock.tsx'
import { Shop } from './Shop.tsx'

export const routes: RouteObject[] = [
  {
    Component: Shop,
    children: [
      { path: '/', Component: Catalogue },
      { path: '/product/:id', Component: ProductPage },
      { path: '/cart', Component: Cart },
      { path: '/account', Component: Account },
      { path: '/checkout', Component: Checkout },
      { path: '/stock', Component: Stock },
      { path: '/thanks', Component: Thanks },
      // What is not recorded can be written at the route, too; `routes.deny` in replay.ts closes a moment sooner.
      { path: '/office', Component: Office, handle: { replay: 'deny' } satisfies ReplayHandle },
      { path: '*', Component: NotFound },
    ],
  },
]
