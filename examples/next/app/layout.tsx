import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Replay } from './Replay'
import { ReplayBadge } from './ReplayBadge'
import '../../frameworks/shop.css'

export const metadata: Metadata = { title: 'Fern & Field', icons: 'data:,' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Replay>
          <header>
            <nav>
              <Link href="/">Catalogue</Link> <Link href="/plants/fern">Fern</Link>{' '}
              <Link href="/stock">Stock</Link> <Link href="/account">Account</Link>{' '}
              <Link href="/buy">Buy</Link> <Link href="/checkout">Checkout</Link>{' '}
              <Link href="/checkout/cancel">Cancel</Link>
            </nav>
            <ReplayBadge />
          </header>
          {children}
        </Replay>
      </body>
    </html>
  )
}
