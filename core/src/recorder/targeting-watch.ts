import type { ResolvedOptions } from '../config/resolve-options.ts'
import { ReplayError, type Report } from '../errors.ts'
import type { PageTargeting } from '../pipeline/targeting.ts'
import type { TargetingNews, TargetingVerdict } from '../session/targeting.ts'
import type { SessionId, Stop } from '../types.ts'
import type { RecorderDeps } from './types.ts'

/** The verdict of the session in force, asked again when something happens that its rules may look at. */
export interface TargetingWatch {
  verdict(): TargetingVerdict
  /** Asks the rules, if there are any; resolves with the verdict known. Never rejects. */
  evaluate(news?: TargetingNews): Promise<void>
  /** From now on each new address of the page is a question. */
  follow(): void
  /** Other rules, or another session: what is still being judged counts for nothing. */
  forget(): void
  /** Follows no longer. */
  stop(): void
}

export interface TargetingWatchDeps {
  /** Null where everybody is meant. */
  rules(): { flag: object; sessionId: SessionId } | null
  readonly apiKey: string
  readonly options: ResolvedOptions
  readonly load: NonNullable<RecorderDeps['loadTargeting']>
  readonly report: Report
  /** The verdict may have changed. */
  onVerdict(): void
}

export function watchTargeting(deps: TargetingWatchDeps): TargetingWatch {
  const { apiKey, options, report } = deps
  let verdict: TargetingVerdict = 'pending'
  let targeting: Promise<PageTargeting> | undefined
  let following = false
  let stopFollowing: Stop | undefined
  /** Grows when verdicts to earlier questions are no longer wanted. */
  let era = 0

  async function evaluate(news?: TargetingNews): Promise<void> {
    const rules = deps.rules()
    if (!rules || verdict === 'matched') return
    const asked = era
    let answer: TargetingVerdict
    try {
      targeting ??= deps.load({
        apiKey,
        options,
        report,
        flag: rules.flag as Record<string, unknown>,
        sessionId: rules.sessionId,
        userProperties: options.userProperties as Record<string, unknown> | undefined,
      })
      answer = await (await targeting).evaluate(news)
    } catch (cause) {
      // In doubt, not targeted. Perhaps the network: the next question tries again.
      answer = 'not-matched'
      if (asked === era) targeting = undefined
      report(
        new ReplayError('REMOTE_CONFIG', 'Session Replay: targeting rules could not be loaded.', { cause }),
      )
    }
    if (asked !== era) return
    verdict = answer
    deps.onVerdict()
    listen()
  }

  function listen(): void {
    // Where it cannot be loaded, `evaluate` has told.
    targeting?.then(
      ({ follow }) => {
        if (following) stopFollowing ??= follow(() => void evaluate())
      },
      () => {},
    )
  }

  return {
    verdict: () => verdict,
    evaluate,
    // A single-page navigation may make a page match that did not before.
    follow() {
      following = true
      listen()
    },
    forget() {
      era += 1
      verdict = 'pending'
      targeting = undefined
    },
    stop() {
      following = false
      stopFollowing?.()
      stopFollowing = undefined
    },
  }
}
