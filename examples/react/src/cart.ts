import { useSyncExternalStore } from 'react'

/** Product id → quantity. */
export type CartLines = readonly (readonly [id: string, quantity: number])[]

/** Kept for the visit, so that a reload is part of the replay. */
const KEY = 'shop-cart'
let lines: CartLines = JSON.parse(sessionStorage.getItem(KEY) ?? '[]')
const listeners = new Set<() => void>()

const setLines = (next: CartLines): void => {
  lines = next
  sessionStorage.setItem(KEY, JSON.stringify(lines))
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useCart = (): CartLines => useSyncExternalStore(subscribe, () => lines)

export function setQuantity(id: string, quantity: number): void {
  const isNew = !lines.some(([line]) => line === id)
  const all: CartLines = isNew ? [...lines, [id, quantity]] : lines
  setLines(
    all
      .map(([line, amount]) => [line, line === id ? quantity : amount] as const)
      .filter(([, amount]) => amount > 0),
  )
}

export const addToCart = (id: string): void =>
  setQuantity(id, (lines.find(([line]) => line === id)?.[1] ?? 0) + 1)

export const emptyCart = (): void => setLines([])

export const countOf = (cart: CartLines): number => cart.reduce((sum, [, quantity]) => sum + quantity, 0)
