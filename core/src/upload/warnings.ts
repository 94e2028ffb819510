import { ReplayError } from '../errors.ts'
import type { Outcome } from './outcome.ts'

/** Single network failures are ordinary life; so many in a row deserve a line. */
const FAILURES_BEFORE_WARNING = 3

/** What to tell the developer about an outcome, or `null`. Texts are stable, so that each fault is told once. */
export function warningFor(outcome: Outcome, failures: number, url: string): ReplayError | null {
  const host = url.split('?', 1)[0]
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
        `Session Replay: ${host} can not read an upload (${outcome.status}). It is tried twice, then left out; the others go on.`,
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
      if (outcome.reason === 'beacon' || failures < FAILURES_BEFORE_WARNING) return null
      return new ReplayError(
        'TRANSPORT_BLOCKED',
        `Session Replay: ${host} can not be reached. Possible reasons: network, an ad blocker, or a Content-Security-Policy ` +
          'without it in connect-src. Recordings are kept and sent later.',
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

export function tooLargeWarning(): ReplayError {
  return new ReplayError(
    'EVENT_DROPPED',
    'Session Replay: the server refuses a single event as too large (413); it was dropped and a fresh snapshot follows. ' +
      'A proxy in front of trackServerUrl may have a low body limit.',
  )
}
