import type { StandaloneOptions } from '../../../src/index.ts'
import type { Scenario } from '../../support/fault-stage.ts'

/** Malformed options: one clear line, the private way, and never an error. */
export function optionFaults(scenario: Scenario): void {
  const garbage: Record<string, Record<string, unknown>> = {
    sampleRate: { sampleRate: 'all' },
    'sampleRate NaN': { sampleRate: Number.NaN },
    flushIntervalConfig: { flushIntervalConfig: 7 },
    'flushIntervalConfig.minIntervalMs': { flushIntervalConfig: { minIntervalMs: -1 } },
    storeType: { storeType: 'disk' },
    sendTimeoutMs: { sendTimeoutMs: 'soon' },
    serverZone: { serverZone: 'MARS' },
    performanceConfig: { performanceConfig: 'fast' },
    maxSingleEventSizeBytes: { maxSingleEventSizeBytes: Number.NaN },
    maxPersistedEventsSizeBytes: { maxPersistedEventsSizeBytes: -5 },
    'privacyConfig.blockSelector': { privacyConfig: { blockSelector: '][' } },
    'privacyConfig.defaultMaskLevel': { privacyConfig: { defaultMaskLevel: 'none' } },
    trackServerUrl: { trackServerUrl: 'nowhere://' },
    useWebWorker: { useWebWorker: 'yes' },
    crossOriginIframes: { crossOriginIframes: 'all' },
  }
  for (const [what, options] of Object.entries(garbage)) {
    scenario(`options: ${what} is malformed`, { options: options as StandaloneOptions }, async (stage) => {
      const page = await stage.visit({ record: 'ask' })
      await stage.write(page, 5)
      await stage.rest(page)
      await page.waitForTimeout(3_000)
      const name = what.split(' ')[0]?.split('.').at(-1) ?? ''
      stage.expect(stage.said.filter((line) => line.includes(name)).length, stage.said.join('\n')).toBe(1)
      await stage.verdict({ lost: () => true, rebuild: false, said: 2 })
    })
  }
}
