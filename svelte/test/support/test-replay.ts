import { createFakeAmplitude, createFakeRecorder, type FakeRecorder } from '@session-replay-kit/core/testing'
import { createController } from '../../../core/src/controller.ts'
import type { ReplayController, ReplayOptions } from '../../src/index.ts'

let count = 0

/** A real controller over a recorder that records nothing and a client that is ready. */
export function createTestReplay(options: Omit<ReplayOptions, 'amplitude'> = {}): {
  client: ReplayController
  fake: FakeRecorder
} {
  // A name of its own: a page has one controller per plugin.
  const fake = createFakeRecorder({ name: `recorder ${++count}` })
  const amplitude = createFakeAmplitude({ initialised: true })
  return { client: createController({ ...options, amplitude }, fake.build), fake }
}
