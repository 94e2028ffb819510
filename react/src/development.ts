import type { ReplayErrorCode } from '@session-replay-kit/core'

// Every bundler for React replaces this expression, as React itself relies on it.
declare const process: { env: { NODE_ENV?: string } }

export const isDevelopment: boolean = process.env.NODE_ENV !== 'production'

const told = new Set<string>()

/** Tells the developer about a mistake, once per text. Calls belong behind `isDevelopment`. */
export function warnOnce(code: ReplayErrorCode, message: string): void {
  if (told.has(message)) return
  told.add(message)
  console.error(`[session-replay] ${code}: ${message}`)
}
