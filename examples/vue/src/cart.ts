import { computed, reactive, watch } from 'vue'
import { productById } from './products.ts'

const KEY = 'shop-cart'

/** What is in the cart: product id → quantity. Kept for the visit, so that a reload is part of the replay. */
const quantities = reactive(new Map<string, number>(JSON.parse(sessionStorage.getItem(KEY) ?? '[]')))
watch(quantities, () => sessionStorage.setItem(KEY, JSON.stringify([...quantities])))

export const cartLines = computed(() =>
  [...quantities].flatMap(([id, quantity]) => {
    const product = productById(id)
    return product ? [{ product, quantity, price: quantity * product.price }] : []
  }),
)
export const cartCount = computed(() => cartLines.value.reduce((sum, { quantity }) => sum + quantity, 0))
export const cartTotal = computed(() => cartLines.value.reduce((sum, { price }) => sum + price, 0))

export function addToCart(id: string, quantity = 1): void {
  const next = (quantities.get(id) ?? 0) + quantity
  if (next > 0) quantities.set(id, next)
  else quantities.delete(id)
}
export const emptyCart = (): void => quantities.clear()
