import { describe, expect, it } from 'vitest'
import { createController } from '../controller.ts'
import { createFakeAmplitude, createFakeRecorder, type FakeRecorderOptions } from '../testing/fakes.ts'
import { createTestHost } from './test-host.ts'
import type { Release, ReplayController } from './types.ts'

// Every order of what app, user and Browser SDK can do, up to six steps, against a client that behaves like the real
// one (`testing/fakes.test.ts` compares the two). After each step: at most one live recording, and none while
// there is a reason to pause. In the end: what was asked for last.

const LENGTH = 6

interface World {
  controller: ReplayController
  amplitude: ReturnType<typeof createFakeAmplitude>
  recorder: ReturnType<typeof createFakeRecorder>
  host: ReturnType<typeof createTestHost>
  held: Release | null
  paused: boolean
  stop: (() => void) | null
  initialised: boolean
  /** Every set-up fails. */
  failing: boolean
}

/** Lets every promise that can resolve do so. */
const drain = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Answers false when it changed nothing: then a shorter order says the same. */
const ACTIONS = {
  pauseOrResume: (world: World) => {
    if (world.paused) world.controller.resume()
    else world.controller.pause()
    world.paused = !world.paused
    return true
  },
  component: (world: World) => {
    world.held?.()
    world.held = world.held ? null : world.controller.hold('component', { settle: false })
    return true
  },
  mount: (world: World) => {
    world.stop?.()
    world.stop = world.stop ? null : world.controller.start()
    return true
  },
  init: (world: World) => {
    world.initialised = true
    void world.amplitude.init()
    return true
  },
  removeByOthers: ({ amplitude, controller }: World) => {
    const { name } = controller.plugin
    const knows = !amplitude.ready || amplitude.has(name)
    void amplitude.remove(name)
    return knows
  },
  addByOthers: ({ amplitude, controller }: World) => {
    const knows = amplitude.ready && amplitude.has(controller.plugin.name)
    void amplitude.add(controller.plugin)
    return !knows
  },
  finishSetup: ({ recorder }: World) => recorder.finishSetup(),
  failSetup: ({ recorder }: World) => recorder.finishSetup('reject'),
  wait: async ({ host }: World) => {
    await drain()
    host.advance(60)
    await drain()
    return true
  },
} satisfies Record<string, (world: World) => boolean | Promise<boolean>>

type Action = keyof typeof ACTIONS

let worlds = 0

function createWorld(fake: FakeRecorderOptions, initialised: boolean): World {
  const host = createTestHost()
  const amplitude = createFakeAmplitude({ initialised })
  const recorder = createFakeRecorder({ name: `world-${worlds++}`, ...fake })
  const controller = createController({ amplitude }, recorder.build, host)
  return {
    controller,
    amplitude,
    recorder,
    host,
    held: null,
    paused: false,
    stop: controller.start(),
    initialised,
    failing: fake.setup === 'reject',
  }
}

/** What an order of steps comes to: `until` is the first step that changed nothing, `fault` the first broken promise. */
interface Outcome {
  until: number
  fault: string | null
}

async function live(steps: readonly Action[], fake: FakeRecorderOptions, ready: boolean): Promise<Outcome> {
  const world = createWorld(fake, ready)
  const { controller, recorder, amplitude, host } = world
  const check = (): string | null => {
    const { reasons, isRecording } = controller.getSnapshot()
    if (recorder.live > 1) return 'two recordings'
    if (recorder.live > 0 && reasons.length > 0) return `records while ${reasons[0]?.kind} holds`
    return isRecording && recorder.live === 0 ? 'says it records but does not' : null
  }
  const end = async (outcome: Outcome): Promise<Outcome> => {
    void controller.dispose()
    await drain()
    return outcome
  }

  for (const [index, step] of steps.entries()) {
    const hasChanged = await ACTIONS[step](world)
    const fault = check()
    if (fault) return end({ until: steps.length, fault: `after ${step}: ${fault}` })
    if (!hasChanged || (step === 'wait' && steps[index - 1] === 'wait'))
      return end({ until: index, fault: null })
  }
  const fault = check() ?? (await findLateFault(world, steps))
  await end({ until: steps.length, fault })
  if (fault === null && host.timers > 1) return { until: steps.length, fault: `left ${host.timers} timers` }
  if (fault === null && recorder.live + (amplitude.plugin(controller.plugin.name) ? 1 : 0) > 0) {
    return { until: steps.length, fault: 'outlived its end' }
  }
  return { until: steps.length, fault }
}

