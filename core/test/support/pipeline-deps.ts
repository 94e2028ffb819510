import type { ResolvedOptions } from '../../src/config/resolve-options.ts'
import type { PipelineDeps } from '../../src/pipeline.ts'

/** What a pipeline needs besides what its test is about: one session of one device, and everything is allowed. */
export const pipelineDeps = (options: ResolvedOptions): PipelineDeps => ({
  apiKey: 'KEY',
  options,
  destination: {
    apiKey: 'KEY',
    serverZone: 'US',
    trackServerUrl: undefined,
    version: '1',
    library: { type: 'plugin', version: '1' },
  },
  tellsInteractions: true,
  deviceId: () => 'device',
  mayUpload: () => true,
  minimum: () => ({ minSessionDurationMs: 0, currentSessionId: 1 }),
  onSessionKilled() {},
  onFailed() {},
  onAttention() {},
  debug() {},
  report() {},
})
