import type { Logger } from '../types.ts'

/** Amplitude's levels: 0 none, 1 errors, 2 warnings too, 3 messages too, 4 everything. */
export type LogLevel = 0 | 1 | 2 | 3 | 4

/** What an app may pass as `loggerProvider`; missing methods are skipped. */
export type LoggerProvider = Partial<Logger>

const PREFIX = 'Amplitude Logger'

/**
 * A logger that drops what is above `level` and survives a provider that throws.
 * The only place that touches `console`. Methods are looked up at each call and unwrapped from
 * rrweb's console capture (`__rrweb_original__`), so that our own messages are never recorded.
 */
export function createLogger(level: LogLevel = 2, provider: LoggerProvider = console): Logger {
  const write =
    (method: keyof Logger, label: string, needed: LogLevel) =>
    (...parts: unknown[]): void => {
      if (level < needed) return
      try {
        const found = provider[method] as
          | (((...all: unknown[]) => void) & { __rrweb_original__?: unknown })
          | undefined
        const target = (found?.__rrweb_original__ as typeof found) ?? found
        if (provider === console) target?.call(provider, `${PREFIX} [${label}]:`, ...parts)
        else target?.call(provider, ...parts)
      } catch {
        // A broken logger must not break the page.
      }
    }
  return {
    error: write('error', 'Error', 1),
    warn: write('warn', 'Warn', 2),
    log: write('log', 'Log', 3),
    debug: write('debug', 'Debug', 4),
  }
}
