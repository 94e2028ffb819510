import { ReplayError, type Report } from '../errors.ts'
import type { AnalyticsEvent, SessionId, TargetingStore } from '../types.ts'
import { evaluateFlag } from './evaluate-flag.ts'

export interface TargetingDeps {
  /** The server's rules: `sr_targeting_config`. */
  flag: Record<string, unknown>
  sessionId: SessionId
  /** Of the user, as far as known at the start. */
  userProperties: Record<string, unknown> | undefined
  pageUrl(): string
  store: TargetingStore
  report: Report
}

export type TargetingVerdict = 'pending' | 'matched' | 'not-matched'

/** What is new since the last question; nothing if only the page has changed. */
export interface TargetingNews {
  event?: AnalyticsEvent
  userProperties?: Record<string, unknown>
  /** Judged in place of the page's own address, this once. */
  page?: { url?: string }
}

export interface Targeting {
  readonly verdict: TargetingVerdict
  /** Judges again with what is new. Never rejects. */
  evaluate(news?: TargetingNews): Promise<TargetingVerdict>
}

/** Storage that keeps silent must not keep a session from being judged. */
const STORE_WAIT_MS = 1000
/** Enough for any rule; a page that makes up event names without end must not fill the disk. */
const MAX_EVENT_TYPES = 500

/**
 * The rules of one session. A session that has matched stays matched, in every page of it. Rules that cannot be
 * evaluated match nobody: they were written to record less, not more.
 */
export function createTargeting(deps: TargetingDeps): Targeting {
  const { flag, sessionId, pageUrl, store, report } = deps
  let verdict: TargetingVerdict = 'pending'
  let userProperties = { ...deps.userProperties }
  const eventTypes = new Set<string>()

  const loaded = within(STORE_WAIT_MS, () => store.get(sessionId)).then((record) => {
    // Storage belongs to the page: anything may stand there.
    if (record?.matched === true) verdict = 'matched'
    if (Array.isArray(record?.eventTypes)) for (const type of record.eventTypes) eventTypes.add(type)
  })

  function save(): void {
    const record = { matched: verdict === 'matched', eventTypes: [...eventTypes] }
    void within(STORE_WAIT_MS, () => store.set(sessionId, record))
  }

  function judge(event: AnalyticsEvent | undefined, url: string): TargetingVerdict {
    try {
      const context = {
        session_id: numeric(sessionId),
        event,
        event_types: [...eventTypes],
        user: { ...userProperties, user_properties: userProperties },
        page: { url },
      }
      return evaluateFlag(flag, context) === 'on' ? 'matched' : 'not-matched'
    } catch (cause) {
      const message =
        'Session Replay: the targeting rules of remote config cannot be evaluated, so nothing matches.'
      report(new ReplayError('REMOTE_CONFIG', message, { cause }))
      return 'not-matched'
    }
  }

  return {
    get verdict() {
      return verdict
    },
    async evaluate({ event, userProperties: more, page } = {}) {
      // Page and properties of the moment of asking: an event counts where it happened.
      const url = page?.url ?? pageUrl()
      userProperties = { ...userProperties, ...more }
      await loaded
      const isNewType = event?.time !== undefined && !eventTypes.has(event.event_type)
      if (event && isNewType && eventTypes.size < MAX_EVENT_TYPES) eventTypes.add(event.event_type)

      // A page that was left meanwhile, with nothing that happened on it, is of no interest any more.
      const isStale = !event && !more && !page && url !== pageUrl()
      const before = verdict
      if (before !== 'matched' && !isStale) verdict = judge(event, url)
      if (isNewType || (verdict === 'matched' && before !== 'matched')) save()
      return verdict
    },
  }
}

/** Epoch ms also when it comes as text; the app's own ids as they are. */
const numeric = (id: SessionId): SessionId => (/^\d+$/.test(String(id)) ? Number(id) : id)

/** The result, or undefined if there is none in time or at all. */
function within<T>(ms: number, run: () => Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, undefined)
    const done = (result?: T) => {
      clearTimeout(timer)
      resolve(result)
    }
    try {
      run().then(done, () => done())
    } catch {
      done()
    }
  })
}
