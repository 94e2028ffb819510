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

/** A drawn leaf instead of a photo: the shop needs no network. */
export function picture({ name, hue }: Product): string {
  return `<svg viewBox="0 0 80 60" role="img" aria-label="${name}">
    <rect width="80" height="60" fill="hsl(${hue} 45% 92%)" />
    <path d="M40 52C20 44 18 22 40 8c22 14 20 36 0 44Z" fill="hsl(${hue} 42% 45%)" />
    <path d="M40 52V18" stroke="hsl(${hue} 45% 30%)" stroke-width="1.5" />
  </svg>`
}
