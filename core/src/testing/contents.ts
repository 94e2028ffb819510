/** What an object holds, as far as it can be seen from outside. */
export type Contents =
  | { bytes: Uint8Array }
  | { text: string }
  | { list: unknown[] }
  | { fields: Iterable<[name: unknown, value: unknown]> }

/**
 * The contents of plain objects, bytes, dates, addresses, errors, web storage, and of everything iterable: lists, maps,
 * sets, headers, forms. `null` for all else: a blob, a promise or an iterator may look empty, whatever was in it.
 */
export function contentsOf(value: object): Contents | null {
  const bytes = bytesOf(value)
  if (bytes) return { bytes }
  if (Array.isArray(value)) return { list: value }
  if (isPlain(value)) return { fields: Object.entries(value) }
  switch (kindOf(value)) {
    case 'String':
      return { text: String(value) }
    case 'Date':
      return { text: (value as Date).toJSON() ?? '' }
    case 'URL':
    case 'Location':
      return { fields: [['href', (value as URL).href]] }
    case 'Error':
    case 'DOMException':
      return { fields: fieldsOfError(value as Error) }
    case 'Storage':
      return { fields: Object.entries(value) }
    default:
      return contentsOfIterable(value)
  }
}

/** A name for messages, such as `Blob`, or that of the class. */
export function nameOf(value: object): string {
  const kind = kindOf(value)
  return kind === 'Object' ? (value.constructor?.name ?? kind) : kind
}

/** The same in every realm, unlike `instanceof`. */
function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

/** Literals and parsed JSON, whose prototype is the `Object.prototype` of some realm, or none. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function bytesOf(value: object): Uint8Array | null {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return kindOf(value) === 'ArrayBuffer' ? new Uint8Array(value as ArrayBuffer) : null
}

/** Those that matter cannot be enumerated. */
function fieldsOfError(error: Error): [string, unknown][] {
  const names = new Set(['name', 'message', 'stack', ...Object.getOwnPropertyNames(error)])
  return [...names].map((name) => [name, error[name as keyof Error]])
}

function contentsOfIterable(value: object): Contents | null {
  const iterable = value as Map<unknown, unknown>
  const iterate = iterable[Symbol.iterator]
  // Forms and styles give only their elements and names.
  if (!iterate || 'nodeType' in value || 'cssText' in value) return null
  // What is made of pairs (`Map`, `Headers`, `FormData`) gives them when it is iterated; `Set` gives values.
  if (iterate === iterable.entries) return { fields: iterable }
  const iterator: unknown = iterable[Symbol.iterator]()
  // An iterator gives what it holds only once: a second search would find nothing.
  return iterator === value ? null : { list: [...iterable] }
}
