export { EventType, IncrementalSource, type ReplayEvent } from '../types.ts'
export { createTestCollector, type TestCollector, type TestCollectorOptions } from './collector.ts'
export { type DecodedUpload, decodeUpload, type InteractionEvent, unpackBody } from './decode.ts'
export {
  createFakeAmplitude,
  createFakeRecorder,
  createFakeReplay,
  type FakeAmplitude,
  type FakeRecorder,
  type FakeRecorderOptions,
  type FakeReplay,
  flushController,
} from './fakes.ts'
export {
  type AnalyticsEvent,
  type Answer,
  createIntake,
  type IntakeDeps,
  type ReceivedUpload,
  type RequestKind,
} from './intake.ts'
export { type Evidence, findLeaks, type Leak, type LeakPlace } from './leaks.ts'
export { type MatcherResult, type Replay, type ReplayMatchers, replayMatchers } from './matchers.ts'
export { type OutlineOptions, outlineOf } from './outline.ts'
export { type BrowserPage, type RebuildOptions, rebuildOutlines } from './rebuild.ts'
export { type RecordedNode, recordedText } from './recorded-text.ts'
export type { Expected } from './secret-channels.ts'
export type { SecretForm } from './secret-forms.ts'
export {
  type Placement,
  type PlantedSecret,
  type SecretsPage,
  type SecretsPageOptions,
  secretsPage,
} from './secrets-page.ts'
