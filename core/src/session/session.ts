import { ReplayError, type Report } from '../errors.ts'
import { createValue, type Readable } from '../platform/readable.ts'
import type { Identity, SessionId } from '../types.ts'

/** The ids known so far; a replay needs both. */
export interface SessionState {
  readonly deviceId: string | undefined
  readonly sessionId: SessionId | undefined
  /** Null until both ids are known. The same object until one of them changes. */
  readonly identity: Identity | null
  /** `<deviceId>/<sessionId>`: how analytics events point at the replay. */
  readonly replayId: string | null
}

export interface Session extends Readable<SessionState> {
  /**
   * Takes over the ids that are named; falsy ones count as missing. Answers whether anything changed.
   * Subscribers hear of a change before this returns.
   */
  update(ids: { deviceId?: string | undefined; sessionId?: SessionId | undefined }): boolean
}

/** What the server accepts in an id; `/` is what separates the two. */
const ALLOWED = /^[\w\-.|@:=]+$/

/** Holds the identity pair. Ids are used as they are given; an illegal one is reported with its remedy. */
export function createSession(report: Report): Session {
  const { get, set, subscribe } = createValue<SessionState>(stateOf(undefined, undefined), (cause) =>
    report(new ReplayError('INTERNAL', 'Session Replay: a listener for session changes failed.', { cause })),
  )

  function check(name: string, id: SessionId | undefined): void {
    if (id === undefined || ALLOWED.test(String(id))) return
    report(
      new ReplayError(
        'BAD_OPTION',
        `Session Replay: ${name} "${id}" has characters that Amplitude does not accept; ` +
          'use only a-z A-Z 0-9 _ - . | @ : = or the replay may not be found.',
      ),
    )
  }

  return {
    get,
    subscribe,
    update(ids) {
      const before = get()
      const deviceId = 'deviceId' in ids ? ids.deviceId || undefined : before.deviceId
      const sessionId = 'sessionId' in ids ? ids.sessionId || undefined : before.sessionId
      if (deviceId === before.deviceId && sessionId === before.sessionId) return false
      if (deviceId !== before.deviceId) check('deviceId', deviceId)
      if (sessionId !== before.sessionId) check('sessionId', sessionId)
      set(stateOf(deviceId, sessionId))
      return true
    },
  }
}

function stateOf(deviceId: string | undefined, sessionId: SessionId | undefined): SessionState {
  const identity = deviceId && sessionId ? { deviceId, sessionId } : null
  return { deviceId, sessionId, identity, replayId: identity && `${deviceId}/${sessionId}` }
}
