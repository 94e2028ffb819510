import { useParams } from 'react-router'
import { addToCart } from '../cart.ts'
import { Picture } from '../Picture.tsx'
import { euros, productById } from '../products.ts'
import { StarRating } from '../StarRating.tsx'
import { NotFound } from './notes.tsx'

export function ProductPage() {
  const product = productById(useParams().id)
  if (!product) return <NotFound />
  return (
    <article className="product">
      <Picture product={product} />
      <div>
        <h1>{product.name}</h1>
        <p>
          Likes {product.light}. {euros(product.price)}
        </p>
        <StarRating />
        <p>
          <button type="button" data-add={product.id} onClick={() => addToCart(product.id)}>
            Add to cart
          </button>
        </p>
        <iframe title="Care card" src="/care.html" />
      </div>
    </article>
  )
}
