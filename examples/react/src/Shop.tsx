import { ReplayRouteSync } from '@session-replay-kit/react/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Link, Outlet, useLocation, useNavigate } from 'react-router'
import { ConsentBanner } from './ConsentBanner.tsx'
import { countOf, useCart } from './cart.ts'
import { ReplayBadge } from './ReplayBadge.tsx'
import { track } from './replay.ts'
import { type Role, RoleContext } from './session.ts'

/** What is around every page. */
export function Shop() {
  const [role, setRole] = useState<Role>('customer')
  const items = countOf(useCart())
  useTracking(items)
  return (
    <RoleContext value={{ role, setRole }}>
      <ReplayRouteSync />
      <header className="bar">
        <Link className="brand" to="/">
          Fern &amp; Field
        </Link>
        <SearchForm />
        <nav>
          <Link to="/">Catalogue</Link>
          <Link to="/stock">Stock</Link>
          <Link to="/account">Account</Link>
          {role === 'gardener' && <Link to="/office">Office</Link>}
          <Link to="/cart">
            Cart <b id="cart-count">{items}</b>
          </Link>
        </nav>
      </header>
      <main>
        <Outlet />
      </main>
      <footer>
        <p>
          This visit is recorded by Session Replay Kit. <ReplayBadge />
        </p>
        <ConsentBanner />
      </footer>
    </RoleContext>
  )
}

function SearchForm() {
  const navigate = useNavigate()
  const search = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const query = String(new FormData(event.currentTarget).get('q'))
    navigate(`/?q=${encodeURIComponent(query)}`)
  }
  return (
    <search>
      <form className="search" onSubmit={search}>
        <input
          name="q"
          type="search"
          placeholder="Search plants"
          aria-label="Search plants"
          data-amp-unmask=""
        />
      </form>
    </search>
  )
}

function useTracking(items: number) {
  const { pathname } = useLocation()
  useEffect(() => track('Page Shown', { path: pathname }), [pathname])
  const before = useRef(items)
  useEffect(() => {
    if (before.current !== items) track('Cart Changed', { items })
    before.current = items
  }, [items])
}
