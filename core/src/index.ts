export type {
  CrossOriginIframesConfig,
  FlushIntervalConfig,
  InteractionConfig,
  PerformanceConfig,
  SessionReplayOptions,
  StandaloneOptions,
} from './config/options.ts'
export type {
  AmplitudeLike,
  AmplitudeSource,
  AttachmentState,
  ControllerOptions,
  Explanation,
  HoldInfo,
  HoldKind,
  NavigationSource,
  PageExplanation,
  Release,
  ReplayController,
  ReplayLifecycleEvent,
  ReplayOptions,
  ReplayPlugin,
  ReplayRouteMeta,
  ReplaySnapshot,
  ReplayStatus,
  SettleOptions,
} from './controller/types.ts'
export { SessionReplayPlugin, sessionReplayPlugin, sessionReplayPlugin as plugin } from './entry/plugin.ts'
export { createSessionReplay } from './entry/session-replay.ts'
export {
  type AmplitudeReturn,
  evaluateTargetingAndCapture,
  explain,
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
export type { RouteConfig, RouteDecision, RouteLocation, RoutePattern } from './navigation/routes.ts'
export type {
  MaskLevel,
  PrivacyConfig,
  ServerZone,
  SessionId,
  Transport,
  TransportRequest,
  TransportResponse,
  UgcFilterRule,
  UrlMaskLevel,
} from './types.ts'
