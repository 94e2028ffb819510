import { Suspense } from 'react'
import { currentCustomer } from '../customer'
import { Reservation } from './Reservation'

/** Nothing of this page is recorded: `routes.deny` in Replay.tsx says so. */
export default function Checkout() {
  return (
    <main className="checkout">
      <h1>Checkout</h1>
      <Suspense fallback={<p>Looking up your account …</p>}>
        <Payment />
      </Suspense>
    </main>
  )
}

async function Payment() {
  const { name, iban } = await currentCustomer()
  return (
    <form>
      <title>{`Paying from ${iban}`}</title>
      <p title={`Account of ${name}`}>Paying from {iban}</p>
      <label>
        Account <input name="iban" aria-label={`Account of ${name}`} defaultValue={iban} />
      </label>
      <Reservation owner={name} />
    </form>
  )
}
