import { guard, type Report } from '../errors.ts'
import type { Stop } from '../types.ts'
import { keepListening } from './document-swap.ts'
import { wrapMethod } from './wrap-method.ts'

/** The name that rrweb's player knows. */
export const CONSOLE_PLUGIN = 'rrweb/console@1'

export type ConsoleLevel = 'info' | 'log' | 'warn' | 'error'

export interface ConsoleDeps {
  levels: readonly ConsoleLevel[]
  /** Puts one plugin event into the replay. */
  addPluginEvent(plugin: string, payload: unknown): void
  report: Report
}

/** Limits of rrweb's own console plugin (records, keys, depth); it does not cut strings. */
const MAX_RECORDS = 10_000
const MAX_KEYS = 50
const MAX_DEPTH = 4
const MAX_STRING_LENGTH = 2000
const MAX_TRACE_LINES = 10

/** What our logger puts first: found here only if somebody else wrapped the console over us. */
const OWN_MESSAGE = /^Amplitude Logger \[/

/**
 * Records what the page writes to the console, and errors nobody caught if `error` is among the levels.
 * The page's output is not changed; after stop the console is as before.
 */
export function startConsoleCapture(deps: ConsoleDeps): Stop {
  let left = MAX_RECORDS
  let busy = false
  // This module's function and the wrapper, whose call of it is a tail call.
  const ownFrames = hasTailCalls() ? 1 : 2

  const tell = guard(
    'recording the console',
    deps.report,
    (level: ConsoleLevel, parts: readonly unknown[], frames: readonly string[]) => {
      // Recording may itself log: no circles.
      if (busy || left <= 0 || (typeof parts[0] === 'string' && OWN_MESSAGE.test(parts[0]))) return
      busy = true
      try {
        left--
        const payload = parts.map((part) => describe(part))
        deps.addPluginEvent(CONSOLE_PLUGIN, { level, trace: frames.slice(0, MAX_TRACE_LINES), payload })
        if (left > 0) return
        deps.addPluginEvent(CONSOLE_PLUGIN, {
          level: 'warn',
          trace: [],
          payload: [JSON.stringify(`More than ${MAX_RECORDS} messages: the rest is not recorded.`)],
        })
      } finally {
        busy = false
      }
    },
  )

  const stops: Stop[] = deps.levels.map((level) =>
    wrapMethod(
      console,
      level,
      (original) =>
        function (this: unknown, ...parts: never[]) {
          const result = original.apply(this, parts)
          if (!busy) tell(level, parts, stackFrames(new Error().stack).slice(ownFrames))
          return result
        },
    ),
  )
  if (deps.levels.includes('error')) {
    const onError = (event: ErrorEvent): void => {
      const { stack } = (event.error ?? {}) as { stack?: string }
      tell('error', [event.message], stackFrames(stack))
    }
    const onRejection = (event: PromiseRejectionEvent): void => {
      tell('error', ['Uncaught (in promise)', event.reason], [])
    }
    const listen = (): Stop => {
      window.addEventListener('error', onError)
      window.addEventListener('unhandledrejection', onRejection)
      return () => {
        window.removeEventListener('error', onError)
        window.removeEventListener('unhandledrejection', onRejection)
      }
    }
    stops.push(keepListening(listen, deps.report))
  }
  return () => {
    left = 0
    for (const stop of stops) stop()
  }
}

const V8_FRAME = /^\s+at /
const OTHER_FRAME = /@(\[native code\]|[a-z-]+:\S+:\d+:\d+)$/

/**
 * The frames of a stack, innermost first. V8 writes the message in front of them, on one line or several, which
 * is not masked and must not be taken for a frame; other engines write frames only.
 * Queries and hashes of script addresses may hold tokens: left out.
 */
function stackFrames(stack = ''): string[] {
  const lines = stack.split('\n')
  let first = lines.length
  while (V8_FRAME.test(lines[first - 1] ?? '')) first--
  const frames = first < lines.length ? lines.slice(first) : lines.filter((line) => OTHER_FRAME.test(line))
  return frames.map((frame) =>
    frame.replace(V8_FRAME, '').replace(/[?#][^\s)]*?(:\d+:\d+)?(?=\)|\s|$)/g, '$1'),
  )
}

/** Whether a function that ends by calling another is missing in stacks, as the language says and Safari does. */
function hasTailCalls(): boolean {
  const take = () => {
    const frames = stackFrames(new Error().stack)
    return frames
  }
  const seen: (string | undefined)[] = []
  // Called from one place: the frame below is the same unless a function stands between.
  for (const call of [take, () => take()]) seen.push(call()[1])
  return seen[0] === seen[1]
}

/** One argument as JSON text: bounded, without cycles, getters not called, elements by tag only. */
function describe(value: unknown): string {
  const above: object[] = []
  const text = (content: string): string =>
    content.length > MAX_STRING_LENGTH ? `${content.slice(0, MAX_STRING_LENGTH)}…` : content
  const plain = (part: unknown, depth: number): unknown => {
    if (typeof part === 'string') return text(part)
    if (typeof part === 'bigint' || typeof part === 'symbol') return text(String(part))
    if (part === undefined) return 'undefined'
    if (typeof part === 'number' || typeof part === 'boolean' || part === null) return part
    if (typeof part === 'function') return `[Function ${part.name}]`
    const object = part as object
    if (object instanceof Error) return text(`${object.name}: ${object.message}`)
    if (object instanceof Node) return `<${object.nodeName.toLowerCase()}>`
    if (object instanceof Event) return `[Event ${object.type}]`
    // All that the page keeps there.
    if (object instanceof Storage) return '[Storage]'
    if (object === window) return '[Window]'
    if (object instanceof Date) return Number.isNaN(object.getTime()) ? 'Invalid Date' : object.toISOString()
    if (above.includes(object)) return '[Circular]'
    if (depth >= MAX_DEPTH) return Array.isArray(object) ? '[Array]' : '[Object]'
    above.push(object)
    const copy = Array.isArray(object)
      ? object.slice(0, MAX_KEYS).map((item) => plain(item, depth + 1))
      : properties(object, depth)
    above.pop()
    return copy
  }
  const properties = (object: object, depth: number): Record<string, unknown> => {
    const copy: Record<string, unknown> = {}
    for (const key of Object.keys(object).slice(0, MAX_KEYS)) {
      const descriptor = Object.getOwnPropertyDescriptor(object, key)
      copy[text(key)] = descriptor?.get ? '[Getter]' : plain(descriptor?.value, depth + 1)
    }
    return copy
  }
  return JSON.stringify(plain(value, 0))
}
