import { NO_HOLDS } from './holds.ts'
import type { RecorderStatus } from './ports.ts'
import type { AttachmentState, HoldInfo, ReplaySnapshot, ReplayStatus } from './types.ts'

/** What the server renders, and every page until `start()`. */
export const IDLE: ReplaySnapshot = Object.freeze({
  status: 'idle',
  isRecording: false,
  reasons: NO_HOLDS,
  attachment: 'detached',
  epoch: 0,
  route: null,
  maskLevel: 'medium',
  sessionReplayId: null,
  error: null,
})

/** Everything that the status follows from. */
export interface StatusFacts {
  readonly disposed: boolean
  readonly broken: 'failed' | 'unavailable' | null
  readonly running: boolean
  readonly holds: number
  readonly settling: boolean
  readonly attachment: AttachmentState
  readonly gateOpen: boolean
  readonly recorder: RecorderStatus['state']
}

export function decideStatus(facts: StatusFacts): ReplayStatus {
  if (facts.disposed) return 'disposed'
  if (!facts.running) return 'idle'
  if (facts.broken) return facts.broken
  if (facts.holds > 0) return 'paused'
  if (facts.settling) return 'settling'
  if (facts.recorder === 'failed') return 'failed'
  if (facts.attachment !== 'attached' || !facts.gateOpen) return 'starting'
  if (facts.recorder === 'excluded') return 'unsampled'
  return facts.recorder === 'recording' ? 'recording' : 'starting'
}

/** Two snapshots say the same, so the older object is kept and nobody renders again. */
export function sameSnapshot(a: ReplaySnapshot, b: ReplaySnapshot): boolean {
  return (Object.keys(b) as (keyof ReplaySnapshot)[]).every((key) => Object.is(a[key], b[key]))
}

/** The snapshot as one sentence for people. */
export function describe(snapshot: ReplaySnapshot, recorderReason: string | null): string {
  switch (snapshot.status) {
    case 'recording':
      return `recorded as ${snapshot.sessionReplayId ?? 'a replay without id yet'}`
    case 'paused':
      return `not recorded: paused by ${snapshot.reasons.map(describeHold).join(', ')}`
    case 'settling':
      return 'not recorded yet: the restricted screen is still leaving the document'
    case 'unsampled':
      return `not recorded: ${recorderReason ?? 'this session was not selected'}`
    case 'starting':
      return `not recorded yet: ${startingReason(snapshot.attachment, recorderReason)}`
    case 'idle':
      return 'not recorded: not started'
    case 'disposed':
      return 'not recorded: disposed'
    case 'failed':
    case 'unavailable':
      return `not recorded: ${snapshot.error?.message ?? recorderReason ?? snapshot.status}`
  }
}

const describeHold = ({ kind, detail, count }: HoldInfo): string =>
  `${kind}${detail === undefined ? '' : ` (${detail})`}${count > 1 ? ` × ${count}` : ''}`

const startingReason = (attachment: AttachmentState, recorderReason: string | null): string =>
  attachment === 'attached'
    ? (recorderReason ?? 'the recorder is starting')
    : 'waiting for the Browser SDK to set the plugin up (is amplitude.init() called?)'
