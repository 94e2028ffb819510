import { describe, expect, it } from 'vitest'
import type { ReplayError } from '../errors.ts'
import { parseRemoteConfig } from './parse-remote.ts'

function parse(sessionReplay: unknown) {
  const errors: ReplayError[] = []
  return { config: parseRemoteConfig({ configs: { sessionReplay } }, (error) => errors.push(error)), errors }
}

describe('parseRemoteConfig', () => {
  it.each([
    ['an empty namespace', {}, true, undefined],
    ['an empty sampling config', { sr_sampling_config: {} }, true, undefined],
    ['no sampling config', { sr_sampling_config: null }, true, undefined],
    ['a rate without capture_enabled', { sr_sampling_config: { sample_rate: 1 } }, false, 1],
    ['capture_enabled', { sr_sampling_config: { capture_enabled: true, sample_rate: 0 } }, true, 0],
    ['capture_enabled without a rate', { sr_sampling_config: { capture_enabled: true } }, true, undefined],
    ['capture_enabled false', { sr_sampling_config: { capture_enabled: false, sample_rate: 1 } }, false, 1],
    ['capture_enabled as a word', { sr_sampling_config: { capture_enabled: 'true' } }, false, undefined],
  ])('reads %s', (_, raw, captureEnabled, sampleRate) => {
    const { config, errors } = parse(raw)
    expect(config).toMatchObject({ usable: true, captureEnabled })
    expect(config.usable && config.sampleRate).toBe(sampleRate)
    expect(errors).toEqual([])
  })

  it.each([
    ['1', 0],
    [null, 0],
    [2, 1],
    [-1, 0],
  ])('reports the rate %j and uses %d', (sample_rate, used) => {
    const { config, errors } = parse({ sr_sampling_config: { capture_enabled: true, sample_rate } })
    expect(config).toMatchObject({ usable: true, sampleRate: used })
    expect(errors.map((error) => error.code)).toEqual(['REMOTE_CONFIG'])
  })

  it.each([
    [undefined, 0],
    [5000, 5000],
    [120_000, 60_000],
    [-1, 0],
    ['5000', 0],
    [Number.NaN, 0],
  ])('takes a minimum duration of %j as %d ms', (min_session_duration_ms, used) => {
    const { config } = parse({ sr_sampling_config: { capture_enabled: true, min_session_duration_ms } })
    expect(config).toMatchObject({ minSessionDurationMs: used })
  })

  it('reads privacy settings, the strict way where they are malformed', () => {
    expect(
      parse({ sr_privacy_config: { maskSelector: ['.a'], defaultMaskLevel: 'light' } }).config,
    ).toMatchObject({
      privacy: { maskSelector: ['.a'], defaultMaskLevel: 'light' },
    })
    expect(parse({ sr_privacy_config: { maskSelector: 1, defaultMaskLevel: 'light' } }).config).toMatchObject(
      {
        privacy: { defaultMaskLevel: 'conservative' },
      },
    )
  })

  it.each([
    [{ sr_privacy_config: 'strict' }],
    [{ sr_privacy_config: { blockSelector: [0] } }],
    [{ sr_sampling_config: [] }],
    [{ sr_targeting_config: 'all' }],
    [{ sr_interaction_config: { ugcFilterRules: [{ selector: 'x' }] } }],
  ])('refuses recording on %j', (raw) => {
    const { config, errors } = parse(raw)
    expect(config).toMatchObject({ usable: false, reason: 'malformed' })
    expect(errors).toHaveLength(1)
  })

  it('treats an empty targeting config as none', () => {
    expect(parse({ sr_targeting_config: {} }).config).toMatchObject({ targeting: undefined })
    const flag = { key: 'sr_targeting_config' }
    expect(parse({ sr_targeting_config: flag }).config).toMatchObject({ targeting: flag })
  })

  it('reads interaction settings', () => {
    expect(parse({}).config).toMatchObject({ interaction: undefined })
    expect(parse({ sr_interaction_config: {} }).config).toMatchObject({
      interaction: { enabled: false, batch: false, trackEveryMs: 30_000, ugcFilterRules: [] },
    })
    expect(
      parse({ sr_interaction_config: { enabled: true, batch: true, trackEveryNms: 5000 } }).config,
    ).toMatchObject({ interaction: { enabled: true, batch: true, trackEveryMs: 5000 } })
  })

  it.each([[null], ['x'], [[]], [{ configs: null }], [{ configs: { sessionReplay: [] } }]])(
    'finds no settings in %j',
    (answer) => {
      expect(parseRemoteConfig(answer, () => {})).toMatchObject({ usable: false, reason: 'not-configured' })
    },
  )
})
