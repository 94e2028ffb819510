import type { Product } from './products.ts'

/** A drawn leaf instead of a photo: the shop needs no network. */
export function Picture({ product: { name, hue } }: { product: Product }) {
  return (
    <svg viewBox="0 0 80 60" role="img" aria-label={name}>
      <rect width="80" height="60" fill={`hsl(${hue} 45% 92%)`} />
      <path d="M40 52C20 44 18 22 40 8c22 14 20 36 0 44Z" fill={`hsl(${hue} 42% 45%)`} />
      <path d="M40 52V18" stroke={`hsl(${hue} 45% 30%)`} strokeWidth="1.5" />
    </svg>
  )
}
