import { ReplayError } from '../errors.ts'
import type { Outcome } from './outcome.ts'

/** Single network failures are ordinary life; so many in a row deserve a line. */
const FAILURES_BEFORE_WARNING = 3

export interface WarningFacts {
  /** Failures in a row that pass by themselves. */
  readonly failures: number
  readonly url: string
  readonly isOnline: boolean
  /** The page's own policy is known to forbid the address. */
  readonly isForbidden: boolean
}

/** What to tell the developer about an outcome, or `null`. Texts are stable, so that each fault is told once. */
export function warningFor(
  outcome: Outcome,
  { failures, url, isOnline, isForbidden }: WarningFacts,
): ReplayError | null {
  const host = hostOf(url)
  switch (outcome.kind) {
    case 'refused':
      return new ReplayError(
        'UPLOAD_REFUSED',
        `Session Replay: ${host} refuses uploads (${outcome.status}). Check apiKey, serverZone and trackServerUrl. ` +
          'Recordings are kept and delivered when it accepts again.',
      )
    case 'poison':
      return new ReplayError(
        'UPLOAD_REFUSED',
        `Session Replay: ${host} cannot read an upload (${outcome.status}). It is tried twice, then left out; the others go on.`,
      )
    case 'killed':
      return new ReplayError(
        'UPLOAD_REFUSED',
        outcome.code === '4005'
          ? 'Session Replay: the server says that capture is disabled for this project (4005). This session is not recorded.'
          : `Session Replay: the server says that the session id is out of range (${outcome.code}). Session ids are the start time in epoch ms. This session is not recorded.`,
      )
    case 'throttled':
      return new ReplayError(
        'UPLOAD_REFUSED',
        'Session Replay: the server throttles uploads of this session; they pause and go on by themselves.',
      )
    case 'unknown':
      if (outcome.reason === 'beacon') return null
      if (isForbidden) return forbiddenWarning(url)
      if (failures < FAILURES_BEFORE_WARNING || !isOnline) return null
      return new ReplayError(
        'TRANSPORT_BLOCKED',
        `Session Replay: ${host} cannot be reached though the browser is online: an ad blocker, a Content-Security-Policy ` +
          `without it in connect-src, or the network. ${remedyFor(url)} Recordings are kept and sent later.`,
      )
    case 'retry':
      if (failures < FAILURES_BEFORE_WARNING) return null
      return new ReplayError(
        'TRANSPORT_BLOCKED',
        `Session Replay: ${host} fails (${outcome.status}). Recordings are kept and sent later.`,
      )
    case 'accepted':
    case 'skipped':
    case 'too-large':
      return null
    default:
      return outcome satisfies never
  }
}

/** The page's Content-Security-Policy forbids uploads to this address. */
export function forbiddenWarning(url: string): ReplayError {
  return new ReplayError(
    'TRANSPORT_BLOCKED',
    `Session Replay: this page's Content-Security-Policy blocks ${hostOf(url)}. Add it to connect-src. ` +
      `${remedyFor(url)} Recordings are kept until then.`,
  )
}

const hostOf = (url: string): string => url.split('?', 1)[0] ?? url

const remedyFor = (url: string): string =>
  /\bamplitude\.com\//.test(url)
    ? "Visitors whose blocker stops it need a proxy on your own domain: createReplayProxy() of '@session-replay-kit/core/proxy', with trackServerUrl and configServerUrl."
    : 'Check that this address of yours answers.'

export function tooLargeWarning(): ReplayError {
  return new ReplayError(
    'EVENT_DROPPED',
    'Session Replay: the server refuses a single event as too large (413); it was dropped and a fresh snapshot follows. ' +
      'A proxy in front of trackServerUrl may have a low body limit.',
  )
}
