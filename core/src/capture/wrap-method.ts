import type { Stop } from '../types.ts'

type Method = (this: unknown, ...args: never[]) => unknown

/**
 * Replaces a method of the page until stopped. The original comes back only if nobody wrapped ours since;
 * else ours stays below the newer wrapper and passes everything through. `__rrweb_original__` is what
 * recorders look for when they want to talk past each other's wrappers.
 */
export function wrapMethod<Owner extends object>(
  owner: Owner | undefined,
  name: keyof Owner & string,
  wrap: (original: Method) => Method,
): Stop {
  const original = owner?.[name] as Method | undefined
  if (!owner || typeof original !== 'function') return () => {}
  const wasOwn = Object.hasOwn(owner, name)
  const active = wrap(original)
  let live = true
  const wrapper: Method = function (...args) {
    return (live ? active : original).apply(this, args)
  }
  Object.defineProperties(wrapper, {
    name: { value: name, configurable: true },
    length: { value: original.length, configurable: true },
    __rrweb_original__: { value: original },
  })
  Reflect.set(owner, name, wrapper)
  return () => {
    live = false
    if (owner[name] !== wrapper) return
    if (wasOwn) Reflect.set(owner, name, original)
    else Reflect.deleteProperty(owner, name)
  }
}
