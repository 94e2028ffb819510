import type { ReplayController, ReplayOptions } from '@session-replay-kit/core'
import {
  createFakeAmplitude,
  createFakeRecorder,
  type FakeAmplitude,
  type FakeRecorder,
  type FakeRecorderOptions,
} from '@session-replay-kit/core/testing'
// The one look behind the public door: a controller without the real recorder under it.
import { createController } from '../../../core/src/controller.ts'

export interface FakeReplay {
  client: ReplayController
  amplitude: FakeAmplitude
  recorder: FakeRecorder
}

let made = 0

/** A real controller over a fake recorder and a fake Browser SDK that is initialised already. */
export function createFakeReplay(options: ReplayOptions = {}, fake: FakeRecorderOptions = {}): FakeReplay {
  const amplitude = createFakeAmplitude({ initialised: true })
  const recorder = createFakeRecorder({ name: `fake-${made++}`, ...fake })
  const client = createController({ amplitude, ...options }, recorder.build)
  return { client, amplitude, recorder }
}
