import { ReplayError, type Report } from '../errors.ts'
import type { CheckedPrivacyConfig, UgcFilterRule } from '../types.ts'
import { privacyOptions, ugcRules } from './privacy-options.ts'
import { createField, type Field, isRecord, number } from './rules.ts'

/** The server's word about clicks and scrolling. */
export interface RemoteInteraction {
  enabled: boolean
  /** Clicks on the same place within an hour are counted, not listed. */
  batch: boolean
  trackEveryMs: number
  ugcFilterRules: UgcFilterRule[]
}

/** What the server wants, every field checked but `logging`. */
export interface RemoteSettings {
  usable: true
  captureEnabled: boolean
  /** Replaces the local rate. */
  sampleRate: number | undefined
  /** 0 to 60000. */
  minSessionDurationMs: number
  privacy: CheckedPrivacyConfig | undefined
  interaction: RemoteInteraction | undefined
  /** As it came; `readLogging` reads it where it is needed. */
  logging: unknown
  /** An evaluation flag; decides in place of the sample rate. */
  targeting: Record<string, unknown> | undefined
}

/** Why nothing may be recorded. */
export interface RemoteRefusal {
  usable: false
  reason: 'failed' | 'timeout' | 'refused' | 'not-configured' | 'malformed'
  detail: string
}

const refusal = (reason: RemoteRefusal['reason'], detail: string): RemoteRefusal => ({
  usable: false,
  reason,
  detail,
})

/**
 * Reads the server's whole answer. Nothing in it is trusted: what is malformed becomes the more private setting,
 * and what leaves no private reading (a broken URL rule) refuses recording.
 */
export function parseRemoteConfig(answer: unknown, report: Report): RemoteSettings | RemoteRefusal {
  const configs = isRecord(answer) ? answer.configs : undefined
  const raw = isRecord(configs) ? configs.sessionReplay : undefined
  if (!isRecord(raw))
    return refusal('not-configured', 'the server has no Session Replay settings for this project')

  let broken: string | undefined
  const root = createField(
    'remote config',
    raw,
    (error) => report(new ReplayError('REMOTE_CONFIG', error.message)),
    (message) => {
      broken ??= message
    },
  )
  /** One namespace; null is the server's way to say that there is none. */
  const part = (name: string): Field | undefined => {
    const field = root.at(name)
    if (field.value === undefined || field.value === null) return undefined
    return isRecord(field.value) ? field : field.refuse('an object', undefined)
  }

  const sampling = part('sr_sampling_config')
  const privacy = part('sr_privacy_config')
  const interaction = part('sr_interaction_config')
  const targeting = part('sr_targeting_config')?.value as Record<string, unknown> | undefined
  const rate = sampling?.at('sample_rate')
  const settings: RemoteSettings = {
    usable: true,
    captureEnabled: !sampling || isEmpty(sampling.value) || sampling.at('capture_enabled').value === true,
    sampleRate: rate?.value === undefined ? undefined : number(0, 0, 1)(rate),
    minSessionDurationMs: sampling ? minDuration(sampling.at('min_session_duration_ms').value) : 0,
    privacy: privacy && privacyOptions(privacy),
    interaction: interaction && readInteraction(interaction),
    logging: raw.sr_logging_config,
    targeting: targeting && !isEmpty(targeting) ? targeting : undefined,
  }
  return broken === undefined ? settings : refusal('malformed', broken)
}

const isEmpty = (value: unknown) => isRecord(value) && Object.keys(value).length === 0

const minDuration = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.min(value, 60_000) : 0

function readInteraction(field: Field): RemoteInteraction {
  const every = field.at('trackEveryNms')
  return {
    enabled: field.at('enabled').value === true,
    batch: field.at('batch').value === true,
    trackEveryMs: number(30_000, 1000, 3_600_000)(every),
    ugcFilterRules: ugcRules(field.at('ugcFilterRules')),
  }
}
