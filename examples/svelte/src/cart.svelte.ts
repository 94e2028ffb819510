import { track } from './replay.ts'

/** What is in the cart: product id → quantity. Kept for the visit, so that a reload is part of the replay. */
const KEY = 'shop-cart'
const lines = $state<Record<string, number>>(JSON.parse(sessionStorage.getItem(KEY) ?? '{}'))

export const cart = {
  get lines(): [id: string, quantity: number][] {
    return Object.entries(lines)
  },
  get count(): number {
    return Object.values(lines).reduce((sum, quantity) => sum + quantity, 0)
  },
  set(id: string, quantity: number): void {
    if (quantity > 0) lines[id] = quantity
    else delete lines[id]
    sessionStorage.setItem(KEY, JSON.stringify(lines))
    track('Cart Changed', { items: cart.count })
  },
  add: (id: string): void => cart.set(id, (lines[id] ?? 0) + 1),
  empty(): void {
    for (const [id] of cart.lines) cart.set(id, 0)
  },
}
