import { Block } from '@session-replay-kit/react'
import type { FormEvent } from 'react'
import { useNavigate } from 'react-router'
import { emptyCart } from '../cart.ts'

/**
 * Not recorded: `routes.deny` in replay.ts. The block on its root costs nothing and needs no rule to be right; it
 * is what keeps a page safe that is loaded directly.
 */
export function Checkout() {
  const navigate = useNavigate()
  const pay = (event: FormEvent) => {
    event.preventDefault()
    emptyCart()
    navigate('/thanks')
  }
  return (
    <Block as="section">
      <h1>Checkout</h1>
      <p>Deliver to Robin Fernandez, Fern Lane 12</p>
      <form className="fields" onSubmit={pay}>
        <label>
          Card number <input name="card" autoComplete="cc-number" inputMode="numeric" />
        </label>
        <label>
          Expires <input name="exp" autoComplete="cc-exp" />
        </label>
        <button type="submit">Pay</button>
      </form>
    </Block>
  )
}
