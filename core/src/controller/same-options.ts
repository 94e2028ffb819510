/**
 * Both say the same. Functions count by their text, since hot replacement makes each of them anew, or as `sameFunctions`
 * says; what is neither plain nor a list (clients, elements) is itself or another one.
 */
export function sameOptions(a: unknown, b: unknown, sameFunctions = sameTexts): boolean {
  if (Object.is(a, b)) return true
  if (typeof a === 'function' || a instanceof RegExp) return typeof a === typeof b && sameFunctions(a, b)
  if (!isPlain(a) || !isPlain(b)) return false
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => sameOptions(a[key], b[key], sameFunctions))
}

const sameTexts = (a: unknown, b: unknown): boolean => String(a) === String(b)

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  return Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value))
}
