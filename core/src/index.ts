export type {
  CrossOriginIframesConfig,
  FlushIntervalConfig,
  InteractionConfig,
  PerformanceConfig,
  SessionReplayOptions,
  StandaloneOptions,
  Transport,
  TransportRequest,
  TransportResponse,
} from './config/options.ts'
export { SessionReplayPlugin, sessionReplayPlugin, sessionReplayPlugin as plugin } from './entry/plugin.ts'
export {
  type AmplitudeReturn,
  evaluateTargetingAndCapture,
  flush,
  getSessionId,
  getSessionReplayProperties,
  init,
  setSessionId,
  shutdown,
  start,
  stop,
} from './entry/standalone.ts'
export { ReplayError, type ReplayErrorCode } from './errors.ts'
export type { MaskLevel, PrivacyConfig, ServerZone, SessionId, UgcFilterRule, UrlMaskLevel } from './types.ts'
