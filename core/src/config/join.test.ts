import { describe, expect, it } from 'vitest'
import { joinSettings } from './join.ts'
import { parseRemoteConfig, type RemoteSettings } from './parse-remote.ts'

const local = {
  sampleRate: 0.1,
  privacyConfig: { maskSelector: ['.local'] },
  ugcFilterRules: [{ selector: '/u/*', replacement: '/u' }],
}
const remote = (sessionReplay: object) =>
  parseRemoteConfig({ configs: { sessionReplay } }, () => {}) as RemoteSettings

describe('joinSettings', () => {
  it('uses the local rate when the server names none', () => {
    expect(joinSettings(local, remote({}))).toMatchObject({ sampleRate: 0.1, rateFrom: 'code' })
  })

  it('lets the server replace the rate, also by 0', () => {
    const sampling = {
      sr_sampling_config: { capture_enabled: true, sample_rate: 0, min_session_duration_ms: 10 },
    }
    expect(joinSettings(local, remote(sampling))).toMatchObject({
      sampleRate: 0,
      rateFrom: 'remote config',
      minSessionDurationMs: 10,
    })
  })

  it('captures interactions on the word of the server alone', () => {
    expect(joinSettings(local, remote({})).interaction).toBeNull()
    expect(joinSettings(local, remote({ sr_interaction_config: { batch: true } })).interaction).toBeNull()
    expect(joinSettings(local, remote({ sr_interaction_config: { enabled: true } })).interaction).toEqual({
      batch: false,
      trackEveryMs: 30_000,
    })
  })

  it('keeps the local URL rules without any word of the server, and before its own', () => {
    expect(joinSettings(local, remote({})).ugcFilterRules).toEqual(local.ugcFilterRules)
    const theirs = { selector: '/t/*', replacement: '/t' }
    expect(
      joinSettings(local, remote({ sr_interaction_config: { ugcFilterRules: [theirs] } })).ugcFilterRules,
    ).toEqual([...local.ugcFilterRules, theirs])
  })

  it('hands both privacy configs on', () => {
    expect(joinSettings(local, remote({ sr_privacy_config: { unmaskSelector: ['.r'] } })).privacy).toEqual({
      local: { maskSelector: ['.local'] },
      remote: { unmaskSelector: ['.r'] },
    })
  })
})
