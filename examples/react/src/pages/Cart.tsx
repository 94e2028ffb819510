import { Link } from 'react-router'
import { setQuantity, useCart } from '../cart.ts'
import { euros, productById } from '../products.ts'

export function Cart() {
  const lines = useCart().map(([id, quantity]) => {
    const { name = id, price = 0 } = productById(id) ?? {}
    return { id, name, quantity, cost: price * quantity }
  })
  if (lines.length === 0) {
    return (
      <>
        <h1>Your cart is empty</h1>
        <p>The ferns are waiting.</p>
      </>
    )
  }
  return (
    <>
      <h1>Your cart</h1>
      <table className="lines">
        <tbody>
          {lines.map(({ id, name, quantity, cost }) => (
            <tr key={id}>
              <td>{name}</td>
              <td>
                <button type="button" onClick={() => setQuantity(id, quantity - 1)}>
                  −
                </button>{' '}
                {quantity}{' '}
                <button type="button" onClick={() => setQuantity(id, quantity + 1)}>
                  +
                </button>
              </td>
              <td>{euros(cost)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="total">Total {euros(lines.reduce((sum, { cost }) => sum + cost, 0))}</p>
      <Link className="button" to="/checkout">
        Check out
      </Link>
    </>
  )
}
