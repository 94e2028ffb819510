import { Link, useSearchParams } from 'react-router'
import { addToCart } from '../cart.ts'
import { Picture } from '../Picture.tsx'
import { euros, PRODUCTS } from '../products.ts'

export function Catalogue() {
  const [params] = useSearchParams()
  const query = params.get('q')?.toLowerCase() ?? ''
  const found = PRODUCTS.filter(({ name, light }) => `${name} ${light}`.toLowerCase().includes(query))
  return (
    <>
      <h1>{query ? `${found.length} plants for “${query}”` : 'Plants for every window'}</h1>
      <ul className="grid">
        {found.map((product) => (
          <li className="card" key={product.id}>
            <Link to={`/product/${product.id}`}>
              <Picture product={product} />
              <h2>{product.name}</h2>
            </Link>
            <p>
              {product.light} · {euros(product.price)}
            </p>
            <button type="button" data-add={product.id} onClick={() => addToCart(product.id)}>
              Add to cart
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
