import { describe, expect, it } from 'vitest'
import { createController } from '../controller.ts'
import { createFakeAmplitude, createFakeRecorder, type FakeRecorderOptions } from '../testing/fakes.ts'
import { createTestHost } from './test-host.ts'
import type { Release, ReplayController } from './types.ts'

// Every order of what app, user and Browser SDK can do, up to six steps, against a client that behaves like the real
// one. After each step: at most one live recording, and none while there is a reason to pause. In the end: what was
// asked for last.

const LENGTH = 6

interface World {
  controller: ReplayController
  amplitude: ReturnType<typeof createFakeAmplitude>
  recorder: ReturnType<typeof createFakeRecorder>
  host: ReturnType<typeof createTestHost>
  held: Release | null
  stop: (() => void) | null
  initialised: boolean
}

/** Lets every promise that can resolve do so. */
const drain = () => new Promise<void>((resolve) => setImmediate(resolve))

const ACTIONS = {
  pause: ({ controller }: World) => void controller.pause(),
  resume: ({ controller }: World) => void controller.resume(),
  component: (world: World) => {
    if (world.held) world.held()
    world.held = world.held ? null : world.controller.hold('component', { settle: false })
  },
  init: (world: World) => {
    world.initialised = true
    void world.amplitude.init()
  },
  removeByOthers: ({ amplitude, controller }: World) => void amplitude.remove(controller.plugin.name),
  addByOthers: ({ amplitude, controller }: World) => void amplitude.add(controller.plugin),
  finishSetup: ({ recorder }: World) => recorder.finishSetup(),
  mount: (world: World) => {
    if (world.stop) world.stop()
    world.stop = world.stop ? null : world.controller.start()
  },
  wait: async ({ host }: World) => {
    await drain()
    host.advance(60)
    await drain()
  },
} satisfies Record<string, (world: World) => void | Promise<void>>

type Action = keyof typeof ACTIONS

let worlds = 0

function createWorld(fake: FakeRecorderOptions, initialised: boolean): World {
  const host = createTestHost()
  const amplitude = createFakeAmplitude({ initialised })
  const recorder = createFakeRecorder({ name: `world-${worlds++}`, ...fake })
  const controller = createController({ amplitude }, recorder.build, host)
  return { controller, amplitude, recorder, host, held: null, stop: controller.start(), initialised }
}

function* sequences(actions: readonly Action[], length: number): Generator<Action[]> {
  if (length === 0) {
    yield []
    return
  }
  for (const rest of sequences(actions, length - 1)) for (const action of actions) yield [...rest, action]
}

/** The first broken promise of a sequence; null when all hold. */
async function findFault(
  steps: Action[],
  fake: FakeRecorderOptions,
  initialised: boolean,
): Promise<string | null> {
  const world = createWorld(fake, initialised)
  const { controller, recorder, amplitude, host } = world
  const check = (): string | null => {
    const { reasons, isRecording } = controller.getSnapshot()
    if (recorder.live > 1) return 'two recordings'
    if (recorder.live > 0 && reasons.length > 0) return `records while ${reasons[0]?.kind} holds`
    return isRecording && recorder.live === 0 ? 'says it records but does not' : null
  }
  for (const step of steps) {
    await ACTIONS[step](world)
    const fault = check()
    if (fault) return `after ${step}: ${fault}`
  }
  if (!world.initialised) await ACTIONS.init(world)
  for (let round = 0; round < 3; round++) {
    await ACTIONS.wait(world)
    recorder.finishSetup()
  }
  await ACTIONS.wait(world)

  const { status, reasons, attachment } = controller.getSnapshot()
  const registered = amplitude.plugin(controller.plugin.name) === controller.plugin
  const fault = check()
  if (fault) return `in the end: ${fault}`
  if (attachment === 'attached' && !registered) return 'believes to be attached'
  if (attachment === 'detached' && registered) return 'was left in the SDK'
  const wanted = world.stop !== null && reasons.length === 0 && status !== 'failed'
  if (wanted !== recorder.live > 0) return `ends ${status} with ${recorder.live} recordings`
  if (world.stop === null && registered) return 'stopped but still in the SDK'
  const open = steps.filter((step) => step === 'pause' || step === 'resume').at(-1) !== 'pause'
  if (open === reasons.some(({ kind }) => kind === 'manual')) return 'forgot the last pause or resume'
  if ((world.held !== null) !== reasons.some(({ kind }) => kind === 'component'))
    return 'forgot the component'
  const foreign = reasons.some(({ kind }) => kind === 'external')
  if (foreign && !steps.some((step) => step === 'removeByOthers' || step === 'init'))
    return 'external without cause'
  void controller.dispose()
  await drain()
  if (host.timers > 1) return `left ${host.timers} timers`
  return null
}

async function findFaults(
  actions: Action[],
  fake: FakeRecorderOptions,
  initialised: boolean,
): Promise<string[]> {
  const faults: string[] = []
  // Shorter ones are among them: they end in waiting.
  for (const steps of sequences(actions, LENGTH)) {
    const fault = await findFault(steps, fake, initialised)
    if (fault) faults.push(`${steps.join(' → ')}: ${fault}`)
    if (faults.length > 3) return faults
  }
  return faults
}

describe('all interleavings of six steps', () => {
  it.each([
    ['a client that init makes ready later', ['pause', 'resume', 'init', 'component', 'wait'], {}, false],
    [
      'a client that is torn down by others',
      ['pause', 'resume', 'removeByOthers', 'addByOthers', 'wait'],
      {},
      true,
    ],
    ['a client that is initialised again', ['pause', 'resume', 'init', 'addByOthers', 'wait'], {}, true],
    ['slow set-ups', ['pause', 'resume', 'finishSetup', 'removeByOthers', 'wait'], { setup: 'manual' }, true],
    [
      'slow set-ups before init',
      ['pause', 'resume', 'init', 'finishSetup', 'wait'],
      { setup: 'manual' },
      false,
    ],
    ['set-ups that fail', ['pause', 'resume', 'init', 'removeByOthers', 'wait'], { setup: 'reject' }, true],
    ['mounting and unmounting', ['mount', 'component', 'pause', 'resume', 'wait'], {}, true],
    [
      'mounting before init',
      ['mount', 'init', 'finishSetup', 'component', 'wait'],
      { setup: 'manual' },
      false,
    ],
  ] as [string, Action[], FakeRecorderOptions, boolean][])(
    'keep the promises with %s',
    async (_title, actions, fake, initialised) => {
      expect(await findFaults(actions, fake, initialised)).toEqual([])
    },
    120_000,
  )
})
