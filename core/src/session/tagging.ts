import type { AnalyticsEvent, Identity, SessionId } from '../types.ts'

export const REPLAY_ID_PROPERTY = '[Amplitude] Session Replay ID'
export const DEBUG_PROPERTY = '[Amplitude] Session Replay Debug'

/** Events that tell about the user, not about what happened: targeting does not look at them as events. */
const SPECIAL_EVENTS = ['$identify', '$groupidentify', 'revenue_amount']
const IDENTIFY = '$identify'
/** Operations of `$identify` that give properties a value. */
const SETTING_OPERATIONS = ['$set', '$setOnce', '$add', '$append', '$prepend', '$postInsert']

export interface TaggingFacts {
  /** The session of the Browser SDK now, which is not always that of the event. */
  liveSessionId: SessionId | undefined
  /** The app's own naming of sessions; takes the place of the Browser SDK's. */
  customSessionId: ((event: AnalyticsEvent) => string | undefined) | undefined
}

/** What to do with an analytics event, in this order. */
export interface TaggingPlan {
  /** The session to record from here on; undefined leaves it. */
  sessionId: SessionId | undefined
  /** What targeting is to be asked with; undefined if it is not asked. */
  targeting: { event?: AnalyticsEvent; userProperties?: Record<string, unknown> } | undefined
  /** The event belongs to the replay and carries its id, if one is recorded. */
  tag: boolean
}

/** An event of another session (late, offline, `session_end`) stays as it is; so does one without a custom name. */
export function planTagging(event: AnalyticsEvent, facts: TaggingFacts): TaggingPlan {
  if (facts.customSessionId) {
    const sessionId = facts.customSessionId(event) || undefined
    return { sessionId, targeting: undefined, tag: sessionId !== undefined }
  }
  const sessionId = facts.liveSessionId || undefined
  const tag = sessionId !== undefined && event.session_id === sessionId
  return { sessionId, targeting: tag ? targetingOf(event) : undefined, tag }
}

function targetingOf(event: AnalyticsEvent): TaggingPlan['targeting'] {
  if (event.event_type === IDENTIFY) return { userProperties: userPropertiesOf(event) }
  return SPECIAL_EVENTS.includes(event.event_type) ? {} : { event }
}

/** The values that a `$identify` event gives to properties of the user. */
export function userPropertiesOf(event: AnalyticsEvent): Record<string, unknown> {
  const operations = event.user_properties
  return Object.assign({}, ...SETTING_OPERATIONS.map((name) => operations?.[name]))
}

/** Adds the replay's properties to an event. They win over the app's; `$identify` does not carry the replay id. */
export function tagEvent(event: AnalyticsEvent, properties: Record<string, string | null>): AnalyticsEvent {
  if (Object.keys(properties).length === 0) return event
  const tagged: Record<string, unknown> = { ...event.event_properties, ...properties }
  if (event.event_type === IDENTIFY) delete tagged[REPLAY_ID_PROPERTY]
  // In place, because the Browser SDK hands the same object on to the app's other plugins.
  event.event_properties = tagged
  return event
}

/**
 * Are these the properties of the event's own replay? While it waited for the decision about its session, the app may
 * have begun another session or changed the device; then it belongs to neither replay.
 */
export function areOwnProperties(
  properties: Record<string, string | null>,
  { deviceId, sessionId }: { deviceId: string | undefined; sessionId: SessionId | undefined },
): boolean {
  const id = properties[REPLAY_ID_PROPERTY]
  return typeof id !== 'string' || deviceId === undefined || id === `${deviceId}/${sessionId}`
}

/** The properties of a session that is being recorded; `debug` adds what tells two projects apart. */
export function replayProperties(identity: Identity, apiKey: string, debug: boolean): Record<string, string> {
  const properties: Record<string, string> = {
    [REPLAY_ID_PROPERTY]: `${identity.deviceId}/${identity.sessionId}`,
  }
  if (debug) properties[DEBUG_PROPERTY] = JSON.stringify({ appHash: String(javaHash(apiKey)) })
  return properties
}

/** Java's `String.hashCode`: signed, 32 bits. */
export function javaHash(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0
  return hash
}
