/**
 * Compares options by what they say, so that an object written in JSX is not new on each render. Instances of
 * classes (clients, stores) are compared by identity.
 */
export function sameValue(
  a: unknown,
  b: unknown,
  sameFunction: (a: unknown, b: unknown) => boolean = Object.is,
): boolean {
  if (Object.is(a, b)) return true
  if (typeof a === 'function' && typeof b === 'function') return sameFunction(a, b)
  if (a instanceof RegExp && b instanceof RegExp) return String(a) === String(b)
  if (!isPlain(a) || !isPlain(b)) return false
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => sameValue(a[key], b[key], sameFunction))
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || Array.isArray(value)
}