/** When everything has come to rest, what was asked for last holds. */
async function findLateFault(world: World, steps: readonly Action[]): Promise<string | null> {
  const { controller, recorder, amplitude } = world
  if (!world.initialised) ACTIONS.init(world)
  for (let round = 0; round < 3; round++) {
    await ACTIONS.wait(world)
    recorder.finishSetup()
  }
  await ACTIONS.wait(world)

  const { status, reasons, attachment, isRecording } = controller.getSnapshot()
  const registered = amplitude.plugin(controller.plugin.name) === controller.plugin
  if (recorder.live > 1) return 'two recordings'
  if (attachment === 'attached' && !registered) return 'believes to be attached'
  if (attachment === 'detached' && registered) return 'was left in the SDK'
  const wanted = world.stop !== null && reasons.length === 0 && status !== 'failed'
  if (wanted !== recorder.live > 0) return `ends ${status} with ${recorder.live} recordings`
  if (wanted !== isRecording) return `says ${status} with ${recorder.live} recordings`
  if (world.stop === null && registered) return 'stopped but still in the SDK'
  const held = (kind: string) => reasons.some((reason) => reason.kind === kind)
  if (world.paused !== held('manual')) return 'forgot the last pause or resume'
  if ((world.held !== null) !== held('component')) return 'forgot the component'
  const did = (...names: Action[]) => steps.some((step) => names.includes(step))
  if (held('external') && !did('removeByOthers', 'init')) return 'external without cause'
  return status === 'failed' && !did('failSetup') && !world.failing ? 'failed without cause' : null
}

/** All orders of the actions, without those that only repeat a shorter one. Every prefix is among them: it ends in waiting. */
async function findFaults(actions: readonly Action[], fake: FakeRecorderOptions, ready: boolean) {
  const faults: string[] = []
  const digits = Array.from({ length: LENGTH }, () => 0)
  let orders = 0
  while (faults.length < 4) {
    const steps = digits.map((digit) => actions[digit] as Action)
    const { until, fault } = await live(steps, fake, ready)
    orders++
    if (fault) faults.push(`${steps.join(' → ')}: ${fault}`)
    // Counts on, and over everything that begins like the order which came to nothing.
    let place = Math.min(until, LENGTH - 1)
    digits.fill(0, place + 1)
    while (place >= 0 && ++(digits[place] as number) === actions.length) digits[place--] = 0
    if (place < 0) break
  }
  return { faults, orders }
}

const ALL = Object.keys(ACTIONS) as Action[]
const AT_ONCE = ALL.filter((action) => action !== 'finishSetup' && action !== 'failSetup')

describe('all orders of six steps keep the promises', () => {
  it.each([
    ['with set-ups that end when they please, before init', ALL, 'manual', false],
    ['with set-ups that end when they please', ALL, 'manual', true],
    ['with set-ups that end at once, before init', AT_ONCE, 'instant', false],
    ['with set-ups that end at once', AT_ONCE, 'instant', true],
    ['with set-ups that fail', AT_ONCE, 'reject', true],
  ] as [string, Action[], NonNullable<FakeRecorderOptions['setup']>, boolean][])(
    '%s',
    async (_title, actions, setup, ready) => {
      const { faults, orders } = await findFaults(actions, { setup }, ready)
      expect(faults).toEqual([])
      expect(orders).toBeGreaterThan(10_000)
    },
    600_000,
  )
})
