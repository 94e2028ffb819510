import {
  createFakeAmplitude,
  createFakeRecorder,
  type FakeRecorder,
  type FakeRecorderOptions,
} from '@session-replay-kit/core/testing'
import { onTestFinished } from 'vitest'
import { createController } from '../../../core/src/controller.ts'
import type { ReplayController, ReplayOptions } from '../../src/index.ts'

let count = 0

/** For one test: a real controller over a recorder that records nothing and a client that is ready. */
export function createTestReplay(
  options: Omit<ReplayOptions, 'amplitude'> = {},
  how: FakeRecorderOptions = {},
): { client: ReplayController; fake: FakeRecorder } {
  // A name of its own: a page has one controller per plugin.
  const fake = createFakeRecorder({ name: `recorder ${++count}`, ...how })
  const amplitude = createFakeAmplitude({ initialised: true })
  const client = createController({ ...options, amplitude }, fake.build)
  // Else it ends in its own time, when the test's page is gone.
  onTestFinished(() => client.dispose())
  return { client, fake }
}
