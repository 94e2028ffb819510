import type { CheckedPrivacyConfig, UgcFilterRule } from '../types.ts'
import type { RemoteSettings } from './parse-remote.ts'
import type { ResolvedOptions } from './resolve-options.ts'

/** Where the sample rate comes from; `explain()` says it. */
export type RateSource = 'code' | 'remote config'

/** The settings in force: the app's and the server's, joined. */
export interface EffectiveSettings {
  sampleRate: number
  rateFrom: RateSource
  minSessionDurationMs: number
  /** Both sides; `privacy/` joins them selector by selector. */
  privacy: { local: CheckedPrivacyConfig; remote: CheckedPrivacyConfig | undefined }
  /** Null: clicks and scrolling are not captured. */
  interaction: { batch: boolean; trackEveryMs: number } | null
  /** The app's rules first, so that they cannot be overruled. */
  ugcFilterRules: UgcFilterRule[]
  /** The server's words on console and network, for `readLogging`. */
  logging: unknown
  targeting: Record<string, unknown> | undefined
}

type LocalSettings = Pick<ResolvedOptions, 'sampleRate' | 'privacyConfig' | 'ugcFilterRules'>

/**
 * The server's rate replaces the app's; interaction, console and network capture are the server's alone.
 * The app's URL rules hold in any case: they hide what users wrote, whether clicks are recorded or not.
 */
export function joinSettings(local: LocalSettings, remote: RemoteSettings): EffectiveSettings {
  const { interaction } = remote
  return {
    sampleRate: remote.sampleRate ?? local.sampleRate,
    rateFrom: remote.sampleRate === undefined ? 'code' : 'remote config',
    minSessionDurationMs: remote.minSessionDurationMs,
    privacy: { local: local.privacyConfig, remote: remote.privacy },
    interaction: interaction?.enabled
      ? { batch: interaction.batch, trackEveryMs: interaction.trackEveryMs }
      : null,
    ugcFilterRules: [...local.ugcFilterRules, ...(interaction?.ugcFilterRules ?? [])],
    logging: remote.logging,
    targeting: remote.targeting,
  }
}
