import { ReplayError, type Report } from '../errors.ts'
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

export interface Session {
  get(): SessionState
  /** Takes over the ids that are named; falsy ones count as missing. */
  update(ids: { deviceId?: string | undefined; sessionId?: SessionId | undefined }): void
}

/** What the server accepts in an id; `/` is what separates the two. */
const ALLOWED = /^[\w\-.|@:=]+$/

/** Holds the identity pair. Ids are used as they are given; an illegal one is reported with its remedy. */
export function createSession(report: Report): Session {
  let state = stateOf(undefined, undefined)

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
    get: () => state,
    update(ids) {
      const deviceId = 'deviceId' in ids ? ids.deviceId || undefined : state.deviceId
      const sessionId = 'sessionId' in ids ? ids.sessionId || undefined : state.sessionId
      if (deviceId === state.deviceId && sessionId === state.sessionId) return
      if (deviceId !== state.deviceId) check('deviceId', deviceId)
      if (sessionId !== state.sessionId) check('sessionId', sessionId)
      state = stateOf(deviceId, sessionId)
    },
  }
}

function stateOf(deviceId: string | undefined, sessionId: SessionId | undefined): SessionState {
  const identity = deviceId && sessionId ? { deviceId, sessionId } : null
  return { deviceId, sessionId, identity, replayId: identity && `${deviceId}/${sessionId}` }
}
