import type { ReplayOptions } from '@session-replay-kit/core'
import { createFakeAmplitude, createFakeRecorder } from '@session-replay-kit/core/testing'
import { afterEach } from 'vitest'
// jsdom cannot be recorded: the controller is real, the recorder below it is not.
import { createController } from '../../../core/src/controller.ts'
import { createSessionReplayPlugin, type VueReplayOptions } from '../../src/index.ts'

const opened = new Set<() => Promise<void>>()
let names = 0

/** The plugin around a real controller with a fake recorder, which knows the nodes it is told. Disposed after each test. */
export function setUp(options: ReplayOptions & VueReplayOptions = {}, known = new Set<Node>()) {
  const { router, directives, ...rest } = options
  const recorder = createFakeRecorder({ name: `recorder ${names++}`, knows: (node) => known.has(node) })
  const client = createController(
    {
      amplitude: createFakeAmplitude({ initialised: true }),
      settle: { quietMs: 10, maxWaitMs: 200 },
      ...rest,
    },
    recorder.build,
  )
  opened.add(client.dispose)
  return { plugin: createSessionReplayPlugin(client, { router, directives }), client, recorder }
}

afterEach(async () => {
  for (const dispose of opened) await dispose()
  opened.clear()
})
