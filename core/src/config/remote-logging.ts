/** Which part of JSON bodies is kept. An empty `allowlist` allows everything. */
export interface BodyRules {
  allowlist: string[]
  excludelist: string[]
}

/** What is captured of console and network. */
export interface LoggingSettings {
  consoleLevels: string[]
  /** Null: no requests. A null rule: no bodies of that direction. */
  network: null | {
    request: BodyRules | null
    response: BodyRules | null
    maxBodySizeBytes: number
  }
}

const LEVELS: readonly unknown[] = ['info', 'log', 'warn', 'error']
/** The service's own default for the part of a body that is kept. */
const DEFAULT_BODY_BYTES = 10_240
/** No body is worth more than a megabyte of replay. */
const MAX_BODY_BYTES = 1_000_000

/**
 * Reads the server's `sr_logging_config`. All is off unless it is switched on in words that can be read.
 * A file of its own, because only pages that are recorded need it: the entry hands the server's words on unread.
 */
export function readLogging(raw: unknown): LoggingSettings {
  const console = below(raw, 'console')
  const levels = console.levels
  const network = below(raw, 'network')
  const body = below(network, 'body')
  return {
    consoleLevels:
      console.enabled === true && Array.isArray(levels)
        ? levels.filter((level) => LEVELS.includes(level))
        : [],
    network:
      network.enabled === true
        ? {
            request: readBody(body.request),
            response: readBody(body.response),
            maxBodySizeBytes: bodyBytes(body.maxBodySizeBytes),
          }
        : null,
  }
}

function below(holder: unknown, name: string): Record<string, unknown> {
  const value = isRecord(holder) ? holder[name] : undefined
  return isRecord(value) ? value : {}
}

const bodyBytes = (value: unknown): number =>
  typeof value === 'number' && value >= 0 ? Math.min(value, MAX_BODY_BYTES) : DEFAULT_BODY_BYTES

/** `true`, or an object that is not switched off and whose lists can be read; anything else keeps bodies out. */
function readBody(rule: unknown): BodyRules | null {
  if (rule === true) return { allowlist: [], excludelist: [] }
  if (!isRecord(rule) || (rule.enabled !== undefined && rule.enabled !== true)) return null
  const allowlist = rule.allowlist ?? []
  // `blocklist` is its older name.
  const excludelist = rule.excludelist ?? rule.blocklist ?? []
  return isTextList(allowlist) && isTextList(excludelist) ? { allowlist, excludelist } : null
}

// Not imported: a module shared with the entry would become a chunk, and a request, of its own.
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string')
