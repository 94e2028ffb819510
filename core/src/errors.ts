import type { Logger } from './types.ts'

/** Stable names of everything that can go wrong. The message says what to do about it. */
export type ReplayErrorCode =
  | 'ANALYTICS_MISSING'
  | 'BAD_CHILD'
  | 'BAD_OPTION'
  | 'BAD_PATTERN'
  | 'BAD_SELECTOR'
  | 'CAPTURE_FAILED'
  | 'DUPLICATE_CONTROLLER'
  | 'EVENT_DROPPED'
  | 'EXTERNAL_DETACH'
  | 'FALSE_ATTRIBUTE'
  | 'INTERNAL'
  | 'MISSING_ID'
  | 'NO_PROVIDER'
  | 'OUTSIDE_SETUP'
  | 'REMOTE_CONFIG'
  | 'RULE_THREW'
  | 'SETUP_FAILED'
  | 'SETUP_PENDING'
  | 'STORE_FAILED'
  | 'TRANSPORT_BLOCKED'
  | 'UNSETTLED'
  | 'UPLOAD_REFUSED'
  | 'WORKER_FAILED'

/** A problem of the kit, told to the logger and to `onError`; never thrown into the host page. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError'
  readonly code: ReplayErrorCode
  /** Recording cannot go on without a new start. */
  readonly fatal: boolean

  constructor(code: ReplayErrorCode, message: string, details: { cause?: unknown; fatal?: boolean } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.fatal = details.fatal ?? false
  }
}

/** Called with each problem; decides about logging and `onError`. */
export type Report = (error: ReplayError) => void

/**
 * A `Report` that warns once per code and text, and of about a hundred texts at most, so that a fault in a hot path can
 * not flood the console.
 * Fatal problems are logged as errors, others as warnings.
 */
export function createReport(logger: Logger, onError?: (error: ReplayError) => void): Report {
  const seen = new Set<string>()
  return (error) => {
    const key = `${error.code} ${error.message}`
    if (seen.has(key) || seen.size > 100) return
    seen.add(key)
    const cause = error.cause === undefined ? [] : [error.cause]
    if (error.fatal) logger.error(error.message, ...cause)
    else logger.warn(error.message, ...cause)
    try {
      onError?.(error)
    } catch {
      // The app's own handler failed: its problem, not a reason to stop recording.
    }
  }
}

/** Wraps a callback that the browser, rrweb or the app calls: an error is reported, never thrown. */
export function guard<Args extends unknown[], Result>(
  where: string,
  report: Report,
  run: (...args: Args) => Result,
): (...args: Args) => Result | undefined {
  return (...args) => {
    try {
      return run(...args)
    } catch (cause) {
      report(
        new ReplayError('INTERNAL', `Session Replay: ${where} failed; the page is not affected.`, { cause }),
      )
      return undefined
    }
  }
}
