/** What is in the cart: product id → quantity. Kept for the visit, so that a reload is part of the replay. */
const KEY = 'shop-cart'
const lines = new Map<string, number>(JSON.parse(sessionStorage.getItem(KEY) ?? '[]'))
const listeners = new Set<() => void>()

export const cartLines = (): [id: string, quantity: number][] => [...lines]
export const cartCount = (): number => [...lines.values()].reduce((sum, quantity) => sum + quantity, 0)

export function setQuantity(id: string, quantity: number): void {
  if (quantity > 0) lines.set(id, quantity)
  else lines.delete(id)
  sessionStorage.setItem(KEY, JSON.stringify([...lines]))
  for (const listener of listeners) listener()
}

export const addToCart = (id: string): void => setQuantity(id, (lines.get(id) ?? 0) + 1)
export const emptyCart = (): void => {
  for (const [id] of cartLines()) setQuantity(id, 0)
}
export const onCartChange = (listener: () => void): void => {
  listeners.add(listener)
}
