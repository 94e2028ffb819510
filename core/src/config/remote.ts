import { guard, ReplayError, type Report } from '../errors.ts'
import { type PolicyWatch, type ViolationTarget, watchPolicy } from '../platform/policy.ts'
import type { Stop } from '../types.ts'
import { parseRemoteConfig, type RemoteRefusal, type RemoteSettings } from './parse-remote.ts'
import { createRemoteCache, type GetStorage } from './remote-cache.ts'
import { type Answer, askOnce, baseOf, type RemoteRequest } from './remote-request.ts'

/** How long a page waits for the server before it decides without it. */
export const CONFIG_WAIT_MS = 1500
const ATTEMPTS = 3
const ATTEMPT_MS = 1000
const MAX_PAUSE_MS = 333
/** Later, patient tries: they cost the page nothing, and a slow server is heard in the end. */
const LATE_PAUSES_MS = [1000, 10_000, 60_000]
const LATE_ATTEMPT_MS = 10_000

/** What the server wants, or why nothing may be recorded. */
export type RemoteConfig = (RemoteSettings & { source: 'network' | 'cache' }) | RemoteRefusal

export interface RemoteConfigDeps extends RemoteRequest {
  storage: GetStorage
  /** The server was heard after `load` had settled without it. */
  onLate(config: RemoteConfig): void
  /** Tells what the Content-Security-Policy blocks. */
  page?: ViolationTarget | undefined
  report: Report
  now?(): number
  random?(): number
}

export interface RemoteConfigSource {
  /** Asks the server. Settles within 1.5 s and never rejects; a call under way follows the newest one. */
  load(): Promise<RemoteConfig>
  /** What it said on an earlier page: for guesses, never for decisions. */
  guess(): RemoteConfig | undefined
  stop: Stop
}

/**
 * Remote config decides whether anything may be recorded, so no answer means no. Only where the server is out of
 * reach, not where it refuses, does its answer of the last day count; the search for a fresh one goes on meanwhile.
 */
export function createRemoteConfig(deps: RemoteConfigDeps): RemoteConfigSource {
  const { report, now = Date.now, random = Math.random } = deps
  const cache = createRemoteCache(deps.apiKey, deps.storage, now)
  const onLate = guard('a late remote config', report, deps.onLate)
  let current: AbortController | undefined
  let policy: PolicyWatch | undefined
  let latest: Promise<RemoteConfig> | undefined
  /** A key that is unwelcome stays unwelcome: asking again would only add load. */
  let refusedForGood: RemoteRefusal | undefined

  async function ask(pausesMs: readonly number[], timeoutMs: number, run: AbortSignal): Promise<Answer> {
    let answer: Answer = { heard: false, reason: 'failed', forGood: false, detail: 'not asked' }
    for (const pauseMs of pausesMs) {
      if (pauseMs > 0) await pause(pauseMs, run)
      if (run.aborted) break
      answer = await askOnce(deps, timeoutMs, run)
      if (answer.heard || answer.reason === 'refused') break
    }
    return answer
  }

  function settle(answer: Answer): RemoteConfig {
    if (answer.heard) {
      cache.write(answer.body)
      return withSource(parseRemoteConfig(answer.body, report), 'network')
    }
    const refusal: RemoteRefusal = { usable: false, reason: answer.reason, detail: answer.detail }
    if (answer.forGood) refusedForGood = refusal
    return answer.reason === 'refused' ? refusal : (fromCache() ?? refusal)
  }

  function fromCache(): RemoteConfig | undefined {
    const stored = cache.read()
    const parsed = stored === undefined ? undefined : parseRemoteConfig(stored, report)
    return parsed?.usable ? withSource(parsed, 'cache') : undefined
  }

  function explain(config: RemoteConfig): RemoteConfig {
    // That the page's policy blocks the server is told by then, more exactly.
    if (!config.usable && !policy?.isForbidden()) {
      const remedy =
        config.reason === 'not-configured'
          ? 'Switch Session Replay on in the project settings'
          : 'Check the API key, serverZone and the connect-src of the page; visitors whose blocker stops it need ' +
            'configServerUrl and a proxy on your own domain'
      const message = `Session Replay: nothing is recorded, for want of remote config: ${config.detail}. ${remedy}.`
      report(new ReplayError('REMOTE_CONFIG', message))
    }
    return config
  }

  function tellForbidden(): void {
    const message =
      `Session Replay: this page's Content-Security-Policy blocks ${baseOf(deps)}, where settings come from. Add it to ` +
      'connect-src, or set configServerUrl to a proxy on your own domain. Without settings nothing is recorded.'
    report(new ReplayError('REMOTE_CONFIG', message))
  }

  async function run(signal: AbortSignal): Promise<RemoteConfig> {
    const pausesMs = Array.from({ length: ATTEMPTS }, (_, index) => index && random() * MAX_PAUSE_MS)
    const answers = ask(pausesMs, ATTEMPT_MS, signal)
    const waiting = new AbortController()
    const answer = await Promise.race([answers, pause(CONFIG_WAIT_MS, waiting.signal)])
    waiting.abort()
    if (signal.aborted) {
      const isReplaced = current?.signal !== signal && latest
      return isReplaced || { usable: false, reason: 'failed', detail: 'stopped' }
    }
    if (!answer || (!answer.heard && answer.reason === 'failed')) void listen(answers, signal)
    const timedOut: RemoteRefusal = {
      usable: false,
      reason: 'timeout',
      detail: `no answer within ${CONFIG_WAIT_MS} ms`,
    }
    return explain(answer ? settle(answer) : (fromCache() ?? timedOut))
  }

  /** Goes on in the background and passes on what the server says at last. */
  async function listen(answers: Promise<Answer>, signal: AbortSignal): Promise<void> {
    let answer = await answers
    if (!answer.heard && answer.reason === 'failed')
      answer = await ask(LATE_PAUSES_MS, LATE_ATTEMPT_MS, signal)
    if (signal.aborted || (!answer.heard && answer.reason === 'failed')) return
    onLate(explain(settle(answer)))
  }

  return {
    load() {
      current?.abort()
      if (refusedForGood) return Promise.resolve(refusedForGood)
      current = new AbortController()
      policy ??= watchPolicy(baseOf(deps), deps.page, report, tellForbidden)
      latest = run(current.signal)
      return latest
    },
    guess: fromCache,
    stop() {
      current?.abort()
      policy?.stop()
      policy = undefined
    },
  }
}

const withSource = (config: RemoteSettings | RemoteRefusal, source: 'network' | 'cache'): RemoteConfig =>
  config.usable ? { ...config, source } : config

/** Waits, or ends at once when `signal` aborts. */
function pause(ms: number, signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve(undefined)
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
