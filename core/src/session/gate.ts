import type { SessionId } from '../types.ts'

/** Everything that the decision to record depends on. */
export interface GateFacts {
  sessionId: SessionId | undefined
  deviceId: string | undefined
  /** `stop()` or `shutdown()` was called and `start()` was not. */
  stopped: boolean
  /** Why the options allow no recording; null if they do. */
  invalid: string | null
  /** Null until the server, or the wait for it, has had its say. */
  remote: { usable: true; captureEnabled: boolean } | { usable: false; detail: string } | null
  /** The server wants nothing more of this session. */
  refused: boolean
  optedOut: boolean
  /** Why recording cannot begin, whatever else says: it broke off, or its code did not come. Null if nothing is wrong. */
  failure: string | null
  /** Chosen by lot, or by rules where the server sent some. */
  selection:
    | { by: 'sampling'; draw: number; rate: number; rateFrom: string }
    | { by: 'targeting'; verdict: 'pending' | 'matched' | 'not-matched' }
  /** Reasons to pause, in words: `route /checkout`, `manual`. */
  holds: readonly string[]
}

export type GateReason =
  | 'no-session-id'
  | 'no-device-id'
  | 'stopped'
  | 'bad-options'
  | 'config-pending'
  | 'config-unavailable'
  | 'capture-disabled'
  | 'session-refused'
  | 'opted-out'
  | 'not-sampled'
  | 'targeting-pending'
  | 'not-targeted'
  | 'held'
  | 'failed'

export type GateDecision = { open: true } | { open: false; reason: GateReason; detail: string }

/** One question on the way to the decision. `passed` is null for those that were not asked any more. */
export interface GateStep {
  check: GateReason
  passed: boolean | null
  detail: string
}

export interface GateExplanation {
  decision: GateDecision
  /** Every question in the order in which they are asked. */
  steps: GateStep[]
  /** The decision for people: `not recorded: sample draw 0.41 ≥ sampleRate 0.1 (code)`. */
  sentence: string
}

interface Check {
  reason: GateReason
  closes(facts: GateFacts): boolean
  /** What is the case, whichever way it goes. */
  tell(facts: GateFacts): string
}

const check = (reason: GateReason, closes: Check['closes'], tell: Check['tell']): Check => ({
  reason,
  closes,
  tell,
})

const byTargeting = ({ selection }: GateFacts, verdict: string) =>
  selection.by === 'targeting' && selection.verdict === verdict

const tellTargeting = ({ selection }: GateFacts) =>
  selection.by === 'sampling'
    ? 'no targeting rules'
    : ({ pending: 'targeting rules not evaluated yet', matched: 'targeting rules match' }[
        selection.verdict as string
      ] ?? 'targeting rules do not match')

// In this order; the first that closes is the reason.
const CHECKS: readonly Check[] = [
  check(
    'no-session-id',
    ({ sessionId }) => !sessionId,
    ({ sessionId }) => `session id ${sessionId || 'missing'}`,
  ),
  check(
    'no-device-id',
    ({ deviceId }) => !deviceId,
    ({ deviceId }) => `device id ${deviceId || 'missing'}`,
  ),
  check(
    'stopped',
    ({ stopped }) => stopped,
    ({ stopped }) => (stopped ? 'stopped by the app' : 'not stopped'),
  ),
  check(
    'bad-options',
    ({ invalid }) => invalid !== null,
    ({ invalid }) => invalid ?? 'options are usable',
  ),
  check(
    'config-pending',
    ({ remote }) => !remote,
    ({ remote }) => `remote config ${remote ? 'settled' : 'awaited'}`,
  ),
  check(
    'config-unavailable',
    ({ remote }) => !remote?.usable,
    ({ remote }) =>
      remote && !remote.usable ? `no remote config: ${remote.detail}` : 'remote config is usable',
  ),
  check(
    'capture-disabled',
    ({ remote }) => !(remote?.usable && remote.captureEnabled),
    ({ remote }) => `capture ${remote?.usable && remote.captureEnabled ? 'on' : 'off'} in remote config`,
  ),
  check(
    'session-refused',
    ({ refused }) => refused,
    ({ refused }) => `session ${refused ? 'refused' : 'not refused'} by the server`,
  ),
  check(
    'opted-out',
    ({ optedOut }) => optedOut,
    ({ optedOut }) => (optedOut ? 'opted out' : 'not opted out'),
  ),
  check(
    'not-sampled',
    // Written so that a draw or rate that is no number closes.
    ({ selection }) => selection.by === 'sampling' && !(selection.draw < selection.rate),
    ({ selection }) =>
      selection.by === 'targeting'
        ? 'chosen by targeting, not by sampling'
        : `sample draw ${selection.draw} ${selection.draw < selection.rate ? '<' : '≥'} sampleRate ${selection.rate} (${selection.rateFrom})`,
  ),
  check('targeting-pending', (facts) => byTargeting(facts, 'pending'), tellTargeting),
  check(
    'not-targeted',
    (facts) => facts.selection.by === 'targeting' && !byTargeting(facts, 'matched'),
    tellTargeting,
  ),
  check(
    'held',
    ({ holds }) => holds.length > 0,
    ({ holds }) => (holds.length ? `paused: ${holds.join(', ')}` : 'no reason to pause'),
  ),
  check(
    'failed',
    ({ failure }) => failure !== null,
    ({ failure }) => failure ?? 'nothing failed',
  ),
]

/** May an event be recorded now? Pure, and cheap enough to ask at any change. */
export function decideGate(facts: GateFacts): GateDecision {
  const closing = CHECKS.find(({ closes }) => closes(facts))
  return closing ? { open: false, reason: closing.reason, detail: closing.tell(facts) } : { open: true }
}

/** The same decision with all that led to it, as data and as a sentence. */
export function explainGate(facts: GateFacts): GateExplanation {
  const decision = decideGate(facts)
  const last = decision.open ? CHECKS.length : CHECKS.findIndex(({ reason }) => reason === decision.reason)
  return {
    decision,
    steps: CHECKS.map(({ reason, tell }, index) => ({
      check: reason,
      passed: index < last ? true : index === last ? false : null,
      detail: tell(facts),
    })),
    sentence: decision.open
      ? `recording: ${CHECKS.find(({ reason }) => reason === (facts.selection.by === 'sampling' ? 'not-sampled' : 'not-targeted'))?.tell(facts)}`
      : `not recorded: ${decision.detail}`,
  }
}
