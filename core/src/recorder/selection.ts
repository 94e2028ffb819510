import type { EffectiveSettings } from '../config/join.ts'
import type { GateFacts } from '../session/gate.ts'
import { sampleDraw } from '../session/sampling.ts'
import type { TargetingVerdict } from '../session/targeting.ts'
import type { SessionId } from '../types.ts'

export interface SelectionFacts {
  /** Null until the server has had its say. */
  readonly settings: EffectiveSettings | null
  readonly sessionId: SessionId | undefined
  /** Of a route rule; it only narrows. */
  readonly rateLimit: number | null
  readonly verdict: TargetingVerdict
}

/** How the session is chosen: by rules where the server sent some, else by lot. */
export function selectionOf(facts: SelectionFacts): GateFacts['selection'] {
  const { settings, sessionId, rateLimit, verdict } = facts
  if (settings?.targeting) return { by: 'targeting', verdict }
  const draw = sessionId ? sampleDraw(sessionId) : 1
  const { sampleRate = 0, rateFrom = 'code' } = settings ?? {}
  return rateLimit !== null && rateLimit < sampleRate
    ? { by: 'sampling', draw, rate: rateLimit, rateFrom: 'route rule' }
    : { by: 'sampling', draw, rate: sampleRate, rateFrom }
}
