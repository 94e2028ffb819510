/** The page's localStorage, or null where there is none or it is denied: reading the property can already throw. */
export function localStore(): Storage | null {
  try {
    return globalThis.localStorage ?? null
  } catch {
    return null
  }
}
