/** Which part of JSON bodies is kept, by path: `user/name`, `items/*\/price`, `user/**`. An empty `allowlist` allows everything. */
export interface BodyRules {
  allowlist: readonly string[]
  excludelist: readonly string[]
}

export type BodyStatus = 'captured' | 'truncated' | 'skipped_binary' | 'error'

export interface CapturedBody {
  body?: string
  status: BodyStatus
}

export interface BodyPolicy {
  rules: BodyRules
  maxBodySizeBytes: number
  isSecretName(name: string): boolean
}

/** Read at most this much of a body, in characters: pruning needs the whole of a JSON text. */
export const MAX_READ_LENGTH = 512 * 1024

/** Stands for what is never recorded. */
export const HIDDEN = '***'
const BINARY = /^(?:image|audio|video|font)\/|^application\/(?:octet-stream|pdf|zip|wasm|x-protobuf|grpc)/i

/** The media type is one whose content is not text, or never ends. */
export function isSkippedType(contentType: string | null): boolean {
  return contentType !== null && (BINARY.test(contentType) || /^text\/event-stream/i.test(contentType))
}

/**
 * The form of a text body that may be recorded: pruned, secrets hidden, cut. A body that the lists
 * cannot be applied to (no JSON, or too long to be read as a whole) is left out when there are lists.
 */
export function captureText(text: string, policy: BodyPolicy): CapturedBody {
  const { rules, isSecretName } = policy
  const hasLists = rules.allowlist.length > 0 || rules.excludelist.length > 0
  const whole = text.length <= MAX_READ_LENGTH
  const json = whole ? parseJson(text) : undefined
  if (json) {
    const pruned = prune(json.value, '', createPathTest(rules), isSecretName)
    return cut(pruned === undefined ? '' : JSON.stringify(pruned), policy.maxBodySizeBytes)
  }
  if (hasLists || (!whole && /^\s*[[{]/.test(text))) return { status: whole ? 'error' : 'truncated' }
  // Pairs as forms send them, and the like in other texts.
  const safe = text.replace(/([\w.[\]%-]+)=([^&\s]*)/g, (all, name: string) =>
    isSecretName(name) ? `${name}=${HIDDEN}` : all,
  )
  return cut(safe, policy.maxBodySizeBytes)
}

/** A request body as text, or undefined if it is none. Files are named, not read. */
export function bodyText(body: unknown): string | undefined {
  if (typeof body === 'string') return body
  if (body instanceof URLSearchParams) return body.toString()
  if (body instanceof FormData) {
    const fields: Record<string, unknown> = {}
    for (const [name, value] of body) fields[name] = typeof value === 'string' ? value : '[File]'
    return JSON.stringify(fields)
  }
  return undefined
}

function parseJson(text: string): { value: unknown } | undefined {
  if (!/^\s*["[{]/.test(text)) return undefined
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

type PathTest = (path: string) => boolean

function createPathTest(rules: BodyRules): PathTest {
  const allowed = rules.allowlist.map(compilePath)
  const excluded = rules.excludelist.map(compilePath)
  return (path) =>
    (allowed.length === 0 || allowed.some((pattern) => pattern.test(path))) &&
    !excluded.some((pattern) => pattern.test(path))
}

/** Matches a path and all that lies below it. */
function compilePath(pattern: string): RegExp {
  const source = pattern
    .replace(/^\/|\/$/g, '')
    .split('/')
    .map((segment) =>
      segment === '**'
        ? '.*'
        : segment
            .split('*')
            .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
            .join('[^/]*'),
    )
    .join('/')
    .replaceAll('.*/', '(?:.*/)?')
  return new RegExp(`^${source}(?:/.*)?$`)
}

function prune(
  value: unknown,
  path: string,
  isKept: PathTest,
  isSecretName: (name: string) => boolean,
): unknown {
  if (typeof value !== 'object' || value === null) {
    return isKept(path) ? value : undefined
  }
  const below = (key: string | number, child: unknown): unknown =>
    prune(child, path === '' ? `${key}` : `${path}/${key}`, isKept, isSecretName)
  if (Array.isArray(value)) {
    const kept = value.map((child, at) => below(at, child)).filter((child) => child !== undefined)
    return kept.length > 0 || isKept(path) ? kept : undefined
  }
  const kept: Record<string, unknown> = {}
  for (const [key, child] of Object.entries(value)) {
    const part = below(key, child)
    if (part !== undefined) kept[key] = isSecretName(key) ? HIDDEN : part
  }
  return Object.keys(kept).length > 0 || isKept(path) ? kept : undefined
}

function cut(text: string, maxBytes: number): CapturedBody {
  const bytes = new TextEncoder().encode(text.slice(0, maxBytes + 1))
  if (bytes.length <= maxBytes) return { body: text, status: 'captured' }
  // A character that does not fit as a whole is dropped.
  const body = new TextDecoder().decode(bytes.subarray(0, maxBytes)).replace(/\uFFFD+$/, '')
  return { body, status: 'truncated' }
}
