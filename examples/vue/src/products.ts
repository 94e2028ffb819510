export interface Product {
  id: string
  name: string
  price: number
  light: 'shade' | 'half shade' | 'sun'
  hue: number
}

export const PRODUCTS: Product[] = [
  { id: 'fern', name: 'Boston fern', price: 14, light: 'shade', hue: 140 },
  { id: 'monstera', name: 'Monstera', price: 32, light: 'half shade', hue: 155 },
  { id: 'cactus', name: 'Bunny-ear cactus', price: 9, light: 'sun', hue: 95 },
  { id: 'lavender', name: 'Lavender', price: 7, light: 'sun', hue: 265 },
  { id: 'calathea', name: 'Calathea orbifolia', price: 27, light: 'shade', hue: 165 },
  { id: 'lemon', name: 'Lemon tree', price: 48, light: 'sun', hue: 60 },
  { id: 'ivy', name: 'English ivy', price: 11, light: 'half shade', hue: 120 },
  { id: 'rose', name: 'Miniature rose', price: 12, light: 'sun', hue: 345 },
]

export const productById = (id: string): Product | undefined => PRODUCTS.find((product) => product.id === id)

export const euros = (amount: number): string => `€ ${amount.toFixed(2)}`
